/* Which clips make a call, word by word. Pure, and used by display pages: nothing of Node here. */

const letters = [...'abcdefghijklmnopqrstuvwxyz']
const digits = ['nol', 'satu', 'dua', 'tiga', 'empat', 'lima', 'enam', 'tujuh', 'delapan', 'sembilan'] as const
const places = ['loket', 'meja', 'ruang'] as const

/** Every clip that a sentence can name: a file `<clip>.mp3` for each. `make-clips.sh` says what is spoken in it. */
export const clips: readonly string[] = [
  ...['chime', 'nomor-antrean', 'silakan-ke', 'silakan-lihat-layar'],
  ...['sepuluh', 'sebelas', 'belas', 'puluh', 'seratus', 'ratus'],
  ...digits,
  ...places,
  ...letters,
]

/** What a service is called, by its letter: recorded by the office where it wants to, never built in. */
export const serviceClips: readonly string[] = letters.map((letter) => `layanan-${letter}`)

/**
 * The clip of a paper that people bring ("Kartu Keluarga"), made of its words: recorded by the office, never built in. Papers
 * that other words name have another clip, so that what is changed later is not read wrong. 64 bits of FNV-1a.
 */
export function paperClip(paper: string): string {
  const words = paper.trim().toLowerCase().replace(/\s+/g, ' ')
  return `syarat-${spellHash(words, 0x811c9dc5)}${spellHash(words, 0x9747b28c)}`
}

/** Whether this is the name of a paper's clip, of whatever paper. */
export const isPaperClip = (clip: string): boolean => /^syarat-[a-z]{14}$/.test(clip)

/** 32 bits of FNV-1a in seven letters. */
function spellHash(words: string, seed: number): string {
  let hash = seed
  for (let at = 0; at < words.length; at++) hash = Math.imul(hash ^ words.charCodeAt(at), 0x01000193) >>> 0
  let spelled = ''
  for (let place = 0; place < 7; place++) {
    spelled += letters[hash % letters.length]
    hash = Math.floor(hash / letters.length)
  }
  return spelled
}

/** How the number of a ticket is read: A012 as "a, nol, satu, dua" or as "a, dua belas". */
export type NumberStyle = 'digits' | 'number'

type Called = {
  /** As on the ticket: A012. */
  number: string
  /** As on its sign: "Loket 2". */
  counter: string
  style: NumberStyle
}

/**
 * "Nomor antrean A, nol satu dua, silakan ke loket dua", as names of clips in their order. A counter's own number is
 * always read as a number. A counter whose name no clips can say ("Kasir") sends people to the screen.
 */
export function sentence({ number, counter, style }: Called): string[] {
  return ['chime', 'nomor-antrean', ...spellTicket(number, style), ...sayCounter(counter)]
}

/** The number of a ticket alone: A012 as "a, nol, satu, dua" or as "a, dua belas". */
export function spellTicket(label: string, style: NumberStyle): string[] {
  const [, prefix = '', number = ''] = /^(\D*)(\d*)$/.exec(label) ?? []
  const spelled = [...prefix.toLowerCase()].filter((letter) => letters.includes(letter))
  return [...spelled, ...(style === 'digits' ? [...number].map(digit) : sayNumber(Number(number)))]
}

function sayCounter(name: string): string[] {
  const [, place = '', which = ''] = /^(\p{L}+)\s+(\d{1,3}|\p{L})$/u.exec(name.trim().toLowerCase()) ?? []
  const known = places.find((one) => one === place)
  if (known && letters.includes(which)) return ['silakan-ke', known, which]
  if (known && which && Number(which) >= 0) return ['silakan-ke', known, ...sayNumber(Number(which))]
  return ['silakan-lihat-layar']
}

/** A whole number from 0 to 999 in Indonesian: 212 is "dua ratus dua belas". */
export function sayNumber(value: number): string[] {
  if (value < 10) return [digit(value)]
  if (value >= 100) {
    const hundreds = Math.floor(value / 100)
    const rest = value % 100
    return [...(hundreds === 1 ? ['seratus'] : [digit(hundreds), 'ratus']), ...(rest > 0 ? sayNumber(rest) : [])]
  }
  if (value === 10) return ['sepuluh']
  if (value === 11) return ['sebelas']
  if (value < 20) return [digit(value - 10), 'belas']
  return [digit(Math.floor(value / 10)), 'puluh', ...(value % 10 > 0 ? [digit(value % 10)] : [])]
}

const digit = (value: number | string): string => digits[Number(value)] ?? 'nol'
