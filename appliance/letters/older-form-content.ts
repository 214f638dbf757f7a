import { byRelation, choose, dayOf, type FormParts, type FormSection, headOf, shortDay } from './civil-form-parts.ts'
import { familyTable, witnessesOf } from './form-tables.ts'
import { olderChoices as choices, type OlderFormCode } from './older-forms.ts'
import { personValues, splitName } from './values.ts'

/** The forms of Permendagri 19/2010, filled in. */
export const olderContents: Record<OlderFormCode, (parts: FormParts) => FormSection[]> = {
  'f-1-08': (parts) => [
    origin(parts),
    choose('Alasan pindah', choices.alasan, parts.typed.alasan),
    ...otherReason(parts.typed),
    destination(parts.typed),
    choose('Klasifikasi pindah', choices.distances, parts.typed.klasifikasi),
    choose('Jenis kepindahan', choices.kepindahan, parts.typed.kepindahan),
    choose('Status nomor KK bagi yang tidak pindah', choices.tinggalSurat, parts.typed.kk_tinggal),
    choose('Status nomor KK bagi yang pindah', choices.pindahSurat, parts.typed.kk_pindah),
    { heading: 'Keluarga yang pindah', ...familyTable(byRelation([parts.person, ...parts.family]), parts.day) },
    {
      heading: 'Data daerah tujuan (diisi di sana)',
      rows: [
        ['Nomor kartu keluarga', ''],
        ['Nama kepala keluarga', ''],
        ['NIK kepala keluarga', ''],
        ['Tanggal kedatangan', ''],
      ],
    },
  ],

  'f-1-15': (parts) => {
    const { person, typed } = parts
    const all = byRelation([person, ...parts.family])
    return [
      applicant(parts, [['Nomor KK semula', typed.kk_semula || (person.kk ?? '')]]),
      choose('Alasan permohonan', choices.kkBaru, typed.alasan),
      ...otherReason(typed),
      { heading: `Anggota keluarga pemohon: ${all.length} orang`, ...familyTable(all, parts.day) },
    ]
  },

  'f-1-16': (parts) => {
    const { person, typed, family, day } = parts
    const all = byRelation([person, ...family])
    const head = headOf(all)?.name ?? ''
    return [
      applicant(parts, [
        ['Nama kepala keluarga', head],
        ['Nomor KK', person.kk ?? ''],
      ]),
      {
        heading: 'Keluarga lama',
        rows: [
          ['Kepala keluarga lama', typed.lama_kepala || head],
          ['Nomor KK lama', typed.lama_kk || (person.kk ?? '')],
          ['Alamat keluarga lama', typed.lama_alamat || personValues(person, day).alamat],
        ],
      },
      choose('Alasan permohonan', choices.kkUbah, typed.alasan),
      ...otherReason(typed),
      { heading: `Anggota keluarga pemohon: ${all.length} orang`, ...familyTable(all, day) },
    ]
  },

  'f-1-25': (parts) => [
    origin(parts, [
      ['NIK pemohon', parts.person.nik ?? ''],
      ['Nama lengkap pemohon', parts.person.name],
    ]),
    choose('Klasifikasi pindah', choices.distances, parts.typed.klasifikasi),
    choose('Alasan pindah', choices.alasan, parts.typed.alasan),
    ...otherReason(parts.typed),
    destination(parts.typed),
    choose('Jenis kepindahan', choices.kepindahan, parts.typed.kepindahan),
    choose('Status KK bagi yang tidak pindah', choices.statusKk, parts.typed.kk_tinggal),
    choose('Status KK bagi yang pindah', choices.statusKk, parts.typed.kk_pindah),
    { heading: 'Keluarga yang pindah', ...familyTable(byRelation([parts.person, ...parts.family]), parts.day) },
  ],

  'f-1-27': (parts) => {
    const { person, typed, day, issuer } = parts
    return [
      {
        heading: 'Data daerah asal',
        rows: [
          ['Nomor kartu keluarga', typed.asal_kk ?? ''],
          ['Nama kepala keluarga', typed.asal_kepala ?? ''],
          ['Alamat', typed.asal ?? ''],
          ['RT / RW', slashed(typed.asal_rt, typed.asal_rw)],
          ['Desa/kelurahan', typed.asal_desa ?? ''],
          ['Kecamatan', typed.asal_kecamatan ?? ''],
          ['Kabupaten/kota', typed.asal_kabupaten ?? ''],
          ['Provinsi', typed.asal_provinsi ?? ''],
          ['Nomor telepon', typed.telepon ?? ''],
          ['NIK pemohon', person.nik ?? ''],
          ['Nama lengkap pemohon', person.name],
        ],
      },
      choose('Klasifikasi pindah', choices.distances, typed.klasifikasi),
      choose('Status nomor KK bagi yang pindah', choices.statusKk, typed.kk_pindah),
      {
        heading: 'Data daerah tujuan',
        rows: [
          ['Nomor kartu keluarga', person.kk ?? ''],
          ['NIK kepala keluarga', typed.kepala_nik ?? ''],
          ['Nama kepala keluarga', typed.kepala_nama ?? ''],
          ['Tanggal kedatangan', dayOf(typed.datang)],
          ['Alamat', person.address ?? ''],
          ['Dusun', person.hamlet ?? ''],
          ['RT / RW', slashed(person.rt, person.rw)],
          ...areaOf(issuer),
        ],
      },
      { heading: 'Keluarga yang datang', ...familyTable(byRelation([person, ...parts.family]), day) },
    ]
  },

  'f-2-12': ({ person, typed, day }) => {
    const values = personValues(person, day)
    const own: [string, string][] = [
      ['NIK', person.nik ?? ''],
      ['Nomor KK', person.kk ?? ''],
      ['Nomor paspor', person.passport ?? ''],
      ['Nama lengkap', person.name],
      ['Tempat, tanggal lahir', values.ttl],
      ['Alamat', values.alamat],
      ['Nomor telepon', typed.telepon ?? ''],
      ['Pendidikan terakhir', values.pendidikan],
      ['Agama atau kepercayaan', values.agama],
      ['Pekerjaan', values.pekerjaan],
      ['Anak ke', typed.anak_ke ?? ''],
      ['Status sebelum kawin', values.status_kawin],
      ['Perkawinan ke', typed.kawin_ke ?? ''],
      ['Kewarganegaraan', values.kewarganegaraan],
      ['Nama ayah', person.fatherName ?? ''],
      ['NIK ayah', person.fatherNik ?? ''],
      ['Nama ibu', person.motherName ?? ''],
      ['NIK ibu', person.motherNik ?? ''],
    ]
    const other: [string, string][] = [
      ['NIK', typed.pasangan_nik ?? ''],
      ['Nomor KK', typed.pasangan_kk ?? ''],
      ['Nomor paspor', ''],
      ['Nama lengkap', typed.pasangan_nama ?? ''],
      ['Tempat, tanggal lahir', [typed.pasangan_tempat, dayOf(typed.pasangan_lahir)].filter(Boolean).join(', ')],
      ['Alamat', typed.pasangan_alamat ?? ''],
      ['Nomor telepon', ''],
      ['Pendidikan terakhir', ''],
      ['Agama atau kepercayaan', typed.pasangan_agama ?? ''],
      ['Pekerjaan', typed.pasangan_pekerjaan ?? ''],
      ['Anak ke', ''],
      ['Status sebelum kawin', typed.pasangan_status ?? ''],
      ['Perkawinan ke', ''],
      ['Kewarganegaraan', ''],
      ['Nama ayah', typed.pasangan_ayah ?? ''],
      ['NIK ayah', ''],
      ['Nama ibu', typed.pasangan_ibu ?? ''],
      ['NIK ibu', ''],
    ]
    const isWife = person.sex === 2
    return [
      { heading: 'Data suami', rows: isWife ? other : own },
      { heading: 'Data istri', rows: isWife ? own : other },
      ...witnessesOf(typed),
      {
        heading: 'Data perkawinan',
        rows: [
          ['Tanggal pemberkatan', dayOf(typed.pemberkatan)],
          ['Tanggal melapor', dayOf(day)],
          ['Agama atau kepercayaan', typed.agama ?? ''],
          ['Organisasi penghayat', typed.organisasi ?? ''],
          ['Nama badan peradilan', typed.pengadilan ?? ''],
          ['Nomor putusan', typed.putusan ?? ''],
          ['Tanggal putusan', shortDay(typed.putusan_tanggal)],
          ['Nama pemuka agama', typed.pemuka ?? ''],
          ['Anak yang diakui dan disahkan', typed.anak_diakui ?? ''],
        ],
      },
    ]
  },
}

