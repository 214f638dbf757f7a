import { gunzipSync, gzipSync } from 'node:zlib'
import { AppError } from '../base/errors.ts'
import { limits } from './messages.ts'

/** Below this, gzip makes a message longer or saves less than one packet. */
const worthPackingBytes = 300

/**
 * A message as bytes for the wire, gzip-compressed unless it is short. Level 5: level 6 takes
 * half as long again for the same bytes, level 4 writes 7 % more.
 */
export const packFrame = (message: unknown): Buffer => packText(JSON.stringify(message))

/** The same for a message that is JSON text already. */
export function packText(json: string): Buffer {
  const text = Buffer.from(json)
  return text.length < worthPackingBytes ? text : gzipSync(text, { level: 5 })
}

/**
 * The message in a payload, compressed or not (told by the magic bytes 1f 8b). Throws AppError `invalid` with the
 * refusal codes of the wire contract: `too-large` (also for a decompression bomb: beyond `mostBytes`), `too-deep`,
 * `malformed`.
 */
export function unpackFrame(
  payload: Buffer,
  mostBytes: number = limits.unpackedBytes,
  depth: number = limits.jsonDepth,
): unknown {
  const message = parseText(unpackText(payload, mostBytes))
  assertShallow(message, depth)
  return message
}

/** The value in a payload's text, however deep. Throws `malformed`. */
export function parseText(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8')) // V8 parses without recursion, so depth alone cannot break it
  } catch {
    throw new AppError('invalid', 'malformed', 'The payload is not JSON.')
  }
}

/** Throws `too-deep`. */
export function assertShallow(message: unknown, depth: number = limits.jsonDepth): void {
  if (isDeeper(message, depth)) throw new AppError('invalid', 'too-deep', `JSON may be nested ${depth} deep.`)
}

/** Looks no further down than `levels`, however deep the value is. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  // `for in` takes ten times as long for a message that was just parsed. Most members are no objects: passed by here.
  for (const member of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    if (typeof member === 'object' && member !== null && isDeeper(member, levels - 1)) return true
  }
  return false
}

/** A payload's text, unpacked. Throws `too-large` beyond `mostBytes`, and `malformed`. */
export function unpackText(payload: Buffer, mostBytes: number = limits.unpackedBytes): Buffer {
  const tooLarge = () => new AppError('invalid', 'too-large', `A message holds at most ${mostBytes} bytes unpacked.`)
  if (payload[0] !== 0x1f || payload[1] !== 0x8b) {
    if (payload.length > mostBytes) throw tooLarge()
    return payload
  }
  try {
    return gunzipSync(payload, { maxOutputLength: mostBytes })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge()
    throw new AppError('invalid', 'malformed', 'The payload begins like gzip but does not unpack.')
  }
}
