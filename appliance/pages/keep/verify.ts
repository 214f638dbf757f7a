import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type JudgedLetter, judgeByList, type LetterListSaid } from '../../wire/judge-letter.ts'
import { type LetterStatement, type ReadLetter, readLetter, textOfName, toHex } from '../../wire/letter-statement.ts'

/*
 * The same judgement as a box gives of another village's letter, with nothing but what is in the file. Ed25519 is computed
 * here and not by the browser: WebCrypto is only there for pages from a secure origin, which a file on a phone is not
 * everywhere, and old ones lack the curve.
 */

/** `names`: of villages, by code. */
export type KeptList = LetterListSaid & { names?: Readonly<Record<string, string>> }

export type KeptVerdict = (JudgedLetter | { verdict: 'unreadable'; voidedOn: null; asOf: null }) & {
  says: LetterStatement | null
  /** Whether the name that was typed is the one on the paper; null: none was typed. */
  name: boolean | null
}

/** `name`: as it stands on the paper, or empty. */
export function judgeKept(text: string, name: string, list: KeptList): KeptVerdict {
  const read = readLetter(text)
  if (!read) return { verdict: 'unreadable', voidedOn: null, asOf: null, says: null, name: null }
  const { statement } = read
  const isNamed = () => toHex(sha256(utf8(textOfName(statement.letter, name)))).slice(0, 12) === statement.name
  return { ...judgeByList(read, list, isSigned), says: statement, name: name.trim() === '' ? null : isNamed() }
}

function isSigned(key: string, { signed, signature }: ReadLetter): boolean {
  try {
    return ed25519.verify(signature, signed, fromBase64url(key), { zip215: false })
  } catch {
    return false
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const fromBase64url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0))
