import { gunzipSync, gzipSync } from 'node:zlib'
import { AppError } from '../errors.ts'
import { limits } from './messages.ts'

/** Below this, gzip makes a message longer or saves less than one packet. */
const worthPackingBytes = 300

/**
 * A message as bytes for the wire, gzip-compressed unless it is short. Level 6: level 9 takes three times as long for
 * 1 % less.
 */
export const packFrame = (message: unknown): Buffer => packText(JSON.stringify(message))

/** The same for a message that is JSON text already. */
export function packText(json: string): Buffer {
  const text = Buffer.from(json)
  return text.length < worthPackingBytes ? text : gzipSync(text, { level: 6 })
}

/**
 * The message in a payload, compressed or not (told by the magic bytes 1f 8b). Throws AppError `invalid` with the
 * refusal codes of the wire contract: `too-large` (also for a decompression bomb), `too-deep`, `malformed`.
 */
export function unpackFrame(payload: Buffer): unknown {
  const text = unpackText(payload)
  assertShallow(text)
  try {
    return JSON.parse(text.toString('utf8'))
  } catch {
    throw new AppError('invalid', 'malformed', 'The payload is not JSON.')
  }
}

function unpackText(payload: Buffer): Buffer {
  const tooLarge = () =>
    new AppError('invalid', 'too-large', `A message holds at most ${limits.unpackedBytes} bytes unpacked.`)
  if (payload[0] !== 0x1f || payload[1] !== 0x8b) {
    if (payload.length > limits.unpackedBytes) throw tooLarge()
    return payload
  }
  try {
    return gunzipSync(payload, { maxOutputLength: limits.unpackedBytes })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge()
    throw new AppError('invalid', 'malformed', 'The payload begins like gzip but does not unpack.')
  }
}

/** Refuses JSON nested deeper than the limit before anything parses it. */
function assertShallow(text: Buffer): void {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const byte = text[i]
    if (inString) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > limits.jsonDepth)
        throw new AppError('invalid', 'too-deep', `JSON may be nested ${limits.jsonDepth} deep.`)
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
}
