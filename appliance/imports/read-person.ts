import { isCoded, parseCode } from '../residents/codes.ts'
import { maskNumber } from '../residents/mask.ts'
import { ageOn, checkKk, checkNik, isNoNik, type NumberProblem, oldestYears } from '../residents/nik.ts'
import type { PersonFields } from '../residents/person.ts'
import { readDate } from './dates.ts'
import { type Cell, isBroken, maskShape, textOf } from './files/cells.ts'
import type { Field, Found } from './formats/format.ts'
import type { ProblemCode } from './problem-codes.ts'
import { severityOf } from './problem-codes.ts'
import type { RowProblem } from './rows.ts'

/** What a row is read with. `area`: the six digits of the office's own district, if it is known. */
export type Reading = { today: string; area?: string | undefined }

const niks: readonly string[] = ['nik', 'fatherNik', 'motherNik']
const dates: readonly string[] = ['birthDate', 'passportUntil', 'marriageDate', 'divorceDate']
const names: readonly string[] = ['name', 'fatherName', 'motherName']
const degrees: Readonly<Record<string, number>> = { latitude: 90, longitude: 180 }
const longest: Readonly<Record<string, number>> = {
  ...{ name: 100, birthPlace: 100, address: 200, hamlet: 100, rw: 10, rt: 10, currentAddress: 200 },
  ...{ fatherName: 100, motherName: 100, birthCertificate: 60, passport: 60, kitas: 60, marriageCertificate: 60 },
  ...{ divorceCertificate: 60, ethnicity: 60, tag: 40, insuranceNumber: 60 },
}

/** Makes a person of what stands in a row, and says what is wrong with it. Later cells of one member fill only what is empty. */
export function readPerson(
  found: readonly Found[],
  reading: Reading,
): { person: PersonFields; problems: RowProblem[] } {
  const person: Record<string, string | number> = {}
  const problems: RowProblem[] = []
  for (const one of found) {
    if (person[one.field] !== undefined) continue
    const read = readField(one, reading)
    if (read.value !== undefined) person[one.field] = read.value
    problems.push(...read.problems)
  }
  const members = person as PersonFields
  const at = (field: Field) => found.find((one) => one.field === field && textOf(one.cell) !== '')?.column ?? null
  const nik = members.nik
  if (nik !== undefined)
    problems.push(
      ...checkNik(nik, { ...reading, sex: members.sex, birthDate: members.birthDate }).map(told(at('nik'), nik)),
    )
  if (members.kk !== undefined) problems.push(...checkKk(members.kk).map(told(at('kk'), members.kk)))
  for (const field of ['fatherNik', 'motherNik'] as const) dropWrong(members, field, at(field), problems)
  if (members.nik !== undefined && !/^\d{16}$/.test(members.nik)) delete members.nik
  if (members.kk !== undefined && !/^\d{16}$/.test(members.kk)) delete members.kk
  const isRefused = problems.some(({ severity }) => severity === 'refused')
  if (members.name === undefined && members.nik === undefined && !isRefused)
    problems.push(problem('no-name', null, null))
  return { person: members, problems }
}

type Read = { value?: string | number; problems: RowProblem[] }

