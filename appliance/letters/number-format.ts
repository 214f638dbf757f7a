import { AppError } from '../base/errors.ts'

/*
 * How a letter's number is written: `[kode_surat]/[nomor_surat,3]/[kode_desa]/[bulan_romawi]/[tahun]`. Names and brackets are
 * those of OpenSID, so that an office brings its own form along.
 */

/** What stands in brackets, each with what it becomes. */
export const numberParts = ['kode_surat', 'nomor_surat', 'kode_desa', 'bulan_romawi', 'bulan', 'tahun'] as const
export type NumberPart = (typeof numberParts)[number]

export type NumberFormat = readonly ({ text: string } | { part: NumberPart; digits: number })[]

const mostDigits = 6
const months = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'] as const

/**
 * Reads a form. Throws `letters.format-part` (a name that nobody knows), `letters.format-bracket`, and what would give the
 * same number twice: `letters.format-number` without `nomor_surat`, `letters.format-year` without `tahun`,
 * `letters.format-code` where each code has numbers of its own and the code does not stand in it.
 */
export function parseNumberFormat(text: string, { perCode }: { perCode: boolean }): NumberFormat {
  const format = text.split(/(\[[^[\]]*\])/).flatMap((piece): NumberFormat => {
    if (piece === '') return []
    if (!piece.startsWith('[')) return readText(piece)
    const [, name = '', digits = '1'] = /^\[\s*(\w+)\s*(?:,\s*(\d+)\s*)?\]$/.exec(piece) ?? [piece, piece]
    const part = numberParts.find((one) => one === name)
    if (!part || Number(digits) < 1 || Number(digits) > mostDigits)
      throw wrong('letters.format-part', `${piece} is no part of a number.`, { part: piece })
    return [{ part, digits: Number(digits) }]
  })
  const has = (part: NumberPart): boolean => format.some((one) => 'part' in one && one.part === part)
  if (!has('nomor_surat')) throw wrong('letters.format-number', 'The number itself is missing.')
  if (!has('tahun')) throw wrong('letters.format-year', 'Numbers begin anew each year, and it names no year.')
  if (perCode && !has('kode_surat'))
    throw wrong('letters.format-code', 'Each code has its own numbers, and it names none.')
  return format
}

function readText(text: string): NumberFormat {
  if (/[[\]]/.test(text)) throw wrong('letters.format-bracket', 'A bracket has no other one.', { part: text })
  return [{ text }]
}

const wrong = (code: string, message: string, details: Record<string, string> = {}) =>
  new AppError('invalid', code, message, { field: 'format', ...details })

export type Numbered = {
  number: number
  /** 470, or 400.8.2: of whichever table the office uses. */
  classification: string
  /** What the office writes for itself: 2008. */
  villageMark: string
  /** 2026-11-23. */
  day: string
}

/** One letter's number: `470/007/2008/XI/2026`. */
export function writeNumber(format: NumberFormat, { number, classification, villageMark, day }: Numbered): string {
  const [year = '', month = ''] = day.split('-')
  const values: Record<NumberPart, string> = {
    kode_surat: classification,
    nomor_surat: String(number),
    kode_desa: villageMark,
    bulan_romawi: months[Number(month) - 1] ?? '',
    bulan: month,
    tahun: year,
  }
  return format
    .map((one) =>
      'text' in one ? one.text : values[one.part].padStart(one.part === 'nomor_surat' ? one.digits : 0, '0'),
    )
    .join('')
}

/** The year in which a number counts: each row begins anew in it. */
export const yearOf = (day: string): number => Number(day.slice(0, 4))
