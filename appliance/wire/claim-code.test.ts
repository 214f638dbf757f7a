import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawClaimCode, readClaimCode, writeClaimCode } from './claim-code.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const village = fc.integer({ min: 1_100_000_000, max: 9_999_999_999 }).map(String)

test('a code says its village, in whatever way it is typed', () => {
  fc.assert(
    fc.property(village, (from) => {
      const code = drawClaimCode(from)
      expect(readClaimCode(writeClaimCode(code))).toEqual({ code, village: from })
      expect(readClaimCode(` ${code.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')} `)).toMatchObject({ code })
      expect(readClaimCode(code.slice(-5), from)).toEqual({ code, village: from })
      expect(readClaimCode(code.slice(-5))).toBe('short')
    }),
  )
})

test('one wrong character and two that were swapped are found always', () => {
  fc.assert(
    fc.property(village, fc.nat(11), fc.nat(31), (from, at, other) => {
      const code = drawClaimCode(from)
      const wrong = code.slice(0, at) + alphabet[other] + code.slice(at + 1)
      expect(readClaimCode(wrong)).toEqual(wrong === code ? { code, village: from } : 'mistyped')
      const swapped = at === 0 ? code : code.slice(0, at - 1) + code[at] + code[at - 1] + code.slice(at + 1)
      expect(readClaimCode(swapped)).toEqual(swapped === code ? { code, village: from } : 'mistyped')
    }),
  )
})

test('what is no such code is said to be none', () => {
  for (const text of ['', 'A001', '3MXQ-C0A7', '500.2/001/2008/XI/2026']) expect(readClaimCode(text)).toBe('short')
  expect(readClaimCode('UUUUUUUUUUUU')).toBe('mistyped')
})
