import { expect, test } from 'vitest'
import { openCatalogues } from '../base/messages/catalogues.ts'
import { describeTrail } from './trail-letter.ts'

const office = {
  village: '3510242008',
  name: 'Desa Tamansari',
  district: 'Licin',
  zone: 'Asia/Jakarta',
  now: Date.UTC(2026, 10, 30, 2),
  clock: 'synced',
  draftLanguages: [],
} as const
const person = {
  ...{ name: 'SITI AMINAH', nik: '3510154107800001', birthDate: '1980-07-01', religion: 1, relation: 3, rt: '002' },
  marks: [{ mark: 'PKH 2026', asOf: '2026-11-01' }],
}
const trail = {
  person,
  origin: null,
  trail: [
    { at: Date.UTC(2026, 10, 29, 2), name: 'Petugas 1', ticket: 'A012', reason: 'phone', note: 'Kakaknya menelepon' },
  ],
} as const
const text = (whole: boolean, language = 'id') =>
  JSON.stringify(
    describeTrail(
      { trail: structuredClone(trail) as never, whole, office: office as never, regency: null },
      openCatalogues().speak(language),
    ).content,
  )

test('the trail says who looked, when, and all that was said why; the NIK is masked and nothing else of the person is in it', () => {
  expect(text(false)).toContain('351015******0001')
  for (const words of ['Petugas 1', '29 Nov 2026', 'melayani A012 · Ditanyakan lewat telepon · Kakaknya menelepon'])
    expect(text(false)).toContain(words)
  for (const words of ['3510154107800001', 'Islam', 'PKH']) expect(text(false)).not.toContain(words)
})

test('the copy has every field in words, and the marks', () => {
  for (const words of ['3510154107800001', 'Islam', 'Istri', '002', '1 Juli 1980', 'PKH 2026, keadaan 1 November 2026'])
    expect(text(true)).toContain(words)
})

test('in English it is English', () => {
  expect(text(true, 'en')).toContain('Who opened this record')
})
