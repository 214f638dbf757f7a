import { expect, test } from 'vitest'
import { clips, sentence } from './sentence.ts'

const words = ['nol', 'satu', 'dua', 'tiga', 'empat', 'lima', 'enam', 'tujuh', 'delapan', 'sembilan']

/** Number words from 1 to 999 as a schoolbook lists them: built up by counting, not by dividing. */
function countInIndonesian(): string[] {
  const below100 = [...words, 'sepuluh', 'sebelas', ...words.slice(2).map((word) => `${word} belas`)]
  for (const ten of words.slice(2)) {
    below100.push(`${ten} puluh`)
    for (const one of words.slice(1)) below100.push(`${ten} puluh ${one}`)
  }
  const all = [...below100]
  for (const hundred of ['seratus', ...words.slice(2).map((word) => `${word} ratus`)]) {
    all.push(hundred)
    for (const rest of below100.slice(1)) all.push(`${hundred} ${rest}`)
  }
  return all
}

const spoken = countInIndonesian()
const prefixes = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const label = (prefix: string, number: number) => prefix + String(number).padStart(3, '0')
const say = (number: string, counter: string, style: 'digits' | 'number') =>
  sentence({ number, counter, style }).join(' ')

test('the schoolbook has 1000 numbers', () => {
  expect(spoken).toHaveLength(1000)
  expect([spoken[14], spoken[100], spoken[111], spoken[999]]).toEqual([
    'empat belas',
    'seratus',
    'seratus sebelas',
    'sembilan ratus sembilan puluh sembilan',
  ])
})

test('A000 to Z999 are read digit by digit', () => {
  const wrong = prefixes.flatMap((prefix) =>
    spoken.flatMap((_, number) => {
      const told = say(label(prefix, number), 'Loket 2', 'digits')
      const three = [...String(number).padStart(3, '0')].map((digit) => words[Number(digit)]).join(' ')
      const right = `chime nomor-antrean ${prefix.toLowerCase()} ${three} silakan-ke loket dua`
      return told === right ? [] : [told]
    }),
  )
  expect(wrong).toEqual([])
})

test('A000 to Z999 are read as numbers', () => {
  const wrong = prefixes.flatMap((prefix) =>
    spoken.flatMap((inWords, number) => {
      const told = say(label(prefix, number), 'Loket 12', 'number')
      const right = `chime nomor-antrean ${prefix.toLowerCase()} ${inWords} silakan-ke loket dua belas`
      return told === right ? [] : [told]
    }),
  )
  expect(wrong).toEqual([])
})

test.each([
  ['Loket 1', 'silakan-ke loket satu'],
  ['LOKET  11', 'silakan-ke loket sebelas'],
  ['Loket B', 'silakan-ke loket b'],
  ['Meja 3', 'silakan-ke meja tiga'],
  ['Ruang 20', 'silakan-ke ruang dua puluh'],
  ['Kasir', 'silakan-lihat-layar'],
  ['Loket', 'silakan-lihat-layar'],
  ['Loket 1A', 'silakan-lihat-layar'],
  ['Loket Pelayanan Umum', 'silakan-lihat-layar'],
  ['', 'silakan-lihat-layar'],
])('the counter %j sends people by %j', (counter, end) => {
  expect(say('A001', counter, 'number')).toBe(`chime nomor-antrean a satu ${end}`)
})

test('every clip is named by some call, and no call names another', () => {
  const styles = ['digits', 'number'] as const
  const counters = ['Loket 1', 'Meja 1', 'Ruang 1', 'Kasir']
  const named = prefixes.flatMap((prefix) =>
    spoken.flatMap((_, number) =>
      styles.flatMap((style) =>
        counters.flatMap((counter) => sentence({ number: label(prefix, number), counter, style })),
      ),
    ),
  )
  expect([...new Set(named)].sort()).toEqual([...clips].sort())
})
