import { randomBytes } from 'node:crypto'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import type { DeviceKind } from '../base/web/device-cookie.ts'
import { isSamePlace, type Neighbours } from '../base/web/neighbours.ts'
import { hashToken } from '../base/web/sessions.ts'
import { lanEvents } from './events.ts'
import { createPairing } from './pairing.ts'

export type { DeviceKind }
export type DeviceRow = { device: string; name: string; pairedAt: number }
type TokenRow = { device: string; card: string | null; address: string | null }

/** A screen on the box that nobody has opened for so long may be given to the next one that opens there. */
const idleMs = 600_000

export type Devices = ReturnType<typeof createDevices>

/**
 * Kiosks and displays of this office. A screen that is not paired shows a code; whoever may types it at the technician
 * page. The screen's token is a secret: only its hash is kept, outside the journal. It goes over the office's network in
 * clear, so it is good only from the network card that it was paired on.
 */
export function createDevices(store: Store, journal: Journal, monotonicMs: () => number, neighbours: Neighbours) {
  const { db } = store
  const pen = journal.pen(lanEvents)
  const selectDevices = db.prepare<[], DeviceRow>(
    'SELECT device, name, paired_at AS pairedAt FROM device WHERE active = 1 ORDER BY device',
  )
  const selectByToken = db.prepare<{ tokenHash: Buffer }, TokenRow>(`
    SELECT device, card, address
    FROM device_token JOIN device USING (device)
    WHERE token_hash = @tokenHash AND active = 1`)
  const selectCount = db
    .prepare<{ kind: string }, number>(`SELECT count(*) FROM device WHERE device LIKE @kind || ':%'`)
    .pluck()
  const insertToken = db.prepare(`
    INSERT INTO device_token (token_hash, device, card, address) VALUES (@tokenHash, @device, @card, @address)`)
  const updatePlace = db.prepare(
    'UPDATE device_token SET card = @card, address = @address WHERE token_hash = @tokenHash',
  )
  const deleteTokens = db.prepare('DELETE FROM device_token WHERE device = @device')
  const pairing = createPairing(monotonicMs)
  /** When a device asked for something last, monotonic; a start of the box forgets it. */
  const usedMs = new Map<string, number>()
  const isIdle = (device: string): boolean => monotonicMs() - (usedMs.get(device) ?? Number.NEGATIVE_INFINITY) > idleMs

  type NewDevice = {
    kind: DeviceKind
    name: string
    tokenHash: Buffer
    ip: string
    actor: string
    key: string | null
  }

  function pair({ kind, name, tokenHash, ip, actor, key }: NewDevice): string {
    const place = neighbours.placeOf(ip)
    return store.write((tx) => {
      const device = `${kind}:${(selectCount.get({ kind }) ?? 0) + 1}`
      pen.append(tx, { type: 'lan.device-paired', actor, key, data: { device, name: name || device } })
      insertToken.run({ tokenHash, device, ...place })
      usedMs.set(device, monotonicMs())
      return device
    })
  }

  /** The device of a token, and whether it asks from where it was paired. A new address of the same card is kept. */
  function findToken(token: string | undefined, ip: string): { device: string; isHere: boolean } | null {
    const tokenHash = token ? hashToken(token) : null
    const known = tokenHash && selectByToken.get({ tokenHash })
    if (!known) return null
    const { device, card, address } = known
    const here = neighbours.placeOf(ip)
    if (address !== null && !isSamePlace({ card, address }, here)) return { device, isHere: false }
    if (address !== here.address || (here.card !== null && card === null))
      store.write(() => updatePlace.run({ tokenHash, card: here.card ?? card, address: here.address }))
    return { device, isHere: true }
  }

  return {
    list: (): DeviceRow[] => selectDevices.all(),

    /** The device whose token this is; null when it is none, was removed, or asks from another place. */
    find(token: string | undefined, ip: string): string | null {
      const known = findToken(token, ip)
      if (!known?.isHere) return null
      usedMs.set(known.device, monotonicMs())
      return known.device
    },

    /** Whether this is a device's token from elsewhere than where it was paired: it has to be paired anew. */
    hasMoved: (token: string | undefined, ip: string): boolean => findToken(token, ip)?.isHere === false,

    newToken: (): string => randomBytes(32).toString('base64url'),

    /**
     * A screen on the box itself needs no code: whoever opens it there holds the box. A browser that was emptied is the
     * screen that it was before, so that the list names screens, not every browser that there ever was.
     */
    pairHere(kind: DeviceKind, token: string, isOpen: (device: string) => boolean = () => true): string {
      const tokenHash = hashToken(token)
      const ip = '127.0.0.1'
      const left = selectDevices
        .all()
        .find(
          ({ device, name }) => name === device && device.startsWith(`${kind}:`) && !isOpen(device) && isIdle(device),
        )
      if (!left) return pair({ kind, name: '', tokenHash, ip, actor: 'box', key: null })
      const { device } = left
      store.write(() => {
        deleteTokens.run({ device })
        insertToken.run({ tokenHash, device, ...neighbours.placeOf(ip) })
      })
      usedMs.set(device, monotonicMs())
      return device
    },

    /** The code that a screen shows until somebody has typed it, and whether it was paired at another place before. */
    ask(asking: { kind: DeviceKind; token: string; ip: string; kept: boolean; moved: boolean }) {
      const { kind, token, ip, kept, moved } = asking
      const pending = pairing.ask({ kind, tokenHash: hashToken(token), ip, kept, moved })
      return { code: pending.code, moved: pending.moved, expiresInMs: pending.until - monotonicMs() }
    },

    /** A person types the code that a screen shows. */
    approve({ code, name, actor, key }: { code: string; name: string; actor: string; key: string | null }): string {
      const known = pen.entryByKey(key, 'lan.device-paired')
      if (known?.type === 'lan.device-paired') return known.data.device
      const found = pairing.takeCode(code)
      if (!found)
        throw new AppError(
          'not-found',
          'lan.code-unknown',
          'No screen shows this code, or it is older than ten minutes.',
        )
      const { kind, tokenHash, ip } = found
      return pair({ kind, name, tokenHash, ip, actor, key })
    },

    remove({ device, actor, key }: { device: string; actor: string; key: string | null }): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'lan.device-removed')) return
        if (!selectDevices.all().some((row) => row.device === device))
          throw new AppError('not-found', 'lan.device-unknown', `There is no ${device}.`)
        pen.append(tx, { type: 'lan.device-removed', actor, key, data: { device } })
        deleteTokens.run({ device })
      })
    },
  }
}
