import { createFlatReader } from './flat.ts'
import type { Format } from './format.ts'
import { defineHeadings, findLayout, headingsOf } from './headings.ts'

/**
 * Lists of who gets what: OpenSID's sheet Peserta, and those that DTSEN and ministries hand out. They find a person and mark
 * them; of names and addresses registers know more, so only what finds somebody is read.
 */
const known = defineHeadings({
  nik: ['NIK', 'No NIK', 'Nomor NIK', 'NIK KTP', 'NIK Penerima', 'NIK KPM', 'NIK Pengurus'],
  kk: ['No KK', 'Nomor KK', 'No Kartu Keluarga', 'Nomor Kartu Keluarga', 'NKK'],
  name: [
    'Nama',
    'Nama Lengkap',
    'Nama Penerima',
    'Nama KPM',
    'Nama Peserta',
    'Nama Pengurus',
    'Nama ART',
    'Nama Penerima Manfaat',
  ],
  birthPlace: ['Tempat Lahir', 'Tmp Lahir'],
  birthDate: ['Tanggal Lahir', 'Tgl Lahir'],
  marks: [
    ...['Program', 'Nama Program', 'Program Bantuan', 'Jenis Bantuan', 'Bantuan', 'Jenis Bansos', 'Bansos'],
    ...['Desil', 'Desil Nasional', 'Desil Kesejahteraan', 'Peringkat Kesejahteraan', 'Kelompok Desil'],
    ...[
      'PKH',
      'BPNT',
      'Sembako',
      'BPNT/Sembako',
      'BLT',
      'BLT DD',
      'BLT Dana Desa',
      'BST',
      'PBI',
      'PBI JK',
      'PBI JKN',
      'RST',
      'PIP',
      'KIP',
      'KKS',
      'ATENSI',
    ],
  ],
})
const own = [
  'peserta',
  'nopeserta',
  'namakpm',
  'nikkpm',
  'namapenerima',
  'nikpenerima',
  'iddtks',
  'idbdt',
  'iddtsen',
  'idsemesta',
]

export const aid: Format = {
  name: 'aid',
  recognise(head) {
    const layout = findLayout(head, known)
    if (!layout) return null
    const names = headingsOf(layout)
    const isList = layout.columns.some(({ field }) => field === 'marks') || own.some((name) => names.has(name))
    return isList && layout.columns.some(({ field }) => field === 'nik' || field === 'name') ? layout : null
  },
  createReader: createFlatReader,
}
