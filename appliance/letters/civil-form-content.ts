import { labelOf } from '../residents/codes.ts'
import type { Person } from '../residents/person.ts'
import { type CivilFormCode, choices, civilForms } from './civil-forms.ts'
import { type Issuer, longDate, personValues, splitName } from './values.ts'

/** A filled form, as its paper sets it. */
export type FormContent = {
  number: string
  title: string
  /** F-1.01 has more columns than a page is wide. */
  landscape: boolean
  sections: FormSection[]
  /** Who signs: what stands above and below. */
  signatures: { above: string; name: string }[]
  /** Place and date. */
  place: string
}

export type FormSection =
  | { heading: string; rows: [string, string][] }
  | { heading: string; choice: readonly string[]; chosen: readonly string[] }
  | { heading: string; head: string[]; lines: string[][]; widths: (number | '*')[] }
  | { text: string }

export type FormParts = {
  code: CivilFormCode
  person: Person
  /** Those who stand in it besides. */
  family: readonly Person[]
  typed: Readonly<Record<string, string>>
  issuer: Issuer
  /** Ten digits. */
  village: string
  /** Of the form. */
  day: string
}

/** Fills a form in. What is not known stays empty, for a pen. */
export function fillForm(parts: FormParts): FormContent {
  const { code, issuer, village, day } = parts
  const { number, title } = civilForms[code]
  const { kind, place } = splitName(issuer.name)
  const area: FormSection = {
    heading: 'Wilayah',
    rows: [
      ['Kabupaten/kota', issuer.regency ?? ''],
      ['Kecamatan', issuer.district],
      [kind === 'Kelurahan' ? 'Kelurahan' : 'Desa', `${place} (${village})`],
    ],
  }
  return {
    ...{ number, title, landscape: code === 'f-1-01' },
    sections: [area, ...filled[code](parts)],
    signatures: [
      { above: 'Petugas pendaftaran', name: '' },
      { above: signsAs[code], name: signerOf(parts) },
    ],
    place: `${place}, ${longDate(day)}`,
  }
}

const signsAs: Record<CivilFormCode, string> = {
  'f-1-01': 'Kepala keluarga',
  'f-1-02': 'Pemohon',
  'f-1-03': 'Pemohon',
  'f-1-06': 'Yang membuat pernyataan',
  'f-2-01-lahir': 'Pelapor',
  'f-2-01-mati': 'Pelapor',
}

function signerOf({ code, person, family, typed }: FormParts): string {
  if (code === 'f-1-01') return headOf([person, ...family])?.name ?? ''
  if (code === 'f-2-01-lahir') return typed.pelapor_nama || person.name
  return code === 'f-2-01-mati' ? (typed.pelapor_nama ?? '') : person.name
}

const head = 1
const headOf = (all: readonly Person[]): Person | undefined => all.find(({ relation }) => relation === head)

const word = (field: Parameters<typeof labelOf>[0], value: number | undefined): string =>
  value === undefined ? '' : (labelOf(field, value) ?? '')
const dayOf = (day: string | undefined): string => (day ? longDate(day) : '')
const shortDay = (day: string | undefined): string => (day ? day.split('-').reverse().join('-') : '')
const contactOf = (typed: FormParts['typed']): [string, string][] => [
  ['Nomor telepon', typed.telepon ?? ''],
  ['Alamat surel', typed.email ?? ''],
]
const choose = (heading: string, options: readonly string[], value = ''): FormSection => ({
  ...{ heading, choice: options },
  chosen: value.split('\n').filter(Boolean),
})

/** As a card has them: the head first. */
const byRelation = (all: readonly Person[]): Person[] =>
  all.toSorted((one, other) => (one.relation ?? 99) - (other.relation ?? 99))

