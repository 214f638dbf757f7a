import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lengthOf, tidyText } from './tidy-text.ts'

test.each([
  ['  Budi  ', 'Budi'],
  ['e\u0301', '\u00e9'],
  ['a\u0000b\u001bc\u007f', 'abc'],
  ['\u202eTerbalik\u202c', 'Terbalik'],
  ['\ud800x', 'x'],
  ['satu\r\ndua\rtiga', 'satu\ndua\ntiga'],
  ['\u200b\ufeff', ''],
  ['\u{1f600} rapi', '\u{1f600} rapi'],
])('%j is kept as %j', (typed, kept) => expect(tidyText(typed)).toBe(kept))

test('what is tidy stays as it is', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => tidyText(tidyText(text)) === tidyText(text)))
})

test('a text is as long as its letters, however they were typed', () => {
  expect(['Désa', 'De\u0301sa', '\u{1f600}'].map((text) => lengthOf(tidyText(text)))).toEqual([4, 4, 1])
  expect(lengthOf(`a${'\u0301'.repeat(1_000)}`)).toBeGreaterThan(900)
})
