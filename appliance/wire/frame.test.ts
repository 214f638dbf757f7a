import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { markPlaces } from './chain.ts'
import { packFrame, unpackFrame } from './frame.ts'
import { limits } from './messages.ts'

const code = (payload: Buffer) => {
  try {
    unpackFrame(payload)
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'taken'
}

test('a message comes back as it was, compressed or not', () => {
  for (const message of [{ a: 1 }, { text: 'x'.repeat(5_000) }, []]) {
    expect(unpackFrame(packFrame(message))).toEqual(message)
    expect(unpackFrame(Buffer.from(JSON.stringify(message)))).toEqual(message)
  }
})

test('F63: bombs, depth and rubbish are refused by name', () => {
  expect(code(gzipSync(Buffer.alloc(limits.unpackedBytes + 1, 0x20)))).toBe('too-large')
  expect(code(Buffer.alloc(limits.unpackedBytes + 1, 0x20))).toBe('too-large')
  expect(code(Buffer.from(`${'['.repeat(limits.jsonDepth)}${']'.repeat(limits.jsonDepth)}`))).toBe('taken')
  expect(code(Buffer.from(`${'['.repeat(limits.jsonDepth + 1)}${']'.repeat(limits.jsonDepth + 1)}`))).toBe('too-deep')
  expect(code(Buffer.from(`${'['.repeat(400_000)}${']'.repeat(400_000)}`))).toBe('too-deep')
  expect(code(Buffer.from([0x1f, 0x8b, 0, 0]))).toBe('malformed')
  expect(code(Buffer.from('{'))).toBe('malformed')
  expect(code(Buffer.alloc(0))).toBe('malformed')
})

test('F61: a hello of 365 epochs of a busy year stays under the broker’s 64 KiB and the limits of the receiver', () => {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  const epochs = Array.from({ length: 365 }, () => ({
    epoch: random(9),
    last: 400,
    marks: markPlaces(400).map((seq): [number, string] => [seq, random(8)]),
  }))
  const payload = packFrame({ session: random(12), n: 1, box: random(16), key: random(32), epochs })
  expect(payload.length).toBeLessThan(64 * 1024)
  expect(JSON.stringify(unpackFrame(payload)).length).toBeLessThan(limits.unpackedBytes)
})
