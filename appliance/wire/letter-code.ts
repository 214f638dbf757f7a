import { type KeyObject, sign, verify } from 'node:crypto'
import { base32nopad } from '@scure/base'
import { canonicalJson, sha256 } from './hash.ts'
import { readPublicKey } from './sign.ts'

/*
 * What the QR of a letter holds: which village gave which number on which day to what kind of letter, two digests, and the
 * box's signature. It names nobody, needs no line to be checked, and is some 220 characters of the alphabet that a QR packs
 * five and a half bits a character (A to Z, 2 to 7), so that 25 mm of paper are enough for it.
 *
 *   BALAI1.<base32 of: version 1 · village 5 · letter 9 · day 2 · content 16 · name 6 · template n+1 · number n+1 · signature 64>
 */

export type LetterStatement = {
  /** Ten digits. */
  village: string
  /** Its id: twelve base64url characters. */
  letter: string
  /** 2026-11-23. */
  day: string
  /** Code of the kind of letter: `keterangan-usaha`. */
  template: string
  /** As it stands on paper. */
  number: string
  /** Digest of what the letter says, 16 bytes as hex (`digestContent`). */
  content: string
  /** Digest of the name that it is about, 6 bytes as hex (`digestName`). */
  name: string
}

/** A statement that was read, with what its signature is over. */
export type LetterCode = { statement: LetterStatement; signed: Buffer; signature: Buffer }

const prefix = 'BALAI1.'
const version = 1
const signatureBytes = 64
const fixedBytes = 1 + 5 + 9 + 2 + 16 + 6
const firstDay = Date.UTC(2020, 0, 1)
const dayMs = 86_400_000

/** Of what a letter says, salted by its id: nobody finds a letter's text by trying. */
export const digestContent = (letter: string, content: unknown): string =>
  sha256(`balai letter content ${letter} ${canonicalJson(content)}`)
    .subarray(0, 16)
    .toString('hex')

/** Of the name, letters and digits only: whoever holds the paper types it, and the code says whether it is that one. */
export const digestName = (letter: string, name: string): string =>
  sha256(`balai letter name ${letter} ${plain(name)}`)
    .subarray(0, 6)
    .toString('hex')

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase()

/** Signs what a letter is. */
export function signLetter(key: KeyObject, statement: LetterStatement): string {
  const signed = encode(statement)
  return `${prefix}${base32nopad.encode(Buffer.concat([signed, sign(null, signed, key)]))}`
}

/** Whether the box with this key (raw 32 bytes, base64url) signed it. */
export const verifyLetter = (publicKey: string, { signed, signature }: LetterCode): boolean =>
  verify(null, signed, readPublicKey(publicKey), signature)

/**
 * Reads what a scanner types or somebody pastes, also behind an address (`https://…/s/BALAI1.…`). Null: it is no code of a
 * letter, or it is cut. Whether it is true is for `verifyLetter`.
 */
export function parseLetterCode(text: string): LetterCode | null {
  const [, letters = ''] = /(?:^|\/)BALAI1\.([A-Z2-7]+)$/.exec(text.replaceAll(/\s/g, '').toUpperCase()) ?? []
  let bytes: Buffer
  try {
    bytes = Buffer.from(base32nopad.decode(letters))
  } catch {
    return null
  }
  const signed = bytes.subarray(0, -signatureBytes)
  const statement = decode(signed)
  return statement && { statement, signed, signature: bytes.subarray(-signatureBytes) }
}

function encode({ village, letter, day, template, number, content, name }: LetterStatement): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt8(version, 0)
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

function decode(bytes: Buffer): LetterStatement | null {
  if (bytes.length < fixedBytes + 2 || bytes[0] !== version) return null
  const texts: string[] = []
  let at = fixedBytes
  while (texts.length < 2 && at < bytes.length) {
    const length = bytes[at] ?? 0
    texts.push(bytes.subarray(at + 1, at + 1 + length).toString())
    at += 1 + length
  }
  const [template, number] = texts
  if (at !== bytes.length || template === undefined || number === undefined) return null
  return {
    village: String(bytes.readUIntBE(1, 5)).padStart(10, '0'),
    day: new Date(firstDay + bytes.readUInt16BE(6) * dayMs).toISOString().slice(0, 10),
    letter: bytes.subarray(8, 17).toString('base64url'),
    content: bytes.subarray(17, 33).toString('hex'),
    name: bytes.subarray(33, 39).toString('hex'),
    template,
    number,
  }
}
