import { AppError } from '../appliance/errors.ts'
import { type Digest, digestEntries } from '../appliance/wire/chain.ts'
import { unpackFrame } from '../appliance/wire/frame.ts'
import {
  type Batch,
  type Hello,
  limits,
  type Refusal,
  refusals,
  validators,
  type Want,
} from '../appliance/wire/messages.ts'

/** Why something can never be taken. */
export type Refused = { code: Refusal; message: string }

/** A batch with the digests of its entries: the work that needs no database, done before its village's turn comes. */
export type DigestedBatch = Batch & { digests: Digest[] }

/** To whom a refused batch is answered, as far as it can be read. */
export type Addressee = { session: string; n: number; epoch: string }

/** What came in on `up`: a batch, or why it is none. */
export type UpMessage = { batch: DigestedBatch } | { refused: Refused; to: Addressee | null }

/** What came in on `hello`: one, or why it is none. A refused hello has no answer in the contract. */
export type HelloMessage = { hello: Hello } | { refused: Refused }

export function readHello(payload: Buffer): HelloMessage {
  const unpacked = unpack(payload)
  if ('refused' in unpacked) return unpacked
  const { message } = unpacked
  return validators.hello.Check(message) ? { hello: message } : { refused: malformed(validators.hello.Errors(message)) }
}

/** What came in on `want`, or null: one that is malformed has no answer, and the box asks by hello. */
export function readWant(payload: Buffer): Want | null {
  const unpacked = unpack(payload)
  return 'message' in unpacked && validators.want.Check(unpacked.message) ? unpacked.message : null
}

export function readBatch(payload: Buffer): UpMessage {
  const unpacked = unpack(payload)
  if ('refused' in unpacked) return { ...unpacked, to: null }
  const { message } = unpacked
  if (!validators.batch.Check(message)) {
    const refused = tooManyEntries(message) ?? malformed(validators.batch.Errors(message))
    return { refused, to: readAddressee(message) }
  }
  try {
    const { village, epoch, first, entries } = message
    return { batch: { ...message, digests: digestEntries(village, epoch, first, entries) } }
  } catch (error) {
    // Canonical JSON refuses half a surrogate pair.
    return { refused: { code: 'malformed', message: String(error) }, to: readAddressee(message) }
  }
}

function unpack(payload: Buffer): { message: unknown } | { refused: Refused } {
  try {
    return { message: unpackFrame(payload) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const code = refusals.find((known) => known === error.code) ?? 'malformed'
    return { refused: { code, message: error.message } }
  }
}

function malformed(errors: readonly { instancePath: string; message: string }[]): Refused {
  const [first] = errors
  return { code: 'malformed', message: `${first?.instancePath || '/'} ${first?.message ?? 'is wrong'}`.slice(0, 200) }
}

function tooManyEntries(message: unknown): Refused | null {
  const { entries } = (message ?? {}) as { entries?: unknown }
  if (!Array.isArray(entries) || entries.length <= limits.batchEntries) return null
  return { code: 'too-large', message: `A batch holds at most ${limits.batchEntries} entries.` }
}

function readAddressee(message: unknown): Addressee | null {
  const { session, n, epoch } = (message ?? {}) as Record<string, unknown>
  if (typeof session !== 'string' || !/^[A-Za-z0-9_-]{16}$/.test(session)) return null
  if (typeof epoch !== 'string' || !/^[A-Za-z0-9_-]{12}$/.test(epoch)) return null
  return typeof n === 'number' && Number.isSafeInteger(n) && n > 0 ? { session, n, epoch } : null
}
