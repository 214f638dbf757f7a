import { AppError } from '../base/errors.ts'
import { freeCode } from '../base/ids.ts'
import type { DeviceKind } from '../base/web/device-cookie.ts'

/** A screen that asks which device it is. `kept`: its browser brought the token along, so it keeps cookies. */
export type Asking = { kind: DeviceKind; tokenHash: Buffer; ip: string; kept: boolean; moved: boolean }
export type Pending = Asking & { code: string; until: number; askedAt: number }

const codeLivesMs = 10 * 60 * 1_000
/** A handful of screens behind one address; who asks for more loses the one that has been quiet for longest. */
const mostPerAddress = 4
const mostPending = 100

/** Codes that screens show until somebody types them. In memory: after a restart a screen shows another one. */
export function createPairing(monotonicMs: () => number) {
  const pending = new Map<string, Pending>()

  function open(): Pending[] {
    for (const [code, { until }] of pending) if (until < monotonicMs()) pending.delete(code)
    return [...pending.values()]
  }

  function dropQuietest(among: Pending[]): void {
    const [quietest] = among.toSorted((one, other) => one.askedAt - other.askedAt)
    if (quietest) pending.delete(quietest.code)
  }

  return {
    /** The same token gets the same code for ten minutes. Nobody is refused for what others ask. */
    ask(asking: Asking): Pending {
      const { kind, tokenHash, ip, kept } = asking
      const known = open().find((one) => one.tokenHash.equals(tokenHash) && one.kind === kind)
      if (known) {
        Object.assign(known, { kept: known.kept || kept, askedAt: monotonicMs() })
        return known
      }
      const ofAddress = () => open().filter((one) => one.ip === ip)
      // A browser that keeps no cookie is a new one each time it asks: it has one code, not all of them.
      const before = kept ? undefined : ofAddress().find((one) => !one.kept && one.kind === kind)
      if (before) pending.delete(before.code)
      if (ofAddress().length >= mostPerAddress) dropQuietest(ofAddress())
      if (pending.size >= mostPending) dropQuietest(open())
      const code = freeCode(6, (one) => pending.has(one))
      if (!code) throw new AppError('unavailable', 'too-many', 'All pairing codes are in use.')
      const made = { ...asking, code, until: monotonicMs() + codeLivesMs, askedAt: monotonicMs() }
      pending.set(code, made)
      return made
    },

    /** Takes a code away, whose it was; undefined when no screen shows it. */
    takeCode(code: string): Pending | undefined {
      const found = open().find((one) => one.code === code)
      if (found) pending.delete(code)
      return found
    },
  }
}
