import { toCardinal, toCurrency } from 'n2words/id-ID'
import { addDays } from '../base/time.ts'
import { labelOf } from '../residents/codes.ts'
import { ageOn } from '../residents/nik.ts'
import type { Person } from '../residents/person.ts'
import type { LetterValue, TemplateField } from '../wire/letter-template.ts'

/** Whose letter it is: as the office calls itself, "Desa Tamansari". */
export type Issuer = { name: string; district: string; regency: string | null }

/** Who signs, in words: the office that is held, and the name. */
export type Signer = { title: string; name: string }

type Parts = {
  person: Person
  issuer: Issuer
  signer: Signer
  /** The date of the letter. */
  day: string
  validDays: number | undefined
  fields: readonly TemplateField[]
  typed: Readonly<Record<string, string>>
  /** Those of the family who were marked. */
  family?: readonly Person[]
}

/** What is known of one person, as it stands on paper; empty where it is not. */
export function personValues(person: Person, day: string) {
  const birthDate = person.birthDate ? longDate(person.birthDate) : ''
  return {
    nama: person.name,
    nik: person.nik ?? '',
    kk: person.kk ?? '',
    tempat_lahir: person.birthPlace ?? '',
    tanggal_lahir: birthDate,
    ttl: [person.birthPlace, birthDate].filter(Boolean).join(', '),
    umur: person.birthDate ? `${Math.max(0, ageOn(person.birthDate, day))} tahun` : '',
    jenis_kelamin: word('sex', person.sex),
    agama: word('religion', person.religion),
    pekerjaan: word('work', person.work),
    pendidikan: word('education', person.education),
    status_kawin: word('marital', person.marital),
    hubungan_keluarga: word('relation', person.relation),
    kewarganegaraan: word('citizenship', person.citizenship),
    golongan_darah: word('blood', person.blood),
    alamat: addressOf(person),
    alamat_sekarang: person.currentAddress ?? '',
    nama_ayah: person.fatherName ?? '',
    nik_ayah: person.fatherNik ?? '',
    nama_ibu: person.motherName ?? '',
    nik_ibu: person.motherNik ?? '',
  } as const satisfies Partial<Record<LetterValue, string>>
}

/** Everything that a template's text may name, as it stands on paper; empty where it is not known. */
export function letterValues({
  person,
  issuer,
  signer,
  day,
  validDays,
  fields,
  typed,
  family = [],
}: Parts): Record<string, string> {
  const { kind, place } = splitName(issuer.name)
  const known: Record<LetterValue, string> = {
    ...personValues(person, day),
    jenis_desa: kind,
    desa: place,
    kecamatan: issuer.district,
    kabupaten: issuer.regency ?? '',
    kepala: headTitle(issuer.name),
    pejabat: signer.name,
    jabatan: signer.title,
    tanggal: longDate(day),
    tanggal_hijriah: hijri.format(atNoon(day)),
    berlaku_sampai: validDays === undefined ? '' : longDate(addDays(day, validDays)),
  }
  const own = fields.map((field) =>
    field.kind === 'family' ? { [field.name]: countOf(family) } : valuesOfField(field, typed[field.name] ?? ''),
  )
  return { ...known, ...Object.assign({}, ...own) }
}

const countOf = ({ length }: readonly Person[]): string =>
  length === 0 ? '' : `${length} (${toCardinal(length)}) orang`

function valuesOfField({ name, kind }: TemplateField, typed: string): Record<string, string> {
  if (kind === 'day') return { [name]: typed && longDate(typed) }
  if (kind === 'money')
    return {
      [name]: typed && `Rp${Number(typed).toLocaleString('id-ID')}`,
      [`${name}_huruf`]: typed && toCurrency(Number(typed)),
    }
  if (kind === 'number') return { [name]: typed, [`${name}_huruf`]: typed && toCardinal(Number(typed)) }
  return { [name]: typed }
}

/** "Desa Tamansari" as kind and place; an office that calls itself otherwise is a desa. */
export function splitName(name: string): { kind: string; place: string } {
  const [, kind = 'Desa', place = name] = /^(Desa|Kelurahan)\s+(.+)$/i.exec(name) ?? []
  return { kind: kind.toLowerCase() === 'kelurahan' ? 'Kelurahan' : 'Desa', place }
}

/** What the head of such an office is called. */
export const headTitle = (name: string): string => {
  const { kind, place } = splitName(name)
  return kind === 'Kelurahan' ? `Lurah ${place}` : `Kepala Desa ${place}`
}

/** Address, hamlet and RT/RW in one line, as a card has them. */
export const addressOf = ({ address, hamlet, rt, rw }: Person): string =>
  [
    address,
    hamlet && !(address ?? '').toUpperCase().includes(hamlet.toUpperCase()) ? `Dusun ${hamlet}` : undefined,
    rt || rw ? `RT ${rt ?? '–'}/RW ${rw ?? '–'}` : undefined,
  ]
    .filter(Boolean)
    .join(', ')

const word = (field: Parameters<typeof labelOf>[0], code: number | undefined): string =>
  code === undefined ? '' : (labelOf(field, code) ?? '')

const atNoon = (day: string): number => Date.parse(`${day}T12:00:00Z`)
const gregorian = new Intl.DateTimeFormat('id-ID', { timeZone: 'UTC', dateStyle: 'long' })
/** The calendar of Umm al-Qura, which may differ by a day from what is sighted here. */
const hijri = new Intl.DateTimeFormat('id-ID-u-ca-islamic-umalqura', {
  ...{ timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' },
})

/** 23 November 2026. */
export const longDate = (day: string): string => gregorian.format(atNoon(day))
