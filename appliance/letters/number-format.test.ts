import { describe, expect, test } from 'vitest'
import { parseNumberFormat, writeNumber } from './number-format.ts'

const usual = '[kode_surat]/[nomor_surat,3]/[kode_desa]/[bulan_romawi]/[tahun]'
const one = { number: 7, classification: '470', villageMark: '2008', day: '2026-11-23' }

describe('the number of a letter', () => {
  test('is written as the office has it', () => {
    expect(writeNumber(parseNumberFormat(usual, { perCode: true }), one)).toBe('470/007/2008/XI/2026')
    expect(writeNumber(parseNumberFormat('[nomor_surat]/[bulan]/[tahun]', { perCode: false }), one)).toBe('7/11/2026')
    expect(writeNumber(parseNumberFormat(usual, { perCode: true }), { ...one, number: 1234 })).toBe(
      '470/1234/2008/XI/2026',
    )
  })

  test('has each month in Roman figures', () => {
    const format = parseNumberFormat('[nomor_surat]-[bulan_romawi]-[tahun]', { perCode: false })
    const months = Array.from({ length: 12 }, (_, index) => `2026-${String(index + 1).padStart(2, '0')}-01`)
    expect(months.map((day) => writeNumber(format, { ...one, day }).split('-')[1])).toEqual(
      'I II III IV V VI VII VIII IX X XI XII'.split(' '),
    )
  })

  test.each([
    ['[kode_surat]/[tahun]', 'letters.format-number'],
    ['[kode_surat]/[nomor_surat]', 'letters.format-year'],
    ['[nomor_surat]/[tahun]', 'letters.format-code'],
    ['[kode_surat]/[nomor]/[tahun]', 'letters.format-part'],
    ['[kode_surat]/[nomor_surat,0]/[tahun]', 'letters.format-part'],
    ['[kode_surat]/[nomor_surat,99]/[tahun]', 'letters.format-part'],
    ['[kode_surat]/[nomor_surat/[tahun]', 'letters.format-bracket'],
    ['kode_surat]/[nomor_surat]/[tahun]', 'letters.format-bracket'],
    ['[constructor]/[nomor_surat]/[tahun]', 'letters.format-part'],
  ])('a form that is wrong or would repeat is refused: %s', (text, code) => {
    expect(() => parseNumberFormat(text, { perCode: true })).toThrow(expect.objectContaining({ code }))
  })
})
