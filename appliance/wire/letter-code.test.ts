import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  digestContent,
  digestName,
  type LetterStatement,
  parseLetterCode,
  signLetter,
  verifyLetter,
} from './letter-code.ts'
import { publicKeyOf } from './sign.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const publicKey = publicKeyOf(privateKey)
const statement: LetterStatement = {
  village: '3510242008',
  letter: 'abcdefghij_-',
  day: '2026-11-23',
  template: 'keterangan-usaha',
  number: '500.2/007/2008/XI/2026',
  content: digestContent('abcdefghij_-', { title: 'Surat Keterangan Usaha' }),
  name: digestName('abcdefghij_-', 'SITI AMINAH'),
}
const code = signLetter(privateKey, statement)

describe('the code of a letter', () => {
  test('says what was signed, also behind an address and in small letters', () => {
    for (const text of [code, `https://surat.example.go.id/s/${code}`, ` ${code.toLowerCase()}\n`]) {
      const read = parseLetterCode(text)
      expect(read?.statement).toEqual(statement)
      expect(read && verifyLetter(publicKey, read)).toBe(true)
    }
  })

  test('is short enough for 25 mm, of letters that a QR packs', () => {
    expect(code.length).toBeLessThan(250)
    expect(code).toMatch(/^[A-Z0-9.]+$/)
  })

  test('with one letter changed it is no code, or is not signed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 7, max: code.length - 1 }),
        fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
        (at, letter) => {
          fc.pre(code[at] !== letter)
          const read = parseLetterCode(`${code.slice(0, at)}${letter}${code.slice(at + 1)}`)
          // The last character's spare bits are refused by the decoder.
          expect(read !== null && verifyLetter(publicKey, read)).toBe(false)
        },
      ),
    )
  })

  test('what is none is told apart', () => {
    const texts = [
      '',
      'A001',
      'BALAI1.',
      'BALAI1.AAAA',
      code.slice(0, -20),
      `${code}/`,
      `${code}AAAA`,
      'https://x.id/t/abc',
    ]
    for (const text of texts) {
      const read = parseLetterCode(text)
      expect(read !== null && verifyLetter(publicKey, read), text).toBe(false)
    }
  })

  test('another key did not sign it', () => {
    const other = publicKeyOf(generateKeyPairSync('ed25519').privateKey)
    const read = parseLetterCode(code)
    expect(read && verifyLetter(other, read)).toBe(false)
  })

  test('a name is the same however it is spaced, and another one is not', () => {
    expect(digestName('abcdefghij_-', ' siti  aminah')).toBe(statement.name)
    expect(digestName('abcdefghij_-', 'SITI AMINA')).not.toBe(statement.name)
    expect(digestName('abcdefghij_A', 'SITI AMINAH')).not.toBe(statement.name)
  })

  test('any statement comes back as it was', () => {
    const id = fc.uint8Array({ minLength: 9, maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64url'))
    const hex = (bytes: number) =>
      fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => Buffer.from(value).toString('hex'))
    const day = fc
      .integer({ min: 0, max: 65_535 })
      .map((n) => new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10))
    fc.assert(
      fc.property(
        fc.record({
          village: fc.bigInt({ min: 0n, max: 9_999_999_999n }).map((n) => String(n).padStart(10, '0')),
          ...{ letter: id, day, content: hex(16), name: hex(6) },
          template: fc.stringMatching(/^[a-z][a-z0-9-]{1,40}$/),
          number: fc.string({ maxLength: 120 }),
        }),
        (any) => {
          expect(parseLetterCode(signLetter(privateKey, any))?.statement).toEqual(any)
        },
      ),
    )
  })
})
