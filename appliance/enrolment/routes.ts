import { Type } from 'typebox'
import type { Clock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { Key } from '../base/schemas.ts'
import { type App, Problem } from '../base/web/server.ts'
import { type EnrolmentFile, readEnrolment } from '../wire/enrolment.ts'
import { type Carried, unseal } from './carried-keys.ts'
import { adopt, ageOf, type Member, readMember } from './membership.ts'

type Parts = {
  data: string
  village: string
  member: Member | null
  clock: Clock
  /** balai.toml names broker and certificate, so that a file would change nothing. */
  byHand: boolean
  /** Entries that the regency has not acknowledged. */
  unsent: () => number
  /** A file was taken: the box is opened anew with it. */
  taken: () => void
}

/** The body of an upload: the file’s text. */
export const FileText = Type.String({ minLength: 1, maxLength: 32_768 })

/** Of a file that has everything sealed in it. */
export const PassPhrase = Type.Optional(Type.String({ maxLength: 200 }))

/**
 * What is sealed in a file; null where nothing is. Throws an AppError: `enrolment.sealed` when a pass phrase is needed,
 * `enrolment.wrong-pass-phrase` when this is not the one.
 */
export async function openSealed(file: EnrolmentFile, passPhrase: string | undefined): Promise<Carried | null> {
  if (file.sealed === undefined) return null
  if (!passPhrase) throw new AppError('invalid', 'enrolment.sealed', 'The file needs its pass phrase.')
  const carried = await unseal(file.sealed, passPhrase)
  if (!carried) throw new AppError('invalid', 'enrolment.wrong-pass-phrase', 'The pass phrase does not open the file.')
  return carried
}

/**
 * An enrolment file that a technician brings to a running box (of `balai fleet reissue`, or after a revocation), and the
 * root that people install so that their browsers trust the box.
 */
export function enrolmentRoutes(app: App, { data, village, member, clock, byHand, unsent, taken }: Parts): void {
  /** By what the box is now: another file may have been taken a moment ago. */
  const check = (text: string) =>
    checkFile(text, { village, member: readMember(data) ?? member, certain: clock.certain(), unsent })

  app.get(
    '/percaya/balai.crt',
    { schema: { summary: 'The root of the boxes’ certificates, for PCs and phones' }, config: { mayCall: ['anyone'] } },
    async (_request, reply) => {
      if (!member) throw new AppError('not-found', 'enrolment.no-root', 'This box has no certificate of a regency yet.')
      return reply
        .type('application/x-x509-ca-cert')
        .header('content-disposition', 'attachment; filename="balai.crt"')
        .send(member.lanCa)
    },
  )

  app.post(
    '/api/enrolment',
    {
      schema: {
        summary: 'Take an enrolment file; the box then opens anew',
        body: Type.Object({ file: FileText, passPhrase: PassPhrase, key: Key }, { additionalProperties: false }),
        response: { 200: Type.Object({}), 400: Problem, 401: Problem, 403: Problem, 409: Problem },
      },
      config: { mayCall: ['technician'] },
    },
    async (request) => {
      if (byHand)
        throw new AppError('conflict', 'enrolment.by-hand', 'balai.toml names its own broker: take [mqtt] out first.')
      const carried = await openSealed(check(request.body.file), request.body.passPhrase)
      adopt(data, check(request.body.file), carried)
      setImmediate(taken) // the answer first
      return {}
    },
  )
}

const refusals = {
  unreadable: 'enrolment.file-unreadable',
  altered: 'enrolment.file-altered',
  expired: 'enrolment.file-expired',
} as const

/** What is known here. `certain`: a moment that is certainly past; `unsent`: entries that the regency lacks. */
type Known = { village: string | null; member: Member | null; certain: number; unsent?: () => number }

/** Reads an uploaded file; throws an AppError `enrolment.file-…` that says why it is not taken. */
export function checkFile(text: string, { village, member, certain, unsent = () => 0 }: Known): EnrolmentFile {
  const { file, refused } = readEnrolment(text, certain)
  if (refused) throw new AppError('invalid', refusals[refused], `The enrolment file is ${refused}.`)
  const moves = village !== null && file.village !== village && file.movedFrom === village
  if (moves && unsent() > 0)
    throw new AppError('conflict', 'enrolment.file-unsent', 'The regency lacks entries of the old code.', {
      count: unsent(),
    })
  if (!moves && village !== null && file.village !== village)
    throw new AppError('conflict', 'enrolment.file-other-village', `The file is of ${file.village}.`)
  const age = ageOf(member, file)
  if (age === 'taken') throw new AppError('conflict', 'enrolment.file-known', 'This file was taken already.')
  if (age === 'older') throw new AppError('conflict', 'enrolment.file-older', 'A newer file was taken already.')
  return file
}
