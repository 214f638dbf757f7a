import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keepFile } from '../../../testing/import-files.ts'
import { fileBytes, inWindows } from './bytes.ts'

test('whatever is asked for in whatever order comes as it stands in the file, and fewer at its end', () => {
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251))
  const path = keepFile(content)
  const place = fc.nat(content.length + 10)
  fc.assert(
    fc.property(fc.array(fc.tuple(place, fc.nat(200_000)), { maxLength: 6 }), (asked) => {
      const bytes = inWindows(fileBytes(path))
      expect(bytes.length).toBe(content.length)
      for (const [at, count] of asked) expect(bytes.read(at, count).equals(content.subarray(at, at + count))).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('of a large file only what is asked for is read, a window at a time', () => {
  const reads: number[] = []
  const bytes = inWindows({
    length: 40_000_000,
    read(at, count) {
      reads.push(at)
      return Buffer.alloc(count)
    },
  })
  for (let at = 0; at < 500_000; at += 100) bytes.read(at, 100)
  expect(reads).toEqual([0, 131_000, 262_000, 393_000])
})
