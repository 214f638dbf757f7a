import type { Db } from '../store/store.ts'
import type { Session, SessionStore } from './sessions.ts'

/** Sessions in the box's database, so that a restart logs nobody out. `now`: what their moments are counted by, at the start. */
export function createSessionTable(db: Db, now: number): SessionStore {
  // A box without a clock battery may start in the past of its last run: no session is younger than now, or lives longer.
  db.prepare('UPDATE session SET made_at = min(made_at, @now), seen_at = min(seen_at, @now)').run({ now })
  const select = db.prepare<
    { tokenHash: Buffer },
    Omit<Session, 'locked' | 'watch'> & Record<'locked' | 'watch', number>
  >(`
    SELECT token_hash AS tokenHash, account, made_at AS madeAt, seen_at AS seenAt, locked, watch
    FROM session
    WHERE token_hash = @tokenHash`)
  const upsert = db.prepare(`
    INSERT INTO session (token_hash, account, made_at, seen_at, locked, watch)
    VALUES (@tokenHash, @account, @madeAt, @seenAt, @locked, @watch)
    ON CONFLICT (token_hash) DO UPDATE SET seen_at = excluded.seen_at, locked = excluded.locked`)
  const remove = db.prepare('DELETE FROM session WHERE token_hash = @tokenHash')
  const removeAccount = db.prepare('DELETE FROM session WHERE account = @account AND token_hash IS NOT @keep')

  return {
    find: (tokenHash) => {
      const row = select.get({ tokenHash })
      if (!row) return undefined
      const { watch, locked, ...session } = row
      return { ...session, locked: locked === 1, ...(watch === 1 ? { watch: true } : {}) }
    },
    save: (session) => {
      upsert.run({ ...session, locked: session.locked ? 1 : 0, watch: session.watch ? 1 : 0 })
    },
    remove: (tokenHash) => {
      remove.run({ tokenHash })
    },
    removeAccount: (account, keep) => {
      removeAccount.run({ account, keep: keep ?? null })
    },
  }
}
