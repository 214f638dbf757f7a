import type { FormField } from './civil-forms-view.ts'
import { choice, needed, sixteen, text, witnesses } from './form-fields.ts'

/*
 * Forms of Permendagri 19/2010, which offices still use beside those of 109/2019. What they ask for is what OpenSID's
 * attachments of the same numbers have; F-1.25 and F-1.27 bear other numbers for other distances (`numbersByDistance`). Where
 * their boxes stand on the printed page is not verified.
 */

export const olderForms = {
  'f-1-08': { number: 'F-1.08', title: 'Surat Keterangan Pindah Datang WNI' },
  'f-1-15': { number: 'F-1.15', title: 'Formulir Permohonan Kartu Keluarga (KK) Baru WNI' },
  'f-1-16': { number: 'F-1.16', title: 'Formulir Permohonan Perubahan Kartu Keluarga (KK) WNI' },
  'f-1-25': { number: 'F-1.25', title: 'Formulir Permohonan Pindah WNI' },
  'f-1-27': { number: 'F-1.27', title: 'Formulir Permohonan Pindah Datang WNI' },
  'f-2-12': { number: 'F-2.12', title: 'Formulir Pencatatan Perkawinan' },
} as const
export type OlderFormCode = keyof typeof olderForms

const distances = [
  'Dalam satu desa/kelurahan',
  'Antar desa/kelurahan dalam satu kecamatan',
  'Antar kecamatan dalam satu kabupaten/kota',
  'Antar kabupaten/kota',
  'Antar provinsi',
] as const

/** Going and coming, by `distances`. */
export const numbersByDistance: Partial<Record<string, readonly string[]>> = {
  'f-1-25': ['F-1.23', 'F-1.25', 'F-1.29', 'F-1.34', 'F-1.34'],
  'f-1-27': ['F-1.27', 'F-1.27', 'F-1.31', 'F-1.39', 'F-1.39'],
}

export const olderChoices = {
  distances,
  alasan: ['Pekerjaan', 'Pendidikan', 'Keamanan', 'Kesehatan', 'Perumahan', 'Keluarga', 'Lainnya'],
  kepindahan: [
    'Kepala keluarga',
    'Kepala keluarga dan seluruh anggota keluarga',
    'Kepala keluarga dan sebagian anggota keluarga',
    'Anggota keluarga',
  ],
  tinggalSurat: ['Numpang KK', 'Membuat KK baru', 'Tidak ada anggota keluarga yang ditinggal', 'Nomor KK tetap'],
  pindahSurat: ['Numpang KK', 'Membuat KK baru', 'Nama kepala keluarga dan nomor KK tetap'],
  statusKk: ['Numpang KK', 'Membuat KK baru', 'Nomor KK tetap'],
  kkBaru: ['Membentuk rumah tangga baru', 'Kartu keluarga hilang atau rusak', 'Lainnya'],
  kkUbah: [
    'Penambahan anggota keluarga (kelahiran, kedatangan)',
    'Pengurangan anggota keluarga (kematian, kepindahan)',
    'Lainnya',
  ],
} as const

const family = (name: string, label: string): FormField => ({ name, label, kind: 'family' })
const day = (name: string, label: string, more: Partial<FormField> = {}): FormField => ({
  ...{ name, label, kind: 'day' },
  ...more,
})
const phone = text('telepon', 'Nomor telepon')
const postcode = text('kode_pos', 'Kode pos')
const otherReason = text('alasan_lain', 'Alasan lainnya')
const reason = [choice('alasan', 'Alasan pindah', olderChoices.alasan, needed), otherReason]
const distance = choice('klasifikasi', 'Klasifikasi pindah', distances, needed)
const kindOfMove = choice('kepindahan', 'Jenis kepindahan', olderChoices.kepindahan, needed)
const destination = [
  text('tujuan', 'Alamat tujuan', needed),
  text('tujuan_rt', 'RT tujuan'),
  text('tujuan_rw', 'RW tujuan'),
  text('tujuan_dusun', 'Dusun tujuan'),
  text('tujuan_desa', 'Desa/kelurahan tujuan', needed),
  text('tujuan_kecamatan', 'Kecamatan tujuan', needed),
  text('tujuan_kabupaten', 'Kabupaten/kota tujuan', needed),
  text('tujuan_provinsi', 'Provinsi tujuan', needed),
  text('tujuan_kode_pos', 'Kode pos tujuan'),
  text('tujuan_telepon', 'Nomor telepon di tujuan'),
]