function readField({ field, cell, column }: Found, reading: Reading): Read {
  if (isBroken(cell)) {
    const code = cell.broken === '' ? 'cell-formula' : 'cell-error'
    const isKey = field === 'nik' || field === 'name'
    return { problems: [{ ...problem(code, column, cell.broken || null), ...(isKey ? { severity: 'refused' } : {}) }] }
  }
  const text = textOf(cell)
  if (text === '') return { problems: [] }
  // What a spreadsheet shows, and puts into a CSV, where a column is too narrow.
  if (/^#{2,}$/.test(text)) return { problems: [problem('cell-hidden', column, text)] }
  if (niks.includes(field) || field === 'kk') return readNumber(field, cell, text, column)
  if (dates.includes(field)) return readDay(field, cell, text, column, reading)
  if (isCoded(field)) {
    const code = parseCode(field, text)
    if (code !== null) return { value: code, problems: [] }
    return { problems: text === '0' ? [] : [problem('code-unknown', column, shownWords(text.slice(0, 60)))] }
  }
  const most = degrees[field]
  if (most !== undefined) return readDegrees(cell, text, most, column)
  if (field === 'rt' || field === 'rw') return readRt(text)
  return readWords(field, text, column)
}

/** How people say in words that there is no number yet. */
const noNumber = /^(?:belum|blm|tidak|tdk|tanpa)\b/i

/** NIK and KK. A number of sixteen digits that a spreadsheet rounded has lost its last ones: it is refused by name. */
function readNumber(field: Field, cell: Cell, text: string, column: string): Read {
  const isOwn = field === 'nik' || field === 'kk'
  const rounded = (): Read => ({
    problems: [problem(`${isOwn ? field : 'parent-nik'}-rounded`, column, shownWords(text.slice(0, 24)))],
  })
  if (typeof cell === 'number') {
    const isRounded = !Number.isSafeInteger(cell) || (cell >= 1e15 && cell % 10 === 0)
    if (isRounded) return rounded()
    // The zero in front of a temporary number is lost where it was kept as a number.
    const digits = text.length === 15 ? `0${text}` : text
    return isNoNik(digits) ? { problems: [] } : { value: digits, problems: [] }
  }
  if (/^[\d.,]+e\+?\d+$/i.test(text)) return rounded()
  if (noNumber.test(text)) return { problems: [] }
  const digits = text.replace(/^(\d+)[.,]0+$/, '$1').replaceAll(/[\s.\-'’_/]/g, '')
  return isNoNik(digits) ? { problems: [] } : { value: digits, problems: [] }
}

function readDay(field: Field, cell: Cell, text: string, column: string, { today }: Reading): Read {
  const read = readDate(cell, today)
  if (!read) return { problems: [] }
  if ('twoCenturies' in read) {
    const [later = '', earlier = ''] = read.twoCenturies
    return { problems: [{ ...problem('date-century', column, text), details: { later, earlier } }] }
  }
  if ('wrong' in read) return { problems: [problem('date-unknown', column, shownWords(text.slice(0, 40)))] }
  const isOdd = field === 'birthDate' ? read.date > today || ageOn(read.date, today) > oldestYears + 10 : false
  return isOdd ? { problems: [problem('birth-date-odd', column, read.date)] } : { value: read.date, problems: [] }
}

function readDegrees(cell: Cell, text: string, most: number, column: string): Read {
  const degrees = typeof cell === 'number' ? cell : Number(text.replace(',', '.'))
  if (Number.isFinite(degrees) && Math.abs(degrees) <= most) return { value: degrees, problems: [] }
  return { problems: [problem('degrees-unknown', column, text.slice(0, 40))] }
}

/** Three digits, as everybody writes them; 000 and 0 mean that there is none. */
function readRt(text: string): Read {
  const bare = text.replace(/^(?:rt|rw)\b[.:\s]*/i, '').trim()
  if (/^0*$/.test(bare)) return { problems: [] }
  return { value: (/^\d{1,3}$/.test(bare) ? bare.padStart(3, '0') : bare).slice(0, 10), problems: [] }
}

function readWords(field: Field, text: string, column: string): Read {
  const most = longest[field] ?? 60
  const value = text.slice(0, most).trim()
  const isName = names.includes(field)
  if (isName && /^[\d\W]+$/.test(text) && !/\p{L}/u.test(text))
    return { problems: text === '0' ? [] : [problem('name-odd', column, maskName(text))] }
  if (text.length <= most) return { value, problems: [] }
  const cut = { ...problem('text-cut', column, isName ? maskName(text) : null), details: { most } }
  return { value, problems: [cut] }
}

/** A parent's number that is none is left out; the row is taken without it. */
function dropWrong(
  person: PersonFields,
  field: 'fatherNik' | 'motherNik',
  column: string | null,
  problems: RowProblem[],
) {
  const nik = person[field]
  if (nik === undefined || /^\d{16}$/.test(nik)) return
  delete person[field]
  problems.push(problem('parent-nik', column, maskedNumber(nik)))
}

const told =
  (column: string | null, number: string) =>
  ({ severity, code, details }: NumberProblem): RowProblem => ({
    ...{ severity, code, column, value: maskedNumber(number) },
    ...(details ? { details } : {}),
  })

export const problem = (code: ProblemCode, column: string | null, value: string | null): RowProblem => ({
  ...{ severity: severityOf(code), code, column, value },
})

/** Somebody may have put a name where a number should be. */
const maskedNumber = (text: string): string => (/^\d+$/.test(text) ? maskNumber(text) : maskShape(text.slice(0, 24)))

/** Words as they stand, but for what may be somebody's number. */
const shownWords = (text: string): string => text.replaceAll(/\d{9,}/g, maskNumber)

/** `S (7)`: the first letter and how long it is. */
export const maskName = (name: string): string => `${[...name][0] ?? ''} (${[...name].length})`
