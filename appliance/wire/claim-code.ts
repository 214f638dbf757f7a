import { randomInt } from 'node:crypto'

/*
 * The code by which a letter is collected at any village of its regency: twelve characters in three groups, 3MX-QC0A-7K9PX.
 * Seven say the village, four the letter there, the last one is a check. The alphabet is Crockford's: no I, L, O and U, which
 * are read as 1, 1, 0 or not at all. The check is the sum that Reed and Solomon take, over 32 elements: one wrong character
 * and two that were swapped are found always.
 */

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const villageLength = 7
const ownLength = 4
/** What is typed where everybody knows which village it is. */
export const shortClaimLength = ownLength + 1
const wholeLength = villageLength + shortClaimLength

export type ReadClaimCode = { code: string; village: string }

/** A new code of this village, as it is kept: without hyphens. */
export function drawClaimCode(village: string): string {
  const letters = Array.from({ length: ownLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  const stem = villagePart(village) + letters
  return stem + checkOf(stem)
}

/** As people read it. */
export const writeClaimCode = (code: string): string => code.replace(/^(.{3})(.{4})(.{5})$/, '$1-$2-$3')

/**
 * What was typed or scanned, in whatever case and groups; of the village `here` the last five characters are enough. `short`:
 * it is no such code; `mistyped`: it is one with a wrong character.
 */
export function readClaimCode(text: string, here: string | null = null): ReadClaimCode | 'short' | 'mistyped' {
  const typed = text
    .toUpperCase()
    .replaceAll(/[\s.·–—-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  const code = here !== null && typed.length === shortClaimLength ? villagePart(here) + typed : typed
  if (code.length !== wholeLength) return 'short'
  if ([...code].some((character) => !alphabet.includes(character))) return 'mistyped'
  if (checkOf(code.slice(0, -1)) !== code.at(-1)) return 'mistyped'
  const village = String(numberOf(code.slice(0, villageLength))).padStart(10, '0')
  return village.length === 10 ? { code, village } : 'mistyped'
}

function villagePart(village: string): string {
  let left = Number(village)
  let text = ''
  for (let n = 0; n < villageLength; n++) {
    text = alphabet[left % alphabet.length] + text
    left = Math.floor(left / alphabet.length)
  }
  return text
}

const numberOf = (text: string): number =>
  [...text].reduce((sum, character) => sum * alphabet.length + alphabet.indexOf(character), 0)

/** The sum of character n times a to the n over GF(32), a being a root of x⁵ + x² + 1: its order is 31, more than there are characters. */
function checkOf(stem: string): string {
  let sum = 0
  for (const character of [...stem].reverse()) sum = timesRoot(sum ^ alphabet.indexOf(character))
  return alphabet[sum] ?? ''
}

const timesRoot = (element: number): number => (element & 16 ? ((element << 1) ^ 0b100101) & 31 : element << 1)
