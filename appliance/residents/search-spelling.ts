import type { Db } from '../base/store/store.ts'
import { keysOf } from './name-key.ts'
import type { AskedWord } from './search-query.ts'
import { slipsBetween } from './search-rank.ts'
import { type Spelling, variantsOf } from './search-terms.ts'

/** So many of one variant are looked at; so many ways to take a word apart, and keys for one word with a slip. */
const mostLookedAt = 60
const mostSplits = 6
const mostSlips = 20

/** What the table of spellings is asked about the words of one query. */
export type Lookup = ReturnType<ReturnType<typeof createSpellings>['createLookup']>

/** The words that somebody here has, by how they may be typed: resident_spelling. */
export function createSpellings(db: Db) {
  const insertSpelling = db.prepare<{ variant: string; key: string }>(
    'INSERT INTO resident_spelling (variant, key) VALUES (@variant, @key) ON CONFLICT DO NOTHING',
  )
  // Bounded by LIMIT and a range of the key.
  const selectSpelling = db.prepare<{ from: string; to: string; most: number }, { key: string }>(
    'SELECT key FROM resident_spelling WHERE variant >= @from AND variant < @to LIMIT @most',
  )

  /** Adds words; in the caller's transaction. */
  function add(spellings: readonly Spelling[]): void {
    for (const [word, key] of spellings) {
      // By the word as well: where a letter is missing, others sound differently.
      if (insertSpelling.run({ variant: word, key }).changes === 0) continue
      for (const variant of [...variantsOf(word), ...variantsOf(key)]) insertSpelling.run({ variant, key })
    }
  }

  /** What the words of one query are looked up for, once each. */
  function createLookup() {
    const slips = new Map<string, string[]>()
    const isKey = (key: string) =>
      selectSpelling.all({ ...only(key), most: mostLookedAt }).some((one) => one.key === key)
    const isBegun = (key: string) =>
      selectSpelling.all({ ...begun(key), most: mostLookedAt }).some((one) => one.key.startsWith(key))
    const known = (text: string, end: 'whole' | 'unfinished') =>
      keysOf(text).some(isKey) || (end === 'unfinished' && text.length > 1 && keysOf(text, end).some(isBegun))
    return {
      /** Whether somebody has a word that sounds so. */
      known: ({ text, unfinished }: AskedWord): boolean => known(text, unfinished ? 'unfinished' : 'whole'),
      slips(word: AskedWord): string[] {
        const found = slips.get(word.text) ?? findSlips(word)
        slips.set(word.text, found)
        return found
      },
      /** One word as two that somebody has: nurhayati as nur hayati. */
      splits(word: AskedWord): AskedWord[][] {
        const { plain, unfinished } = word
        const found: AskedWord[][] = []
        for (let at = 2; at <= plain.length - (unfinished ? 2 : 3) && found.length < mostSplits; at++) {
          const [first, second] = [plain.slice(0, at), plain.slice(at)]
          if (!known(first, 'whole') || !known(second, unfinished ? 'unfinished' : 'whole')) continue
          found.push([
            { ...word, text: first, plain: first, unfinished: false },
            { ...word, text: second, plain: second },
          ])
        }
        return found
      },
    }
  }

  /** Keys of words that are one slip from a word or its key: a letter left out, put in, changed, or swapped with the next. */
  function findSlips({ text, plain, unfinished }: AskedWord): string[] {
    const near = new Map<string, number>()
    const collect = (typed: string, keys: readonly string[], end: 'whole' | 'unfinished') => {
      if (typed.length < 4) return
      for (const variant of variantsOf(typed))
        for (const { key } of selectSpelling.all({
          ...(end === 'whole' ? only(variant) : begun(variant)),
          most: mostLookedAt,
        })) {
          const far = Math.min(
            ...keys.map((own) => slipsBetween(own, end === 'whole' ? key : key.slice(0, own.length))),
          )
          // What is a slip as it is written is nearer than what only sounds like one; a whole word nearer than a beginning.
          const score = far - (typed === plain ? 0.6 : 0) + (end === 'whole' ? 0 : 0.3)
          if (far <= 3 && score < (near.get(key) ?? 4)) near.set(key, score)
        }
    }
    for (const end of unfinished ? (['whole', 'unfinished'] as const) : (['whole'] as const)) {
      const keys = keysOf(text, end)
      for (const typed of new Set([plain, ...keys])) collect(typed, keys, end)
    }
    return [...near]
      .sort((a, b) => a[1] - b[1])
      .slice(0, mostSlips)
      .map(([key]) => key)
  }

  return { add, createLookup }
}

/** A range of an index: what is so, and what begins so. No code, NIK or key has a character beyond z. */
export const only = (text: string) => ({ from: text, to: `${text}\u0001` })
export const begun = (text: string) => ({ from: text, to: `${text}{` })
