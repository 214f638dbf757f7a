import { expect, test } from 'vitest'
import { nameWords, placeWords, splitAbdul } from './name-words.ts'

const cases: Record<string, string[]> = {
  'SITI AMINAH': ['siti', 'aminah'],
  'H. SLAMET RIYADI, S.Pd., M.Pd': ['slamet', 'riyadi'],
  'Drs. Slamet Riyadi S. Pd M.M.': ['slamet', 'riyadi'],
  'Hj. Siti Aminah (Alm)': ['siti', 'aminah'],
  'SLAMET, ALM': ['slamet'],
  'K.H. HASYIM': ['k', 'hasyim'],
  'M.SOLEH': ['m', 'soleh'],
  'MOH. ALI': ['moh', 'ali'],
  'Siti binti Ahmad': ['siti', 'ahmad'],
  'I Wayan Sudarma': ['wayan', 'sudarma'],
  'NI LUH SUCI': ['luh', 'suci'],
  I: ['i'],
  NI: ['ni'],
  HAJI: ['haji'],
  'Ma’ruf Amin': ["ma'ruf", 'amin'],
  'NUR-HAYATI': ['nur', 'hayati'],
  'José Müller': ['jose', 'muller'],
  'JOKO 2': ['joko', '2'],
  'ST. MAIMUNAH': ['st', 'maimunah'],
  '...': [],
}

test('of a name only the name is left, in lower case and ASCII', () => {
  for (const [name, words] of Object.entries(cases)) expect(nameWords(name), name).toEqual(words)
})

test('Abdul is a word of its own, however it is written together', () => {
  for (const word of ['abdulrahman', 'abdurrahman', 'abdurahman']) expect(splitAbdul(word)).toEqual(['abdul', 'rahman'])
  expect(splitAbdul('abdussalam')).toEqual(['abdul', 'salam'])
  expect(splitAbdul('abdullatif')).toEqual(['abdul', 'latif'])
  for (const word of ['abdullah', 'abdul', 'abdi', 'budi']) expect(splitAbdul(word)).toEqual([word])
})

test('of an address what tells it from others is left', () => {
  expect(placeWords('JL. K.H. AGUS SALIM NO. 45 RT 003')).toEqual(['k', 'h', 'agus', 'salim', '45', '003'])
  expect(placeWords('Dusun Krajan')).toEqual(['krajan'])
})
