import type { FormField } from './civil-forms-view.ts'
import { choice, contact, needed, sixteen, text, witnesses } from './form-fields.ts'
import { olderFields, olderForms } from './older-forms.ts'

/*
 * The forms of civil registration that go with letters (Permendagri 109/2019), as far as an office fills them in: what comes
 * from the record is not asked for. The words are the form's own, in Indonesian; where its boxes stand on the printed page
 * is not verified.
 */

export const civilForms = {
  'f-1-01': { number: 'F-1.01', title: 'Formulir Biodata Keluarga' },
  'f-1-02': { number: 'F-1.02', title: 'Formulir Pendaftaran Peristiwa Kependudukan' },
  'f-1-03': { number: 'F-1.03', title: 'Formulir Pendaftaran Perpindahan Penduduk' },
  'f-1-06': { number: 'F-1.06', title: 'Surat Pernyataan Perubahan Elemen Data Kependudukan' },
  'f-2-01-lahir': { number: 'F-2.01', title: 'Formulir Pelaporan Pencatatan Sipil: Kelahiran' },
  'f-2-01-mati': { number: 'F-2.01', title: 'Formulir Pelaporan Pencatatan Sipil: Kematian' },
  ...olderForms,
} as const
export const ruleOf = (code: CivilFormCode): string =>
  code in olderForms ? 'Permendagri 19/2010' : 'Permendagri 109/2019'
export type CivilFormCode = keyof typeof civilForms
export const civilFormCodes = Object.keys(civilForms) as CivilFormCode[]

export const choices = {
  kkBaru: [
    'Membentuk keluarga baru',
    'Penggantian kepala keluarga',
    'Pisah KK',
    'Pindah datang',
    'WNI dari luar negeri karena pindah',
    'Rentan adminduk',
  ],
  kkUbah: ['Menumpang dalam KK', 'Peristiwa penting', 'Perubahan elemen data dalam KK'],
  kkHilang: ['Hilang', 'Rusak'],
  ktp: [
    'Baru',
    'Pindah datang',
    'Hilang atau rusak',
    'Perpanjangan ITAP',
    'Perubahan status kewarganegaraan',
    'Luar domisili',
    'Transmigrasi',
  ],
  kia: ['Baru', 'Hilang atau rusak', 'Perpanjangan ITAP', 'Lainnya'],
  ubah: ['KK', 'KTP-el', 'KIA'],
  syarat: [
    'KK lama atau rusak',
    'Buku nikah atau kutipan akta perkawinan',
    'Kutipan akta perceraian',
    'Surat keterangan pindah',
    'Surat keterangan pindah luar negeri',
    'KTP-el lama atau rusak',
    'Dokumen perjalanan',
    'Surat keterangan hilang dari kepolisian',
    'Bukti perubahan peristiwa kependudukan dan peristiwa penting',
    'SPTJM perkawinan atau perceraian belum tercatat',
    'Akta kematian',
    'Surat pernyataan penyebab hilang atau rusak',
    'Surat keterangan pindah dari Perwakilan RI',
    'Surat pernyataan bersedia menerima sebagai anggota keluarga',
    'Surat kuasa pengasuhan anak',
    'Kartu izin tinggal tetap',
  ],
  pindah: [
    'Dalam satu desa/kelurahan',
    'Antar desa/kelurahan dalam satu kecamatan',
    'Antar kecamatan dalam satu kabupaten/kota',
    'Antar kabupaten/kota dalam satu provinsi',
    'Antar provinsi',
  ],
  alasan: ['Pekerjaan', 'Pendidikan', 'Keamanan', 'Kesehatan', 'Perumahan', 'Keluarga', 'Lainnya'],
  kepindahan: [
    'Kepala keluarga',
    'Kepala keluarga dan seluruh anggota keluarga',
    'Kepala keluarga dan sebagian anggota keluarga',
    'Anggota keluarga',
  ],
  statusKk: ['Numpang KK', 'Membuat KK baru'],
  elemen: [
    'Pendidikan',
    'Pekerjaan',
    'Agama',
    'Status perkawinan',
    'Golongan darah',
    'Alamat',
    'Nama',
    'Tempat lahir',
    'Tanggal lahir',
    'Jenis kelamin',
    'Nama ayah',
    'Nama ibu',
    'Lainnya',
  ],
  kelamin: ['Laki-laki', 'Perempuan'],
  dilahirkan: ['RS/RB', 'Puskesmas', 'Polindes', 'Rumah', 'Lainnya'],
  kelahiran: ['Tunggal', 'Kembar 2', 'Kembar 3', 'Kembar 4', 'Lainnya'],
  penolong: ['Dokter', 'Bidan/perawat', 'Dukun', 'Lainnya'],
  sebab: ['Sakit biasa/tua', 'Wabah penyakit', 'Kecelakaan', 'Kriminalitas', 'Bunuh diri', 'Lainnya'],
  menerangkan: ['Dokter', 'Tenaga kesehatan', 'Kepolisian', 'Lainnya'],
} as const

const reporter = (hint: string, more: Partial<FormField>) => [
  text('pelapor_nama', 'Nama pelapor', { hint, ...more }),
  sixteen('pelapor_nik', 'NIK pelapor'),
  sixteen('pelapor_kk', 'Nomor KK pelapor'),
]

