import { AppError } from '../../appliance/base/errors.ts'
import { type Digest, digestEntries } from '../../appliance/wire/chain.ts'
import { assertShallow, parseText, unpackText } from '../../appliance/wire/frame.ts'
import {
  type Batch,
  type DatasetWant,
  type FilePut,
  type FileWant,
  type Hello,
  limits,
  type Refusal,
  refusals,
  validators,
  type Want,
} from '../../appliance/wire/messages.ts'

/** Why something can never be taken. */
export type Refused = { code: Refusal; message: string }

/** A batch with the digests of its entries: the work that needs no database, done before its village's turn comes. */
export type DigestedBatch = Batch & { digests: Digest[] }

/** To whom a refused batch is answered, as far as it can be read. */
export type Addressee = { session: string; n: number; epoch: string }

/** How many bytes a message is unpacked, whatever it says: what reading it cost. */
type Unpacked = { unpackedBytes: number }

/** What came in on `up`: a batch, bytes of a file, or why it is neither. */
export type BatchMessage = Unpacked & ({ batch: DigestedBatch } | { refused: Refused; to: Addressee | null })
export type UpMessage = BatchMessage | (Unpacked & { put: FilePut })

/** What came in on `hello`: one, or why it is none. A refused hello has no answer in the contract. */
export type HelloMessage = Unpacked & ({ hello: Hello } | { refused: Refused })

/** What came in on `want`; one that is malformed has no answer, and the box asks by hello. */
export type WantMessage = Unpacked &
  ({ want: Want } | { dataset: DatasetWant } | { file: FileWant } | { refused: Refused })

export function readHello(payload: Buffer): HelloMessage {
  const { message, unpackedBytes, refused } = unpack(payload)
  if (refused) return { unpackedBytes, refused }
  return validators.hello.Check(message)
    ? { unpackedBytes, hello: message }
    : { unpackedBytes, refused: malformed(validators.hello.Errors(message)) }
}

export function readWant(payload: Buffer): WantMessage {
  const { message, unpackedBytes, refused } = unpack(payload)
  if (refused) return { unpackedBytes, refused }
  if (validators.datasetWant.Check(message)) return { unpackedBytes, dataset: message }
  if (validators.fileWant.Check(message)) return { unpackedBytes, file: message }
  return validators.want.Check(message)
    ? { unpackedBytes, want: message }
    : { unpackedBytes, refused: malformed(validators.want.Errors(message)) }
}

export function readUp(payload: Buffer): UpMessage {
  const unpacked = unpack(payload)
  const { message, unpackedBytes, refused } = unpacked
  return !refused && validators.filePut.Check(message) ? { unpackedBytes, put: message } : readUnpackedBatch(unpacked)
}

export const readBatch = (payload: Buffer): BatchMessage => readUnpackedBatch(unpack(payload))

function readUnpackedBatch({ message, unpackedBytes, ...unread }: ReturnType<typeof unpack>): BatchMessage {
  const refuse = (refused: Refused) => ({ unpackedBytes, refused, to: readAddressee(message) })
  if (unread.refused) return refuse(unread.refused)
  if (!validators.batch.Check(message))
    return refuse(tooManyEntries(message) ?? malformed(validators.batch.Errors(message)))
  try {
    const { village, epoch, first, entries } = message
    const digests = digestEntries(village, epoch, first, entries)
    if (digests.some(({ length }, index) => length > limits.entryBytes && isTooLarge(entries[index]?.data)))
      return refuse({ code: 'too-large', message: `An entry holds at most ${limits.entryBytes} bytes.` })
    return { unpackedBytes, batch: { ...message, digests } }
  } catch (error) {
    // Canonical JSON refuses half a surrogate pair.
    return refuse({ code: 'malformed', message: String(error) })
  }
}

/** As the box measures it: the length of its JSON text, whose members' order does not count. */
const isTooLarge = (data: unknown): boolean => JSON.stringify(data).length > limits.entryBytes

/** `message` is there as soon as it is JSON, so that whoever sent what is refused can be answered. */
function unpack(payload: Buffer): Unpacked & { message?: unknown; refused?: Refused } {
  let unpackedBytes = 0
  let message: unknown
  try {
    const text = unpackText(payload)
    unpackedBytes = text.length
    message = parseText(text)
    assertShallow(message)
    return { message, unpackedBytes }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const code = refusals.find((known) => known === error.code) ?? 'malformed'
    if (code === 'too-large') unpackedBytes = limits.unpackedBytes
    return { message, unpackedBytes, refused: { code, message: error.message } }
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
