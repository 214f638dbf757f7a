import type { Identity } from '../base/broker/identity.ts'
import type { Base } from '../base/rooms/base.ts'
import { createCertificates, type EnrolmentState } from './certificates.ts'
import { identityFile, type Member, type Membership } from './membership.ts'
import { enrolmentRoutes } from './routes.ts'

export type Enrolment = ReturnType<typeof openEnrolment>

type Lan = { lanNames: () => string[]; isServed: (names: readonly string[]) => boolean; renew: () => void }

type Given = {
  village: string
  member: Member | null
  membership: Membership | null
  /** balai.toml names broker and certificate, so that a file would change nothing. */
  byHand: boolean
  identity: Identity
  lan: Lan
  /** Where the enrolment file was found that this start took. */
  foundAt: string | null
  /** Entries that the regency has not confirmed. */
  unsent: () => number
  /** A newer file was brought: the box has to be opened anew. */
  onNewFile: () => void
}

/** The box's certificates, and the enrolment file that a technician brings. */
export function openEnrolment({ data, clock, alarms, log, app }: Base, given: Given) {
  const { village, member, membership, byHand, identity, lan, foundAt, unsent, onNewFile } = given
  const certificates =
    membership &&
    createCertificates({
      ...{ membership, identity, clock, alarms, log, foundAt },
      lanNames: lan.lanNames,
      servesLan: lan.isServed,
      onLan: lan.renew,
    })
  enrolmentRoutes(app, {
    ...{ data, village, member, clock, byHand, unsent },
    taken: onNewFile,
  })
  return {
    certificates,
    state: (): EnrolmentState => certificates?.state() ?? { state: 'by-hand', trouble: null, endsAt: null },
    /** File of the certificate towards the broker; null: balai.toml names it, or there is none. */
    certificateFile: membership ? identityFile(data) : null,
    checkCertificates: async () => certificates?.checkRenewal(),
    stop: () => certificates?.stop(),
    /** Opens the line once there is something to show to the broker. */
    start: (line: { start(): void; newCredentials(): void }): void =>
      certificates ? certificates.start(line) : line.start(),
  }
}
