import type { Person } from '../residents/person.ts'
import { choose, contactOf, type FormParts, type FormSection } from './civil-form-parts.ts'
import { type CivilFormCode, choices } from './civil-forms.ts'
import { witnessesOf } from './form-tables.ts'
import { longDate, personValues } from './values.ts'

/** F-2.01: births and deaths. */
export const civilEvents = {
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
} satisfies Partial<Record<CivilFormCode, (parts: FormParts) => FormSection[]>>

function parentRows(which: 'ayah' | 'ibu', person: Person, day: string): [string, string][] {
  const { ttl, kewarganegaraan } = personValues(person, day)
  return [
    [`Nama ${which}`, person.name],
    [`NIK ${which}`, person.nik ?? ''],
    [`Tempat, tanggal lahir ${which}`, ttl],
    [`Kewarganegaraan ${which}`, kewarganegaraan],
  ]
}

const weekday = new Intl.DateTimeFormat('id-ID', { timeZone: 'UTC', weekday: 'long' })
const longWeekday = (day: string | undefined): string =>
  day ? `${weekday.format(Date.parse(`${day}T12:00:00Z`))}, ${longDate(day)}` : ''