export const olderFields: Record<OlderFormCode, readonly FormField[]> = {
  'f-1-08': [
    phone,
    ...reason,
    ...destination,
    distance,
    kindOfMove,
    choice('kk_tinggal', 'Nomor KK bagi yang tidak pindah', olderChoices.tinggalSurat),
    choice('kk_pindah', 'Nomor KK bagi yang pindah', olderChoices.pindahSurat),
    day('rencana', 'Rencana tanggal pindah'),
    family('ikut', 'Anggota keluarga yang ikut pindah'),
  ],
  'f-1-15': [
    sixteen('kk_semula', 'Nomor KK semula', { hint: 'Kosongkan bila sama dengan datanya sekarang' }),
    postcode,
    phone,
    choice('alasan', 'Alasan permohonan', olderChoices.kkBaru, needed),
    otherReason,
    family('anggota', 'Anggota keluarga dalam KK baru'),
  ],
  'f-1-16': [
    postcode,
    phone,
    text('lama_kepala', 'Kepala keluarga lama', { hint: 'Kosongkan bila sama dengan KK sekarang' }),
    sixteen('lama_kk', 'Nomor KK lama', { hint: 'Kosongkan bila sama dengan KK sekarang' }),
    text('lama_alamat', 'Alamat keluarga lama', { hint: 'Kosongkan bila sama dengan alamat sekarang' }),
    choice('alasan', 'Alasan permohonan', olderChoices.kkUbah, needed),
    otherReason,
    family('anggota', 'Anggota keluarga dalam KK'),
  ],
  'f-1-25': [
    distance,
    phone,
    ...reason,
    ...destination,
    kindOfMove,
    choice('kk_tinggal', 'KK bagi yang tidak pindah', olderChoices.statusKk),
    choice('kk_pindah', 'KK bagi yang pindah', olderChoices.statusKk),
    family('ikut', 'Anggota keluarga yang ikut pindah'),
  ],
  'f-1-27': [
    distance,
    ...[
      text('asal', 'Alamat asal', { ...needed, hint: 'Sebelum pindah ke sini' }),
      text('asal_rt', 'RT asal'),
      text('asal_rw', 'RW asal'),
      text('asal_desa', 'Desa/kelurahan asal', needed),
      text('asal_kecamatan', 'Kecamatan asal', needed),
      text('asal_kabupaten', 'Kabupaten/kota asal', needed),
      text('asal_provinsi', 'Provinsi asal', needed),
      sixteen('asal_kk', 'Nomor KK asal'),
      text('asal_kepala', 'Kepala keluarga di daerah asal'),
    ],
    phone,
    choice('kk_pindah', 'Nomor KK bagi yang pindah', olderChoices.statusKk, needed),
    sixteen('kepala_nik', 'NIK kepala keluarga', { hint: 'Di sini; kosongkan bila belum ada' }),
    text('kepala_nama', 'Nama kepala keluarga'),
    day('datang', 'Tanggal kedatangan', needed),
    family('ikut', 'Anggota keluarga yang ikut datang'),
  ],
  'f-2-12': [
    phone,
    text('pasangan_nama', 'Nama suami atau istri', needed),
    sixteen('pasangan_nik', 'NIK suami atau istri'),
    sixteen('pasangan_kk', 'Nomor KK suami atau istri'),
    text('pasangan_tempat', 'Tempat lahir suami atau istri'),
    day('pasangan_lahir', 'Tanggal lahir suami atau istri'),
    text('pasangan_alamat', 'Alamat suami atau istri'),
    text('pasangan_agama', 'Agama atau kepercayaan suami atau istri'),
    text('pasangan_pekerjaan', 'Pekerjaan suami atau istri'),
    text('pasangan_status', 'Status perkawinan suami atau istri sebelum kawin'),
    text('pasangan_ayah', 'Ayah dari suami atau istri'),
    text('pasangan_ibu', 'Ibu dari suami atau istri'),
    { name: 'anak_ke', label: 'Yang datanya terbuka: anak ke', kind: 'number' },
    { name: 'kawin_ke', label: 'Yang datanya terbuka: perkawinan ke', kind: 'number' },
    day('pemberkatan', 'Tanggal pemberkatan perkawinan', needed),
    text('agama', 'Agama atau kepercayaan saat kawin', needed),
    text('organisasi', 'Organisasi penghayat kepercayaan'),
    text('pemuka', 'Nama pemuka agama atau kepercayaan'),
    text('pengadilan', 'Nama badan peradilan', { hint: 'Bila ada penetapan pengadilan' }),
    text('putusan', 'Nomor putusan atau penetapan'),
    day('putusan_tanggal', 'Tanggal putusan atau penetapan'),
    text('anak_diakui', 'Anak yang diakui dan disahkan', { hint: 'Nama, nomor dan tanggal akta lahirnya' }),
    ...witnesses,
  ],
}
