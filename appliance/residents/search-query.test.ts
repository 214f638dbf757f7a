import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readQuery } from './search-query.ts'

const wordsOf = (query: string) =>
  readQuery(query).readings.map((words) =>
    words.map(({ plain, field }) => (field === 'any' ? plain : `${plain}:${field}`)),
  )

test('digits are a number, by themselves or as the end of one beside words', () => {
  expect(readQuery('3510240506810001').digits).toBe('3510240506810001')
  expect(readQuery('3510.2405 0681-0001').digits).toBe('3510240506810001')
  expect(readQuery('0312').digits).toBe('0312')
  expect(readQuery('312').digits).toBeNull()
  expect(readQuery('siti 0312')).toMatchObject({ digits: null, endings: ['0312'] })
})

test('RT and RW are read as they are written', () => {
  for (const query of ['rt 3 rw 2', 'RT.03 RW.02', 'rt 03/rw 02', 'rt03rw02', '3/2', '003/002', 'rt 3/2', 'RT/RW 3/2'])
    expect(readQuery(query), query).toMatchObject({ rt: '3', rw: '2', readings: [] })
  expect(readQuery('slamet rt 2')).toMatchObject({ rt: '2', rw: null })
  expect(wordsOf('slamet krajan rt 2')).toEqual([['slamet', 'krajan']])
  expect(readQuery('rw 10')).toMatchObject({ rt: null, rw: '10' })
})

test('an age is a number with the word, a birth date has three parts', () => {
  for (const query of ['45 th', '45th', 'umur 45', 'usia 45 tahun', '45 thn'])
    expect(readQuery(query).age, query).toBe(45)
  expect(readQuery('45').age).toBeNull()
  for (const query of ['5-6-1981', '05/06/1981', '05.06.1981'])
    expect(readQuery(query), query).toMatchObject({ birthDate: '1981-06-05', digits: null, rt: null })
})

test('a word after ibu, bapak or bin is somebody of the family, and a leading one perhaps only polite', () => {
  expect(wordsOf('siti ibu aminah')).toEqual([['siti', 'aminah:mother']])
  expect(wordsOf('siti ibu aminah krajan')).toEqual([['siti', 'aminah:mother', 'krajan:mother-or-place']])
  expect(wordsOf('ibu aminah')).toEqual([['aminah:mother'], ['aminah']])
  expect(wordsOf('slamet bin paijo')).toEqual([['slamet', 'paijo:name-or-father']])
  expect(wordsOf('pak slamet')).toEqual([['slamet']])
  expect(wordsOf('siti dusun krajan')).toEqual([['siti', 'krajan:place']])
})

test('titles and degrees are left out, unless somebody is still typing what may be a name', () => {
  expect(wordsOf('h. slamet riyadi, s.pd')).toEqual([['slamet', 'riyadi']])
  expect(wordsOf('hj siti')).toEqual([['siti']])
  expect(wordsOf('siti kh')).toEqual([['siti', 'kh']])
  expect(wordsOf('siti sh')).toEqual([['siti', 'sh']])
  expect(wordsOf('i wayan')).toEqual([['wayan']])
  expect(wordsOf('abdurrahman')).toEqual([['abdul', 'rahman']])
})

test('only the last word is unfinished, and none with a space behind it', () => {
  const unfinished = (query: string) => readQuery(query).readings[0]?.map((word) => word.unfinished)
  expect(unfinished('siti am')).toEqual([false, true])
  expect(unfinished('siti am ')).toEqual([false, false])
})

test('whatever is typed is read, and never more than eight words of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (query) => {
      for (const words of readQuery(query).readings) {
        expect(words.length).toBeLessThanOrEqual(8)
        for (const { plain } of words) expect(plain).toMatch(/^[a-z0-9]+$/)
      }
    }),
  )
  expect(readQuery('siti '.repeat(500)).readings[0]).toHaveLength(8)
})
