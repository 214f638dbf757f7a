import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openCatalogues } from './catalogues.ts'

test('another language is one more file: the build, paper and letters find it by themselves', () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-languages-'))
  cpSync(join(import.meta.dirname, 'id.json'), join(folder, 'id.json'))
  writeFileSync(
    join(folder, 'jv.json'),
    JSON.stringify({ 'language.name': 'Basa Jawa', 'language.locale': 'jv-ID', 'paper.your-number': 'Nomer antrean' }),
  )
  const { languages, speak } = openCatalogues(folder)
  expect(languages().sort()).toEqual(['id', 'jv'])
  expect(speak('jv')('paper.your-number')).toBe('Nomer antrean')
  expect(speak('xx')('paper.your-number')).toBe('Nomor antrean Anda')
  rmSync(folder, { recursive: true })
})

test('a sentence takes values, plurals and numbers as its language writes them', () => {
  const say = openCatalogues().speak('en')
  expect(say('paper.ahead', { n: 1 })).toBe('1 person before you')
  expect(say('paper.ahead', { n: 1_200 })).toBe('1,200 people before you')
  expect(openCatalogues().speak('id')('paper.ahead', { n: 1_200 })).toBe('1.200 orang di depan Anda')
})