const filled: Record<CivilFormCode, (parts: FormParts) => FormSection[]> = {
  'f-1-01': ({ person, family, typed, day }) => {
    const all = byRelation([person, ...family])
    const values = all.map((one) => personValues(one, day))
    const numbered = (lines: string[][]) => lines.map((line, index) => [`${index + 1}`, ...line])
    return [
      {
        heading: 'Data kepala keluarga',
        rows: [
          ['Nama kepala keluarga', headOf(all)?.name ?? ''],
          ['Nomor KK', person.kk ?? ''],
          ['Alamat', person.address ?? ''],
          ['Dusun', person.hamlet ?? ''],
          ['RT / RW', [person.rt, person.rw].filter(Boolean).join(' / ')],
          ['Kode pos', typed.kode_pos ?? ''],
          ['Jumlah anggota keluarga', `${all.length} orang`],
          ...contactOf(typed),
        ],
      },
      {
        heading: 'Data anggota keluarga',
        head: ['No.', 'Nama lengkap', 'NIK', 'Kelamin', 'Tempat lahir', 'Tgl. lahir', 'Hubungan', 'WN', 'Gol. darah'],
        widths: [16, '*', 92, 56, 120, 58, 92, 34, 50],
        lines: numbered(
          all.map((one, at) => [
            ...[
              one.name,
              one.nik ?? '',
              values[at]?.jenis_kelamin ?? '',
              one.birthPlace ?? '',
              shortDay(one.birthDate),
            ],
            ...[
              values[at]?.hubungan_keluarga ?? '',
              values[at]?.kewarganegaraan ?? '',
              values[at]?.golongan_darah ?? '',
            ],
          ]),
        ),
      },
      {
        heading: 'Agama, perkawinan, akta, pendidikan, dan pekerjaan',
        head: [
          ...['No.', 'Agama', 'Status perkawinan', 'No. akta lahir', 'No. akta kawin', 'Tgl. kawin', 'No. akta cerai'],
          ...['Tgl. cerai', 'Disabilitas', 'Pendidikan terakhir', 'Pekerjaan'],
        ],
        widths: [16, 52, 70, '*', '*', 56, '*', 56, 70, 96, 96],
        lines: numbered(
          all.map((one, at) => [
            ...[values[at]?.agama ?? '', values[at]?.status_kawin ?? '', one.birthCertificate ?? ''],
            ...[one.marriageCertificate ?? '', shortDay(one.marriageDate), one.divorceCertificate ?? ''],
            ...[shortDay(one.divorceDate), word('disability', one.disability)],
            ...[values[at]?.pendidikan ?? '', values[at]?.pekerjaan ?? ''],
          ]),
        ),
      },
      {
        heading: 'Orang tua dan dokumen perjalanan',
        head: ['No.', 'NIK ayah', 'Nama ayah', 'NIK ibu', 'Nama ibu', 'No. paspor', 'Berakhir', 'No. ITAS/ITAP'],
        widths: [16, 92, '*', 92, '*', 70, 56, 80],
        lines: numbered(
          all.map((one) => [
            ...[one.fatherNik ?? '', one.fatherName ?? '', one.motherNik ?? '', one.motherName ?? ''],
            ...[one.passport ?? '', shortDay(one.passportUntil), one.kitas ?? ''],
          ]),
        ),
      },
      {
        text: 'Saya menyatakan bahwa data di atas benar. Bila ternyata tidak benar, saya bersedia dikenai sanksi menurut peraturan perundang-undangan.',
      },
    ]
  },

  'f-1-02': ({ person, typed }) => [
    applicant(person, typed),
    choose('Kartu keluarga: baru', choices.kkBaru, typed.kk_baru),
    choose('Kartu keluarga: perubahan data', choices.kkUbah, typed.kk_ubah),
    choose('Kartu keluarga: hilang atau rusak', choices.kkHilang, typed.kk_hilang),
    choose('KTP-el', choices.ktp, typed.ktp),
    choose('Kartu identitas anak (KIA)', choices.kia, typed.kia),
    choose('Perubahan data', choices.ubah, typed.ubah),
    choose('Persyaratan yang dilampirkan', choices.syarat, typed.syarat),
  ],

  'f-1-03': ({ person, family, typed, day, issuer }) => [
    applicant(person, typed),
    {
      heading: 'Alamat asal',
      rows: [
        ['Alamat', person.address ?? ''],
        ['Dusun', person.hamlet ?? ''],
        ['RT / RW', [person.rt, person.rw].filter(Boolean).join(' / ')],
        ['Desa/kelurahan', splitName(issuer.name).place],
        ['Kecamatan', issuer.district],
        ['Kabupaten/kota', issuer.regency ?? ''],
      ],
    },
    choose('Klasifikasi pindah', choices.pindah, typed.klasifikasi),
    {
      heading: 'Alamat tujuan',
      rows: [
        ['Alamat', typed.tujuan ?? ''],
        ['RT / RW', [typed.tujuan_rt, typed.tujuan_rw].filter(Boolean).join(' / ')],
        ['Desa/kelurahan', typed.tujuan_desa ?? ''],
        ['Kecamatan', typed.tujuan_kecamatan ?? ''],
        ['Kabupaten/kota', typed.tujuan_kabupaten ?? ''],
        ['Provinsi', typed.tujuan_provinsi ?? ''],
        ['Kode pos', typed.tujuan_kode_pos ?? ''],
        ['Rencana tanggal pindah', dayOf(typed.rencana)],
      ],
    },
    choose('Alasan pindah', choices.alasan, typed.alasan),
    ...(typed.alasan_lain
      ? [{ heading: 'Alasan lainnya', rows: [['Sebutkan', typed.alasan_lain]] as [string, string][] }]
      : []),
    choose('Jenis kepindahan', choices.kepindahan, typed.kepindahan),
    choose('KK bagi yang tidak pindah', choices.statusKk, typed.kk_tinggal),
    choose('KK bagi yang pindah', choices.statusKk, typed.kk_pindah),
    {
      heading: 'Yang pindah',
      ...familyTable(byRelation([person, ...family]), day),
    },
  ],

  'f-1-06': ({ person, family, typed, day }) => [
    {
      heading: 'Yang membuat pernyataan',
      rows: [
        ['Nama lengkap', person.name],
        ['NIK', person.nik ?? ''],
        ['Nomor KK', person.kk ?? ''],
        ['Alamat', personValues(person, day).alamat],
      ],
    },
    { heading: 'Rincian keluarga', ...familyTable(byRelation([person, ...family]), day) },
    {
      heading: 'Elemen data yang berubah',
      head: ['No.', 'Elemen data', 'Semula', 'Menjadi', 'Dasar perubahan'],
      widths: [18, 80, '*', '*', '*'],
      lines: ['1', '2', '3'].flatMap((n) => {
        const element = typed[`elemen_${n}`]
        return element
          ? [
              [
                ...[n, element === 'Lainnya' ? typed[`lainnya_${n}`] || element : element],
                ...[valueBefore(person, element, day), typed[`menjadi_${n}`] ?? '', typed[`dasar_${n}`] ?? ''],
              ],
            ]
          : []
      }),
    },
    {
      text: 'Terlampir fotokopi berkas yang berkaitan dengan perubahan tersebut. Pernyataan ini saya buat dengan sebenarnya; bila di kemudian hari tidak benar, saya bersedia dikenai sanksi menurut peraturan perundang-undangan, dan dokumen yang terbit karenanya tidak sah.',
    },
  ],

  'f-2-01-lahir': ({ person, family, typed, day }) => {
    const [other] = family
    const isMother = person.sex === 2
    const opened = parentRows(isMother ? 'ibu' : 'ayah', person, day)
    const second = parentRows(
      isMother ? 'ayah' : 'ibu',
      other ?? { name: typed.pasangan_nama ?? '', ...(typed.pasangan_nik ? { nik: typed.pasangan_nik } : {}) },
      day,
    )
    return [
      {
        heading: 'Data pelapor',
        rows: [
          ['Nama', typed.pelapor_nama || person.name],
          ['NIK', typed.pelapor_nama ? (typed.pelapor_nik ?? '') : (person.nik ?? '')],
          ['Nomor KK', typed.pelapor_nama ? (typed.pelapor_kk ?? '') : (person.kk ?? '')],
          ...contactOf(typed),
        ],
      },
      ...witnessesOf(typed),
      { heading: 'Data orang tua', rows: isMother ? [...second, ...opened] : [...opened, ...second] },
      {
        heading: 'Data anak',
        rows: [
          ['Nama', typed.anak_nama ?? ''],
          ['Tempat kelahiran', typed.tempat ?? ''],
          ['Hari dan tanggal lahir', longWeekday(typed.tanggal)],
          ['Pukul', typed.pukul ?? ''],
          ['Kelahiran ke', typed.ke ?? ''],
          ['Berat bayi', typed.berat ? `${typed.berat} kg` : ''],
          ['Panjang bayi', typed.panjang ? `${typed.panjang} cm` : ''],
        ],
      },
      choose('Jenis kelamin', choices.kelamin, typed.anak_kelamin),
      choose('Tempat dilahirkan', choices.dilahirkan, typed.dilahirkan),
      choose('Jenis kelahiran', choices.kelahiran, typed.jenis),
      choose('Penolong kelahiran', choices.penolong, typed.penolong),
    ]
  },

  'f-2-01-mati': ({ person, typed, day }) => [
    {
      heading: 'Data pelapor',
      rows: [
        ['Nama', typed.pelapor_nama ?? ''],
        ['NIK', typed.pelapor_nik ?? ''],
        ['Nomor KK', typed.pelapor_kk ?? ''],
        ['Hubungan', typed.pelapor_hubungan ?? ''],
        ...contactOf(typed),
      ],
    },
    ...witnessesOf(typed),
    {
      heading: 'Data yang meninggal',
      rows: [
        ['Nama', person.name],
        ['NIK', person.nik ?? ''],
        ['Nomor KK', person.kk ?? ''],
        ['Jenis kelamin', personValues(person, day).jenis_kelamin],
        ['Tempat, tanggal lahir', personValues(person, day).ttl],
        ['Agama', personValues(person, day).agama],
        ['Pekerjaan', personValues(person, day).pekerjaan],
        ['Alamat', personValues(person, day).alamat],
        ['Nama ayah', person.fatherName ?? ''],
        ['NIK ayah', person.fatherNik ?? ''],
        ['Nama ibu', person.motherName ?? ''],
        ['NIK ibu', person.motherNik ?? ''],
      ],
    },
    {
      heading: 'Data kematian',
      rows: [
        ['Hari dan tanggal kematian', longWeekday(typed.tanggal)],
        ['Pukul', typed.pukul ?? ''],
        ['Tempat kematian', typed.tempat ?? ''],
      ],
    },
    choose('Sebab kematian', choices.sebab, typed.sebab),
    choose('Yang menerangkan', choices.menerangkan, typed.menerangkan),
  ],
}

