/*
 * Messages of the Internet Printing Protocol (RFC 8010), as far as printing a document and asking how things are needs
 * them. A codec of our own: of npm's, `ipp` has been still since 2019, its living fork keeps 14 MiB in memory for as long
 * as a printer is watched, and `ipp-encoder` reads for ever where a length is negative.
 */

/** What is asked of a printer. */
export const operations = { printJob: 0x0002, getJob: 0x0009, getPrinter: 0x000b } as const
export type Operation = (typeof operations)[keyof typeof operations]

const tags = { operation: 0x01, job: 0x02, end: 0x03 } as const
const syntaxes = {
  integer: 0x21,
  enum: 0x23,
  text: 0x41,
  name: 0x42,
  keyword: 0x44,
  uri: 0x45,
  charset: 0x47,
  language: 0x48,
  mime: 0x49,
} as const
const boolean = 0x22

/** Name, syntax, value or values. */
export type Attribute = [name: string, syntax: keyof typeof syntaxes, ...values: (string | number)[]]

/** The attributes of an answer by name; of those that are there twice (several jobs), the first. */
export type Answer = { status: number; attributes: ReadonlyMap<string, readonly (string | number | boolean)[]> }

/** One request; a document follows it. Version 1.1, which every printer takes (RFC 8011, PWG 5100.12). */
export function encodeRequest(
  operation: Operation,
  target: string,
  more: readonly Attribute[],
  job: readonly Attribute[] = [],
): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16BE(0x0101, 0)
  head.writeUInt16BE(operation, 2)
  head.writeInt32BE(1, 4)
  const first: Attribute[] = [
    ['attributes-charset', 'charset', 'utf-8'],
    ['attributes-natural-language', 'language', 'en'],
    ['printer-uri', 'uri', target],
  ]
  return Buffer.concat([
    head,
    Buffer.from([tags.operation]),
    ...[...first, ...more].map(encodeAttribute),
    ...(job.length > 0 ? [Buffer.from([tags.job]), ...job.map(encodeAttribute)] : []),
    Buffer.from([tags.end]),
  ])
}

function encodeAttribute([name, syntax, ...values]: Attribute): Buffer {
  return Buffer.concat(
    values.flatMap((value, at) => [
      Buffer.from([syntaxes[syntax]]),
      withLength(Buffer.from(at === 0 ? name : '')),
      withLength(typeof value === 'number' ? bigEndian(value) : Buffer.from(value)),
    ]),
  )
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** Reads an answer. Throws RangeError where it ends too early: whatever stands at that address, it is no printer. */
export function parseAnswer(bytes: Buffer): Answer {
  const attributes = new Map<string, (string | number | boolean)[]>()
  const status = bytes.readUInt16BE(2)
  let at = 8
  let values: (string | number | boolean)[] = []
  let depth = 0
  const take = (): Buffer => {
    const length = bytes.readUInt16BE(at)
    const end = at + 2 + length
    if (end > bytes.length) throw new RangeError('The answer ends within a value.')
    const taken = bytes.subarray(at + 2, end)
    at = end
    return taken
  }
  for (;;) {
    const tag = bytes.readUInt8(at++)
    if (tag === tags.end) return { status, attributes }
    // Another group begins.
    if (tag < 0x10) continue
    const name = take().toString()
    const value = take()
    // What stands within a collection is not read: nothing here asks for any.
    if (tag === 0x34) depth++
    if (tag === 0x37) depth--
    if (depth > 0 || tag === 0x37) continue
    if (name !== '') {
      values = []
      if (!attributes.has(name)) attributes.set(name, values)
    }
    values.push(readValue(tag, value))
  }
}

function readValue(tag: number, value: Buffer): string | number | boolean {
  if ((tag === syntaxes.integer || tag === syntaxes.enum) && value.length === 4) return value.readInt32BE()
  return tag === boolean ? value[0] === 1 : value.toString()
}
