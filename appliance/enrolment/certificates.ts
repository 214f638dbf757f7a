import type { Alarms } from '../base/alarms.ts'
import type { Identity } from '../base/broker/identity.ts'
import type { Clock } from '../base/clock.ts'
import { type EnrolmentTrouble, type Log, startEnrolment } from './enrolment.ts'
import { lifeOf, type Membership, wipe } from './membership.ts'
import { createRenewal } from './renewal.ts'

/** How a box stands to its regency. `by-hand`: balai.toml names its certificate, or there is no regency. */
export type EnrolmentState = {
  state: 'by-hand' | 'waiting' | 'enrolled'
  trouble: EnrolmentTrouble | null
  /** Until when the identity towards the broker holds, ms since 1970 UTC. */
  endsAt: number | null
}

type Parts = {
  membership: Membership
  identity: Identity
  clock: Clock
  alarms: Alarms
  log: Log
  lanNames: () => readonly string[]
  servesLan: (names: readonly string[]) => boolean
  /** Another certificate for the LAN is there. */
  onLan: () => void
  /** Where the file was found that made this box a member; null: it came by the technician page. */
  foundAt: string | null
}

/** A member’s certificates, from the first asking to the last renewal. */
export function createCertificates({ membership, foundAt, ...parts }: Parts) {
  let enrolment: ReturnType<typeof startEnrolment> | null = null
  let relay: { start(): void; newCredentials(): void } | null = null
  const renewal = createRenewal({
    ...parts,
    membership,
    onRenewed({ identity, lan }) {
      if (lan) parts.onLan()
      if (identity) relay?.newCredentials()
    },
  })

  function finish(running: boolean): void {
    parts.onLan()
    if (running) relay?.newCredentials()
    else relay?.start()
    wipeFile()
  }

  /** What was found is of no more use, and opens nothing any more; one that cannot be wiped is named. */
  function wipeFile(): void {
    if (foundAt === null) return
    const wiped = wipe(foundAt)
    parts.alarms.set('enrolment.file-left', !wiped, 'warning', { path: foundAt })
  }

  return {
    keeper: renewal,
    credentials: membership.credentials,
    lan: membership.lan,
    state(): EnrolmentState {
      const held = membership.identity()
      const waits = !held || membership.claim() !== null
      return {
        state: waits ? 'waiting' : 'enrolled',
        trouble: enrolment?.trouble() ?? null,
        endsAt: held && lifeOf(held.certificate).to,
      }
    },
    /** Without an identity there is nothing to show to the broker yet; one that is taken anew goes on meanwhile. */
    start(line: { start(): void; newCredentials(): void }): void {
      relay = line
      const running = membership.identity() !== null
      if (running) line.start()
      if (membership.claim()) enrolment = startEnrolment({ ...parts, membership, onDone: () => finish(running) })
      else wipeFile()
    },
    checkRenewal: renewal.checkRenewal,
    async stop(): Promise<void> {
      renewal.stop()
      await enrolment?.stop()
    },
  }
}