function origin({ person, family, typed, issuer }: FormParts, more: [string, string][] = []): FormSection {
  return {
    heading: 'Data daerah asal',
    rows: [
      ['Nomor kartu keluarga', person.kk ?? ''],
      ['Nama kepala keluarga', headOf([person, ...family])?.name ?? ''],
      ['Alamat', person.address ?? ''],
      ['Dusun', person.hamlet ?? ''],
      ['RT / RW', slashed(person.rt, person.rw)],
      ...areaOf(issuer),
      ['Nomor telepon', typed.telepon ?? ''],
      ...more,
    ],
  }
}

const areaOf = (issuer: FormParts['issuer']): [string, string][] => [
  ['Desa/kelurahan', splitName(issuer.name).place],
  ['Kecamatan', issuer.district],
  ['Kabupaten/kota', issuer.regency ?? ''],
]

const destination = (typed: FormParts['typed']): FormSection => ({
  heading: 'Alamat tujuan pindah',
  rows: [
    ['Alamat', typed.tujuan ?? ''],
    ['Dusun', typed.tujuan_dusun ?? ''],
    ['RT / RW', slashed(typed.tujuan_rt, typed.tujuan_rw)],
    ['Desa/kelurahan', typed.tujuan_desa ?? ''],
    ['Kecamatan', typed.tujuan_kecamatan ?? ''],
    ['Kabupaten/kota', typed.tujuan_kabupaten ?? ''],
    ['Provinsi', typed.tujuan_provinsi ?? ''],
    ['Kode pos', typed.tujuan_kode_pos ?? ''],
    ['Nomor telepon', typed.tujuan_telepon ?? ''],
    ...(typed.rencana ? [['Rencana tanggal pindah', dayOf(typed.rencana)] as [string, string]] : []),
  ],
})

const applicant = ({ person, typed, issuer }: FormParts, more: [string, string][]): FormSection => ({
  heading: 'Data pemohon',
  rows: [
    ['Nama lengkap', person.name],
    ['NIK', person.nik ?? ''],
    ...more,
    ['Alamat', person.address ?? ''],
    ['Dusun', person.hamlet ?? ''],
    ['RT / RW', slashed(person.rt, person.rw)],
    ...areaOf(issuer),
    ['Kode pos', typed.kode_pos ?? ''],
    ['Nomor telepon', typed.telepon ?? ''],
  ],
})

const otherReason = (typed: FormParts['typed']): FormSection[] =>
  typed.alasan_lain ? [{ heading: 'Alasan lainnya', rows: [['Sebutkan', typed.alasan_lain]] }] : []

const slashed = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' / ')
