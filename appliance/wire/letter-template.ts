import { type Static, Type } from 'typebox'
import { closedType } from '../base/schemas.ts'

/*
 * A template says what a letter says: one readable file, with text of our own in it. Placeholders are Mustache's, which
 * clerks of other systems know and which runs nothing: `{{nama}}`, `{{#keperluan}} … {{/keperluan}}` where it is given,
 * `{{^keperluan}} … {{/keperluan}}` where it is not.
 */

const Text = Type.String({ minLength: 1, maxLength: 2_000 })
const Label = Type.String({ minLength: 1, maxLength: 80 })

/**
 * What a clerk fills in; everything else comes from the record. `money` and `number` have their words as `<name>_huruf`;
 * `family` marks others on the family card, and its value is how many they are.
 */
export const TemplateField = closedType({
  name: Type.String({ pattern: '^[a-z][a-z0-9_]{1,30}$' }),
  label: Label,
  kind: Type.Enum(['text', 'long', 'day', 'number', 'money', 'choice', 'family'] as const),
  needed: Type.Optional(Type.Boolean()),
  hint: Type.Optional(Label),
  /** Of `choice`. */
  options: Type.Optional(Type.Array(Label, { minItems: 1, maxItems: 20 })),
})
export type TemplateField = Static<typeof TemplateField>

/**
 * A paragraph; lines of a word and its value, left out where the value is empty (a value by its name alone has the word that
 * belongs to it); or a heading of its own.
 */
const ValueName = Type.String({ pattern: '^[a-z][a-z0-9_]{1,38}$' })
export const Paragraph = Text
export const NamedRow = ValueName
export const WordedRow = Type.Tuple([Label, Text])
export const Rows = closedType({
  rows: Type.Array(Type.Union([NamedRow, WordedRow]), { minItems: 1, maxItems: 40 }),
})
export const Heading = closedType({ heading: Label })
/** Those who were marked, a line each, with these values of theirs. */
export const FamilyBlock = closedType({ family: Type.Array(ValueName, { minItems: 1, maxItems: 6 }) })
const Block = Type.Union([Paragraph, Rows, Heading, FamilyBlock])
export type TemplateBlock = Static<typeof Block>

/** Whose signature stands besides the one of the office: a party, a witness, `Mengetahui` and the camat. Both are texts. */
export const OtherSigner = closedType({
  title: Type.String({ minLength: 1, maxLength: 120 }),
  /** Absent: dots, to be written by hand. */
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
})

/** Who signs: absent, whoever signs letters here, alone. */
export const Signing = closedType({
  /** The head only, or who acts as head (Plt., Plh.): nobody on the head's behalf. */
  headOnly: Type.Optional(Type.Boolean()),
  /** The first stands left of the office's, the others below. */
  others: Type.Optional(Type.Array(OtherSigner, { minItems: 1, maxItems: 3 })),
})

export const paperNames = ['F4', 'A4'] as const

export const Template = closedType({
  code: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
  title: Label,
  /** What people call it besides: SKTM. */
  aka: Type.Optional(Type.Array(Label, { maxItems: 5 })),
  /** Under Permendagri 78/2012 and 83/2022: which of them an office uses is its setting. */
  classification: closedType({
    'permendagri-78-2012': Type.String({ pattern: '^\\d[\\d.]{1,19}$' }),
    'permendagri-83-2022': Type.String({ pattern: '^\\d[\\d.]{1,19}$' }),
  }),
  /** What a citizen brings. */
  papers: Type.Array(Label, { maxItems: 12 }),
  /** How long the letter holds, in days; absent: it says nothing of that. */
  validDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })),
  /** What it is printed on; absent: the office's paper. */
  paper: Type.Optional(Type.Enum(paperNames)),
  signing: Type.Optional(Signing),
  fields: Type.Array(TemplateField, { maxItems: 30 }),
  body: Type.Array(Block, { minItems: 1, maxItems: 40 }),
})
export type Template = Static<typeof Template>

/** What every template may use besides its own fields, by the word that a clerk writes, with what stands before it in a line. */
export const valueLabels = {
  nama: 'Nama',
  nik: 'NIK',
  kk: 'Nomor KK',
  tempat_lahir: 'Tempat lahir',
  tanggal_lahir: 'Tanggal lahir',
  ttl: 'Tempat, tanggal lahir',
  umur: 'Umur',
  jenis_kelamin: 'Jenis kelamin',
  agama: 'Agama',
  pekerjaan: 'Pekerjaan',
  pendidikan: 'Pendidikan',
  status_kawin: 'Status perkawinan',
  hubungan_keluarga: 'Hubungan dalam keluarga',
  kewarganegaraan: 'Kewarganegaraan',
  golongan_darah: 'Golongan darah',
  alamat: 'Alamat',
  alamat_sekarang: 'Alamat sekarang',
  nama_ayah: 'Nama ayah',
  nik_ayah: 'NIK ayah',
  nama_ibu: 'Nama ibu',
  nik_ibu: 'NIK ibu',
  jenis_desa: 'Desa atau kelurahan',
  desa: 'Nama desa',
  kecamatan: 'Kecamatan',
  kabupaten: 'Kabupaten',
  kepala: 'Jabatan kepala',
  pejabat: 'Nama pejabat',
  jabatan: 'Jabatan',
  tanggal: 'Tanggal',
  tanggal_hijriah: 'Tanggal Hijriah',
  berlaku_sampai: 'Berlaku sampai',
} as const
export type LetterValue = keyof typeof valueLabels
export const knownValues = Object.keys(valueLabels) as LetterValue[]

/** The values that a field gives. */
export const valueNames = ({ name, kind }: Pick<TemplateField, 'name' | 'kind'>): string[] =>
  kind === 'money' || kind === 'number' ? [name, `${name}_huruf`] : [name]
