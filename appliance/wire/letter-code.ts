import { type KeyObject, sign, verify } from 'node:crypto'
import { base32nopad } from '@scure/base'
import { canonicalJson, sha256 } from './hash.ts'
import {
  firstDay,
  type LetterStatement,
  letterVersion,
  type ReadLetter,
  readLetter,
  textOfName,
} from './letter-statement.ts'
import { readPublicKey } from './sign.ts'

/*
 * What the QR of a letter holds: which village gave which number on which day to what kind of letter, two digests, and the
 * box's signature. It names nobody, needs no line to be checked, and is some 220 characters of the alphabet that a QR packs
 * five and a half bits a character (A to Z, 2 to 7), so that 25 mm of paper are enough for it.
 *
 *   BALAI1.<base32 of: version 1 · village 5 · letter 9 · day 2 · content 16 · name 6 · template n+1 · number n+1 · signature 64>
 */

export type { LetterStatement }
/** A statement that was read, with what its signature is over. */
export type LetterCode = ReadLetter<Buffer>

const prefix = 'BALAI1.'
const dayMs = 86_400_000

/** Of what a letter says, salted by its id: nobody finds a letter's text by trying. */
export const digestContent = (letter: string, content: unknown): string =>
  sha256(`balai letter content ${letter} ${canonicalJson(content)}`)
    .subarray(0, 16)
    .toString('hex')

/** Of the name, letters and digits only: whoever holds the paper types it, and the code says whether it is that one. */
export const digestName = (letter: string, name: string): string =>
  sha256(textOfName(letter, name)).subarray(0, 6).toString('hex')

/** Signs what a letter is. */
export function signLetter(key: KeyObject, statement: LetterStatement): string {
  const signed = encode(statement)
  return `${prefix}${base32nopad.encode(Buffer.concat([signed, sign(null, signed, key)]))}`
}

/** Whether the box with this key (raw 32 bytes, base64url) signed it. */
export const verifyLetter = (publicKey: string, { signed, signature }: LetterCode): boolean =>
  verify(null, signed, readPublicKey(publicKey), signature)

/** As `readLetter`. */
export function parseLetterCode(text: string): LetterCode | null {
  const read = readLetter(text)
  return read && { ...read, signed: Buffer.from(read.signed), signature: Buffer.from(read.signature) }
}

function encode({ village, letter, day, template, number, content, name }: LetterStatement): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt8(letterVersion, 0)
  head.writeUIntBE(Number(village), 1, 5)
  head.writeUInt16BE((Date.parse(`${day}T00:00:00Z`) - firstDay) / dayMs, 6)
  return Buffer.concat([
    ...[head, Buffer.from(letter, 'base64url'), Buffer.from(content, 'hex'), Buffer.from(name, 'hex')],
    ...[template, number].map((text) => {
      const bytes = Buffer.from(text)
      return Buffer.concat([Buffer.of(bytes.length), bytes])
    }),
  ])
}
