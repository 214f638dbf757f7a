import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openIdentity } from '../base/broker/identity.ts'
import { unpackFrame } from '../wire/frame.ts'
import { sha256Text } from '../wire/hash.ts'
import { limits, validators } from '../wire/messages.ts'
import { collectBatches } from './carried-batches.ts'

/* What goes onto a stick beside entries. */

const folder = mkdtempSync(join(tmpdir(), 'balai-carried-'))
const identity = openIdentity(folder, { serial: 's', card: 'c' })
rmSync(folder, { recursive: true })
const nothing = { epochs: () => [], last: () => null, hashAt: () => null, readBehind: () => [] }

function collect(contents: readonly string[], mostBytes?: number) {
  const files = new Map(contents.map((text) => [sha256Text(Buffer.from(text, 'latin1')), Buffer.from(text, 'latin1')]))
  return collectBatches({
    ...{ village: '3510012001', places: nothing, identity, acked: () => 0, ...(mostBytes ? { mostBytes } : {}) },
    files: {
      waiting: () => [...files].map(([file, { length: size }]) => ({ file, size })),
      read: (file, from, most) => files.get(file)?.subarray(from, from + most) ?? null,
    },
  })
}

test('SYNC-024: a stick brings no more photos than its receipt may name, and says that there are more', () => {
  const most = collect(Array.from({ length: limits.receiptFiles }, (_, n) => `photo ${n}`))
  expect(most).toMatchObject({ files: limits.receiptFiles, rest: false })
  const more = collect(Array.from({ length: limits.receiptFiles + 1 }, (_, n) => `photo ${n}`))
  expect(more).toMatchObject({ files: limits.receiptFiles, rest: true })
})

test('SYNC-025: a photo goes whole or not at all, its pieces as large as a line’s, behind a question', () => {
  // What gzip makes nothing smaller of, as with what is sealed.
  const large = randomBytes(limits.pieceBytes)
    .toString('latin1')
    .padEnd(limits.pieceBytes + 1)
  const { frames, files } = collect([large])
  const puts = frames.slice(1).map((frame) => {
    const put = unpackFrame(frame)
    if (!validators.filePut.Check(put)) throw new TypeError('It is no put.')
    return { first: put.first, bytes: Buffer.from(put.bytes, 'base64url').length }
  })
  expect(files).toBe(1)
  expect(puts).toEqual([
    { first: 0, bytes: 0 },
    { first: 0, bytes: limits.pieceBytes },
    { first: limits.pieceBytes, bytes: 1 },
  ])
  expect(collect([large], 2_000)).toMatchObject({ files: 0, rest: true, frames: [expect.any(Buffer)] })
})
