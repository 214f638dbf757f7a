import { expect, test } from 'vitest'
import { cleanText } from './clean-text.ts'

test.each([
  ['zero and an escape', 'a\u0000b\u001bc', 'abc'],
  ['a direction that turns', 'sisa \u202e210 MB', 'sisa 210 MB'],
  ['half a surrogate', 'x\ud800', 'x'],
  ['what two code points make', 'e\u0301', '\u00e9'],
])('A15: %s of what a box says is not kept', (_what, said, kept) => expect(cleanText(said)).toBe(kept))

test('what is endless ends, and in no half of a sign', () => {
  const kept = cleanText(`${'x'.repeat(499)}${'\u{1f600}'.repeat(10_000)}`)
  expect(kept.length).toBe(500)
  expect(kept.isWellFormed()).toBe(true)
})
