import type { Identity } from '../base/broker/identity.ts'
import type { PlacedEntry } from '../base/journal/event-registry.ts'
import { originHere } from '../base/journal/stored-entry.ts'
import { packText } from '../wire/frame.ts'
import { limits, type Sealed } from '../wire/messages.ts'
import { sealedLength } from '../wire/private-parts.ts'
import { digestSealed, type SignedHead, signHead } from '../wire/sign.ts'

/** What stands in a batch beside its entries. */
export type Envelope = {
  village: string
  session: string
  n: number
  epoch: string
  after?: readonly (readonly [string, number, string])[]
}

export type BuiltBatch = { payload: Buffer; last: number }

/**
 * As many of these entries as fit into `maxBytes` on the wire (at least one), signed. A stored entry's data is canonical
 * JSON already, so the text is put together without parsing it.
 */
export function buildBatch(
  envelope: Envelope,
  entries: readonly PlacedEntry[],
  maxBytes: number,
  identity: Identity,
): BuiltBatch {
  const texts = entries.map(entryText)
  let count = fitUnpacked(texts, entries)
  for (;;) {
    const built = pack(envelope, entries, texts, count, identity)
    if (built.payload.length <= maxBytes || count === 1) return built
    count = Math.max(1, Math.min(count - 1, Math.floor((count * maxBytes * 0.95) / built.payload.length)))
  }
}

function pack(
  envelope: Envelope,
  entries: readonly PlacedEntry[],
  texts: readonly string[],
  count: number,
  identity: Identity,
): BuiltBatch {
  const first = entries[0]
  const last = entries[count - 1]
  if (!first || !last) throw new TypeError('A batch holds at least one entry.')
  const { village, session, n, epoch, after } = envelope
  const sealed = sealedOf(entries.slice(0, count))
  const end = { village, epoch, last: last.seq, head: last.hash.toString('base64url') }
  const head: SignedHead = { ...end, ...digestSealed(sealed) }
  const before = JSON.stringify({ village, box: identity.box, session, n, epoch, first: first.seq, after })
  const behind = JSON.stringify({ head: head.head, sealed, sig: signHead(identity.key, head) })
  const text = `${before.slice(0, -1)},"entries":[${texts.slice(0, count).join(',')}],${behind.slice(1)}`
  return { payload: packText(text), last: last.seq }
}

/** The private parts that come along; undefined where none does. */
function sealedOf(entries: readonly PlacedEntry[]): Sealed | undefined {
  const parts = entries.flatMap(({ p, sealed }) =>
    p && sealed ? [[p.toString('base64url'), sealed.toString('base64url')] as const] : [],
  )
  return parts.length > 0 ? Object.fromEntries(parts) : undefined
}

/** How many fit under the limit of an unpacked message, with room for the envelope. */
function fitUnpacked(texts: readonly string[], entries: readonly PlacedEntry[]): number {
  let bytes = 64 * 1024
  let count = 0
  for (const [index, text] of texts.entries()) {
    bytes += Buffer.byteLength(text) + 1 + sealedLength(entries[index]?.sealed?.length ?? 0)
    if (bytes > limits.unpackedBytes && count > 0) break
    count++
  }
  return count
}

function entryText(entry: PlacedEntry): string {
  const { type, at, clock, actor, key, data, p } = entry
  const origin = originHere(entry)
  const optional = [
    key === null ? '' : `,"key":${JSON.stringify(key)}`,
    p === null ? '' : `,"private":"${p.toString('base64url')}"`,
    origin === null ? '' : `,"origin":${JSON.stringify(origin)}`,
  ].join('')
  return `{"type":"${type}","at":${at},"clock":"${clock}","actor":${JSON.stringify(actor)},"data":${data}${optional}}`
}
