import { randomBytes } from 'node:crypto'
import { AppError } from '../errors.ts'
import { freeCode } from '../ids.ts'
import type { Journal } from '../journal/journal.ts'
import type { Store } from '../store/store.ts'
import { hashToken } from './sessions.ts'

export type DeviceKind = 'kiosk' | 'display'
export type DeviceRow = { device: string; name: string; pairedAt: number }
type Pending = { kind: DeviceKind; code: string; tokenHash: Buffer; until: number }

const codeLivesMs = 10 * 60 * 1_000
/** Codes open at once; more would only help somebody who guesses. */
const mostPending = 20

export type Devices = ReturnType<typeof createDevices>

/**
 * Kiosks and displays of this office. A screen that is not paired shows a code; whoever may types it at the technician
 * page. The screen's token is a secret: only its hash is kept, outside the journal.
 */
export function createDevices(store: Store, journal: Journal, monotonicMs: () => number) {
  const { db } = store
  const selectDevices = db.prepare<[], DeviceRow>(
    'SELECT device, name, paired_at AS pairedAt FROM device WHERE active = 1 ORDER BY device',
  )
  const selectByToken = db
    .prepare<{ tokenHash: Buffer }, string>(`
    SELECT device FROM device_token JOIN device USING (device) WHERE token_hash = @tokenHash AND active = 1`)
    .pluck()
  const selectCount = db
    .prepare<{ kind: string }, number>(`SELECT count(*) FROM device WHERE device LIKE @kind || ':%'`)
    .pluck()
  const insertToken = db.prepare('INSERT INTO device_token (token_hash, device) VALUES (@tokenHash, @device)')
  const deleteTokens = db.prepare('DELETE FROM device_token WHERE device = @device')

  const pending = new Map<string, Pending>()
  const open = (): Pending[] => {
    for (const [code, { until }] of pending) if (until < monotonicMs()) pending.delete(code)
    return [...pending.values()]
  }

  function pair(kind: DeviceKind, name: string, tokenHash: Buffer, actor: string, key: string | null): string {
    return store.write((tx) => {
      const device = `${kind}:${(selectCount.get({ kind }) ?? 0) + 1}`
      journal.append(tx, { type: 'lan.device-paired', actor, key, data: { device, name: name || device } })
      insertToken.run({ tokenHash, device })
      return device
    })
  }

  return {
    list: (): DeviceRow[] => selectDevices.all(),

    /** The device whose token this is; null when it is none, or was removed. */
    find: (token: string | undefined): string | null =>
      token ? (selectByToken.get({ tokenHash: hashToken(token) }) ?? null) : null,

    newToken: (): string => randomBytes(32).toString('base64url'),

    /** A screen on the box itself needs no code: whoever opens it there holds the box. */
    pairHere: (kind: DeviceKind, token: string): string => pair(kind, '', hashToken(token), 'box', null),

    /** The code that a screen shows until somebody has typed it. The same token gets the same code for ten minutes. */
    ask(kind: DeviceKind, token: string): { code: string; expiresInMs: number } {
      const tokenHash = hashToken(token)
      const known = open().find((one) => one.tokenHash.equals(tokenHash) && one.kind === kind)
      if (known) return { code: known.code, expiresInMs: known.until - monotonicMs() }
      if (pending.size >= mostPending)
        throw new AppError('unavailable', 'too-many', 'Too many screens wait for pairing. Try again in ten minutes.')
      const code = freeCode(6, (one) => pending.has(one))
      if (!code) throw new AppError('unavailable', 'too-many', 'All pairing codes are in use.')
      pending.set(code, { kind, code, tokenHash, until: monotonicMs() + codeLivesMs })
      return { code, expiresInMs: codeLivesMs }
    },

    /** A person types the code that a screen shows. */
    approve({ code, name, actor, key }: { code: string; name: string; actor: string; key: string | null }): string {
      const known = journal.entryByKey(key, 'lan.device-paired')
      if (known?.type === 'lan.device-paired') return known.data.device
      const found = open().find((one) => one.code === code)
      if (!found)
        throw new AppError(
          'not-found',
          'lan.code-unknown',
          'No screen shows this code, or it is older than ten minutes.',
        )
      pending.delete(code)
      return pair(found.kind, name, found.tokenHash, actor, key)
    },

    remove({ device, actor, key }: { device: string; actor: string; key: string | null }): void {
      store.write((tx) => {
        if (journal.entryByKey(key, 'lan.device-removed')) return
        if (!selectDevices.all().some((row) => row.device === device))
          throw new AppError('not-found', 'lan.device-unknown', `There is no ${device}.`)
        journal.append(tx, { type: 'lan.device-removed', actor, key, data: { device } })
        deleteTokens.run({ device })
      })
    },
  }
}
