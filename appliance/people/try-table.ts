import type { Store } from '../base/store/store.ts'
import type { Tries, TryStore } from './lockout.ts'

/** Wrong PINs in the box's database. Not in the journal: a single one is no fact of the office. */
export function createTryTable(store: Store): TryStore {
  const { db } = store
  const select = db.prepare<{ account: string; device: string }, { tries: number; seconds: number; known: number }>(
    'SELECT tries, seconds, known FROM wrong_pin WHERE account = @account AND device = @device',
  )
  const upsert = db.prepare(`
    INSERT INTO wrong_pin (account, device, tries, seconds, known)
    VALUES (@account, @device, @tries, @seconds, @known)
    ON CONFLICT (account, device) DO UPDATE
    SET tries = excluded.tries, seconds = excluded.seconds, known = excluded.known`)
  const remove = db.prepare('DELETE FROM wrong_pin WHERE account = @account')
  const selectLocked = db.prepare<[], { account: string; device: string; seconds: number }>(
    'SELECT account, device, seconds FROM wrong_pin WHERE seconds > 0 AND tries = 0',
  )
  return {
    read(account, device): Tries | undefined {
      const row = select.get({ account, device })
      return row && { ...row, known: row.known === 1 }
    },
    save(account, device, { known, ...tries }) {
      upsert.run({ account, device, ...tries, known: Number(known) })
    },
    remove(account) {
      remove.run({ account })
    },
    together: (work) => store.write(work),
    locked: () => selectLocked.all(),
  }
}