/** What a clerk types for each. */
export const civilFormFields: Record<CivilFormCode, readonly FormField[]> = {
  'f-1-01': [text('kode_pos', 'Kode pos'), ...contact],
  'f-1-02': [
    ...contact,
    choice('kk_baru', 'Kartu keluarga: baru', choices.kkBaru),
    choice('kk_ubah', 'Kartu keluarga: perubahan data', choices.kkUbah),
    choice('kk_hilang', 'Kartu keluarga: hilang atau rusak', choices.kkHilang),
    choice('ktp', 'KTP-el', choices.ktp),
    choice('kia', 'Kartu identitas anak', choices.kia),
    choice('ubah', 'Perubahan data', choices.ubah),
    { name: 'syarat', label: 'Persyaratan yang dilampirkan', kind: 'marks', options: [...choices.syarat] },
  ],
  'f-1-03': [
    choice('klasifikasi', 'Klasifikasi pindah', choices.pindah, needed),
    text('tujuan', 'Alamat tujuan', needed),
    text('tujuan_rt', 'RT tujuan'),
    text('tujuan_rw', 'RW tujuan'),
    text('tujuan_desa', 'Desa/kelurahan tujuan', needed),
    text('tujuan_kecamatan', 'Kecamatan tujuan', needed),
    text('tujuan_kabupaten', 'Kabupaten/kota tujuan', needed),
    text('tujuan_provinsi', 'Provinsi tujuan', needed),
    text('tujuan_kode_pos', 'Kode pos tujuan'),
    choice('alasan', 'Alasan pindah', choices.alasan, needed),
    text('alasan_lain', 'Alasan lainnya'),
    choice('kepindahan', 'Jenis kepindahan', choices.kepindahan, needed),
    choice('kk_tinggal', 'KK bagi yang tidak pindah', choices.statusKk),
    choice('kk_pindah', 'KK bagi yang pindah', choices.statusKk),
    { name: 'rencana', label: 'Rencana tanggal pindah', kind: 'day' },
    { name: 'ikut', label: 'Anggota keluarga yang ikut pindah', kind: 'family' },
    text('telepon', 'Nomor telepon'),
  ],
  'f-1-06': [
    ...['1', '2', '3'].flatMap((n): FormField[] => [
      choice(`elemen_${n}`, `Data ke-${n} yang berubah`, choices.elemen, n === '1' ? needed : {}),
      text(`lainnya_${n}`, `Data ke-${n}: sebutkan bila lainnya`),
      text(`menjadi_${n}`, `Data ke-${n} menjadi`, n === '1' ? needed : {}),
      text(`dasar_${n}`, `Dasar perubahan data ke-${n}`, {
        hint: 'Nama, nomor, dan tanggal dokumen',
        ...(n === '1' ? needed : {}),
      }),
    ]),
    { name: 'keluarga', label: 'Anggota keluarga yang ikut dicantumkan', kind: 'family' },
  ],
  'f-2-01-lahir': [
    ...reporter('Kosongkan bila pelapornya orang yang datanya terbuka', {}),
    ...contact,
    text('anak_nama', 'Nama anak', needed),
    choice('anak_kelamin', 'Jenis kelamin anak', choices.kelamin, needed),
    choice('dilahirkan', 'Tempat dilahirkan', choices.dilahirkan, needed),
    text('tempat', 'Tempat kelahiran', { ...needed, hint: 'Kabupaten atau kota' }),
    { name: 'tanggal', label: 'Tanggal lahir anak', kind: 'day', needed: true },
    text('pukul', 'Pukul', { hint: 'Contoh: 09.30' }),
    choice('jenis', 'Jenis kelahiran', choices.kelahiran, needed),
    { name: 'ke', label: 'Kelahiran ke', kind: 'number' },
    choice('penolong', 'Penolong kelahiran', choices.penolong),
    text('berat', 'Berat bayi (kg)', { hint: 'Contoh: 3,1' }),
    text('panjang', 'Panjang bayi (cm)'),
    { name: 'pasangan', label: 'Ayah atau ibu yang lain, bila di KK yang sama', kind: 'family' },
    text('pasangan_nama', 'Nama ayah atau ibu yang lain', { hint: 'Bila tidak di KK yang sama' }),
    sixteen('pasangan_nik', 'NIK ayah atau ibu yang lain'),
    ...witnesses,
  ],
  'f-2-01-mati': [
    ...reporter('Yang melapor, bukan yang meninggal', needed),
    text('pelapor_hubungan', 'Hubungan dengan yang meninggal'),
    ...contact,
    { name: 'tanggal', label: 'Tanggal kematian', kind: 'day', needed: true },
    text('pukul', 'Pukul', { hint: 'Contoh: 09.30' }),
    choice('sebab', 'Sebab kematian', choices.sebab, needed),
    text('tempat', 'Tempat kematian', needed),
    choice('menerangkan', 'Yang menerangkan', choices.menerangkan, needed),
    ...witnesses,
  ],
  ...olderFields,
}

/** F-1.01 is of all who stand on the card; the others only of those who are marked. */
export const isOfWholeFamily = (code: CivilFormCode): boolean => code === 'f-1-01'
