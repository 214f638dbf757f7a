import { isEmpty, textOf } from '../files/cells.ts'
import { createFlatReader } from './flat.ts'
import type { Format } from './format.ts'
import { columnLetter, defineHeadings, findLayout } from './headings.ts'

/** What people call these columns; a person confirms or corrects what was guessed. */
export const plainHeadings = defineHeadings({
  nik: [
    'NIK',
    'No NIK',
    'Nomor NIK',
    'No Induk Kependudukan',
    'Nomor Induk Kependudukan',
    'No KTP',
    'Nomor KTP',
    'NIK KTP',
  ],
  kk: ['No KK', 'Nomor KK', 'KK', 'NKK', 'No Kartu Keluarga', 'Nomor Kartu Keluarga', 'No Induk Keluarga'],
  name: [
    'Nama',
    'Nama Lengkap',
    'Nama Penduduk',
    'Nama Warga',
    'Nama Anggota Keluarga',
    'Nama Sesuai KTP',
    'Nama Lgkp',
    'Name',
  ],
  sex: ['Jenis Kelamin', 'JK', 'L/P', 'LP', 'Kelamin', 'Sex', 'Gender', 'Jns Kelamin', 'Jenis Klmin', 'JNS KLMIN'],
  birthPlace: ['Tempat Lahir', 'Tmpt Lahir', 'Tmpt Lhr', 'Tmp Lahir', 'Tempatlahir', 'Tpt Lahir'],
  birthDate: [
    'Tanggal Lahir',
    'Tgl Lahir',
    'Tgl Lhr',
    'Tanggallahir',
    'Tgl/Bln/Th',
    'Tgl/Bln/Thn',
    'Tgl. Lahir',
    'Lahir',
  ],
  address: ['Alamat', 'Alamat KK', 'Alamat Lengkap', 'Alamat Rumah', 'Alamat Sesuai KTP'],
  hamlet: ['Dusun', 'Nama Dusun', 'Lingkungan', 'Kampung', 'Dukuh', 'Dsn'],
  rw: ['RW', 'No RW', 'Nomor RW'],
  rt: ['RT', 'No RT', 'Nomor RT'],
  currentAddress: ['Alamat Sekarang', 'Alamat Domisili', 'Domisili'],
  religion: ['Agama', 'Agama ID'],
  education: [
    'Pendidikan',
    'Pendidikan Terakhir',
    'Pendidikan KK',
    'Pendidikan dalam KK',
    'Pendidikan (dlm KK)',
    'Pddk Akhir',
    'Pend Akhir',
    'Pendidikan KK ID',
  ],
  schooling: ['Pendidikan Sedang Ditempuh', 'Pendidikan (sdg ditempuh)', 'Pendidikan Sedang', 'Pendidikan Sedang ID'],
  work: ['Pekerjaan', 'Jenis Pekerjaan', 'Pekerjaan ID', 'Jenis Pkrjn'],
  marital: ['Status Kawin', 'Status Perkawinan', 'Stat Kwn', 'Status Nikah', 'Kawin', 'Sts Kawin', 'Stat Kawin'],
  relation: [
    'SHDK',
    'Hub Keluarga',
    'Hub. Kel',
    'Hubungan Keluarga',
    'Hubungan dalam Keluarga',
    'Status Hubungan',
    'Status Hubungan dalam Keluarga',
    'Status Hub Keluarga',
    'Stat Hbkel',
    'KK Level',
  ],
  citizenship: ['Kewarganegaraan', 'Warganegara', 'Warga Negara', 'Warganegara ID'],
  fatherNik: ['NIK Ayah', 'Ayah NIK'],
  fatherName: ['Nama Ayah', 'Ayah', 'Nama Lgkp Ayah', 'Nama Bapak'],
  motherNik: ['NIK Ibu', 'Ibu NIK'],
  motherName: ['Nama Ibu', 'Ibu', 'Nama Lgkp Ibu', 'Nama Ibu Kandung'],
  blood: ['Gol Darah', 'Gol. Drh', 'G.DRH', 'Golongan Darah', 'Golongan Darah ID'],
  birthCertificate: ['Akta Lahir', 'No Akta Lahir', 'Nomor Akta Lahir', 'No Akte Lahir', 'No Akta Kelahiran'],
  passport: ['No Paspor', 'Nomor Paspor', 'Paspor', 'Dokumen Pasport', 'Nomor Dokumen Paspor'],
  passportUntil: ['Tanggal Akhir Paspor', 'Paspor Berakhir'],
  kitas: ['KITAS', 'No KITAS', 'Nomor KITAS', 'Dokumen KITAS', 'Nomor Dokumen KITAS'],
  marriageCertificate: [
    'Akta Perkawinan',
    'No Akta Kawin',
    'Nomor Akta Kawin',
    'No Akta Perkawinan',
    'Nomor Akta Perkawinan',
    'No Buku Nikah',
  ],
  marriageDate: ['Tanggal Perkawinan', 'Tanggal Kwn', 'Tgl Kawin', 'Tanggal Kawin', 'Tanggal Nikah'],
  divorceCertificate: ['Akta Perceraian', 'No Akta Cerai', 'Nomor Akta Cerai', 'Nomor Akta Perceraian'],
  divorceDate: ['Tanggal Perceraian', 'Tgl Cerai', 'Tanggal Cerai'],
  disability: ['Cacat', 'Disabilitas', 'Penyandang Cacat', 'Cacat ID', 'Jenis Disabilitas'],
  contraception: ['Cara KB', 'Akseptor KB', 'Cara KB ID'],
  pregnant: ['Hamil', 'Status Kehamilan'],
  ktpEl: ['KTP-eL', 'KTPEL', 'E-KTP'],
  recording: ['Status Rekam', 'Stat Rkm', 'Status Rekam KTP'],
  status: ['Status Dasar', 'Status Penduduk'],
  ethnicity: ['Suku', 'Etnis', 'Suku Bangsa'],
  tag: ['Tag ID Card', 'Tag ID'],
  insurance: ['ID Asuransi', 'Asuransi', 'Jenis Asuransi'],
  insuranceNumber: ['No Asuransi', 'Nomor Asuransi', 'No BPJS', 'Nomor BPJS', 'No Kartu BPJS'],
  latitude: ['Lat', 'Latitude', 'Lintang'],
  longitude: ['Lng', 'Long', 'Longitude', 'Bujur'],
})

/** Any table: a heading that is known, else the first row that is filled. Never null where there is a cell. */
export const plain: Format = {
  name: 'plain',
  recognise(head) {
    const layout = findLayout(head, plainHeadings)
    if (layout) return layout
    const first = head.find((row) => row.cells.filter((cell) => !isEmpty(cell)).length > 1) ?? head[0]
    if (!first) return null
    // People without a heading above them.
    const isPeople = first.cells.some((cell) => /\d{8}/.test(textOf(cell)))
    const columns = first.cells.map((cell, index) => ({
      index,
      heading: isPeople ? columnLetter(index) : textOf(cell) || columnLetter(index),
      field: null,
    }))
    return { headingRow: isPeople ? first.row - 1 : first.row, columns }
  },
  createReader: createFlatReader,
}
