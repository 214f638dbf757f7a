import { base32nopad } from '@scure/base'

/*
 * What the QR of a letter says, read without anything of Node: a box reads it so, and the page that a phone keeps
 * (letter-code.ts has the layout in bytes, and signs).
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
  /** Digest of what the letter says, 16 bytes as hex. */
  content: string
  /** Digest of the name that it is about, 6 bytes as hex. */
  name: string
}

/** A statement that was read, with what its signature is over. */
export type ReadLetter<Bytes extends Uint8Array = Uint8Array> = {
  statement: LetterStatement
  signed: Bytes
  signature: Bytes
}

export const letterVersion = 1
export const signatureBytes = 64
export const firstDay = Date.UTC(2020, 0, 1)
const dayMs = 86_400_000
const fixedBytes = 1 + 5 + 9 + 2 + 16 + 6

/**
 * Reads what a scanner types or somebody pastes, also behind an address (`https://…/s/BALAI1.…`). Null: it is no code of a
 * letter, or it is cut. Whether it is true is for who holds the key.
 */
export function readLetter(text: string): ReadLetter | null {
  const [, letters = ''] = /(?:^|\/)BALAI1\.([A-Z2-7]+)$/.exec(text.replace(/\s/g, '').toUpperCase()) ?? []
  let bytes: Uint8Array
  try {
    bytes = base32nopad.decode(letters)
  } catch {
    return null
  }
  const signed = bytes.subarray(0, -signatureBytes)
  const statement = decode(signed)
  return statement && { statement, signed, signature: bytes.subarray(-signatureBytes) }
}

/** What the digest of a name is over, letters and digits only: whoever holds the paper types it. */
export const textOfName = (letter: string, name: string): string =>
  `balai letter name ${letter} ${name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase()}`

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

function decode(bytes: Uint8Array): LetterStatement | null {
  if (bytes.length < fixedBytes + 2 || bytes[0] !== letterVersion) return null
  const texts: string[] = []
  let at = fixedBytes
  while (texts.length < 2 && at < bytes.length) {
    const length = bytes[at] ?? 0
    texts.push(new TextDecoder().decode(bytes.subarray(at + 1, at + 1 + length)))
    at += 1 + length
  }
  const [template, number] = texts
  if (at !== bytes.length || template === undefined || number === undefined) return null
  const numberOf = (part: Uint8Array): number => part.reduce((sum, byte) => sum * 256 + byte, 0)
  return {
    village: String(numberOf(bytes.subarray(1, 6))).padStart(10, '0'),
    day: new Date(firstDay + numberOf(bytes.subarray(6, 8)) * dayMs).toISOString().slice(0, 10),
    letter: toBase64url(bytes.subarray(8, 17)),
    content: toHex(bytes.subarray(17, 33)),
    name: toHex(bytes.subarray(33, 39)),
    template,
    number,
  }
}

const toBase64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