const applicant = (person: Person, typed: FormParts['typed']): FormSection => ({
  heading: 'Data pemohon',
  rows: [
    ['Nama lengkap', person.name],
    ['NIK', person.nik ?? ''],
    ['Nomor KK', person.kk ?? ''],
    ...contactOf(typed).filter(([label, value]) => value !== '' || label === 'Nomor telepon'),
  ],
})

const familyTable = (all: readonly Person[], day: string) => ({
  head: ['No.', 'NIK', 'Nama', 'Hubungan dalam keluarga'],
  widths: [18, 100, '*', 130] as (number | '*')[],
  lines: all.map((one, index) => [
    ...[`${index + 1}`, one.nik ?? '', one.name, personValues(one, day).hubungan_keluarga],
  ]),
})

function parentRows(which: 'ayah' | 'ibu', person: Person, day: string): [string, string][] {
  const { ttl, kewarganegaraan } = personValues(person, day)
  return [
    [`Nama ${which}`, person.name],
    [`NIK ${which}`, person.nik ?? ''],
    [`Tempat, tanggal lahir ${which}`, ttl],
    [`Kewarganegaraan ${which}`, kewarganegaraan],
  ]
}

const witnessesOf = (typed: FormParts['typed']): FormSection[] =>
  ['1', '2'].map((n) => ({
    heading: `Data saksi ${n}`,
    rows: [
      ['Nama', typed[`saksi_${n}_nama`] ?? ''],
      ['NIK', typed[`saksi_${n}_nik`] ?? ''],
    ],
  }))

/** What the record has of an element that changes. */
function valueBefore(person: Person, element: string, day: string): string {
  const values = personValues(person, day)
  const before: Record<string, string> = {
    Pendidikan: values.pendidikan,
    Pekerjaan: values.pekerjaan,
    Agama: values.agama,
    'Status perkawinan': values.status_kawin,
    'Golongan darah': values.golongan_darah,
    Alamat: values.alamat,
    Nama: values.nama,
    'Tempat lahir': values.tempat_lahir,
    'Tanggal lahir': values.tanggal_lahir,
    'Jenis kelamin': values.jenis_kelamin,
    'Nama ayah': values.nama_ayah,
    'Nama ibu': values.nama_ibu,
  }
  return before[element] ?? ''
}

const weekday = new Intl.DateTimeFormat('id-ID', { timeZone: 'UTC', weekday: 'long' })
const longWeekday = (day: string | undefined): string =>
  day ? `${weekday.format(Date.parse(`${day}T12:00:00Z`))}, ${longDate(day)}` : ''
