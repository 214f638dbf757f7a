import type { Person } from '../residents/person.ts'
import {
  byRelation,
  choose,
  contactOf,
  dayOf,
  type FormParts,
  type FormSection,
  headOf,
  shortDay,
  word,
} from './civil-form-parts.ts'
import { type CivilFormCode, choices } from './civil-forms.ts'
import { familyTable } from './form-tables.ts'
import { personValues, splitName } from './values.ts'

/** F-1.01 to F-1.06: families, requests, moves, changed data. */
export const registrations = {
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
} satisfies Partial<Record<CivilFormCode, (parts: FormParts) => FormSection[]>>

const applicant = (person: Person, typed: FormParts['typed']): FormSection => ({
  heading: 'Data pemohon',
  rows: [
    ['Nama lengkap', person.name],
    ['NIK', person.nik ?? ''],
    ['Nomor KK', person.kk ?? ''],
    ...contactOf(typed).filter(([label, value]) => value !== '' || label === 'Nomor telepon'),
  ],
})

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
