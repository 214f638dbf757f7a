import { distance } from 'fastest-levenshtein'
import { AppError } from '../base/errors.ts'
import { bytesOf, keyOf } from './recovery.ts'

/* The secret half of a recovery pair as people keep it: 24 words of the BIP-39 list, which carry 32 bytes and 8 bits of check. */

const count = 24

/** The words of a secret half, as they stand on paper. */
export async function wordsOf(key: string): Promise<string[]> {
  const { entropyToMnemonic, list } = await openList()
  return entropyToMnemonic(bytesOf(key), list).split(' ')
}

/**
 * The secret half that somebody typed: 24 words, numbered or not, or the key itself from the QR code. `opens` says
 * whether a key opens what has to be opened; by that a word is found that is in the list and is the wrong one all the
 * same. Throws AppError `backup.words-…`, which names the place of what is wrong.
 */
export async function readWords(text: string, opens: (key: string) => Promise<boolean>): Promise<string> {
  const direct = /AGE-SECRET-KEY-1[A-Z0-9]{58}/i.exec(text)?.[0].toUpperCase()
  if (direct && (await opens(direct))) return direct
  // With their numbers they may stand in the middle of other sentences, as `--show-recovery` prints them.
  const numbered = [...text.toLowerCase().matchAll(/\b\d{1,2}[.)]?\s+([a-z]+)/g)].map(([, word = '']) => word)
  const words = numbered.length === count ? numbered : (text.toLowerCase().match(/[a-z]+/g) ?? [])
  const { list, known, decode } = await openList()
  const unknown = direct ? -1 : words.findIndex((word) => !known.has(word))
  if (unknown >= 0) throw unlisted(unknown + 1, words[unknown] ?? '', list)
  if (direct) throw wrong('backup.words-other', 'This key opens another backup.')
  if (words.length !== count)
    throw wrong('backup.words-count', `These are ${words.length} words; there are ${count} on the sheet.`, {
      given: words.length,
    })
  const key = decode(words)
  if (key !== null && (await opens(key))) return key
  for (const [place, word] of words.entries()) {
    for (const other of list) {
      const tried = other === word ? null : decode(words.with(place, other))
      if (tried !== null && (await opens(tried)))
        throw wrong(
          'backup.words-one',
          `Word ${place + 1}, "${word}", is another one on the sheet. Look at it again.`,
          {
            place: place + 1,
            word,
          },
        )
    }
  }
  throw key === null
    ? wrong('backup.words-several', 'More than one word is wrong, or their order is. Compare each with the sheet.')
    : wrong(
        'backup.words-other',
        'These words are of another village, or of another time: they do not open this backup.',
      )
}

async function openList() {
  const { entropyToMnemonic, mnemonicToEntropy } = await import('@scure/bip39')
  const { wordlist: list } = await import('@scure/bip39/wordlists/english.js')
  return {
    list,
    entropyToMnemonic,
    known: new Set(list),
    /** Null where the check does not fit. */
    decode(words: readonly string[]): string | null {
      try {
        return keyOf(mnemonicToEntropy(words.join(' '), list))
      } catch {
        return null
      }
    },
  }
}

const nearest = (word: string, list: readonly string[]): string =>
  list.reduce((best, one) => (distance(word, one) < distance(word, best) ? one : best))

function unlisted(place: number, word: string, list: readonly string[]): AppError {
  const near = nearest(word, list)
  return wrong('backup.words-unlisted', `Word ${place}, "${word}", is not in the list: ${near}?`, { place, word, near })
}

const wrong = (code: `backup.words-${string}`, message: string, details: Record<string, string | number> = {}) =>
  new AppError('invalid', code, message, details)
