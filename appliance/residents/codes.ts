import type { Person } from './person.ts'

/*
 * The codes of OpenSID's import template (sheet "Kode Data"), each with its label and what other files write for it: SIAK,
 * the family registers (BIP) and people. One parser takes either; what is kept is the code. OpenSID 24.10 writes the label
 * of S-1 for S-2 and S-3 as well (PendidikanKKEnum): what comes as a code is right, the label cannot be told apart.
 * Longer than other files, since it is one table.
 */

type Words = readonly [label: string, ...others: string[]]
type Table = Readonly<Record<number, Words>>

export const codes = {
  sex: {
    1: ['Laki-laki', 'L', 'Lk', 'Laki', 'Pria', 'Male', 'M'],
    2: ['Perempuan', 'P', 'Pr', 'Wanita', 'Female', 'F'],
  },
  religion: {
    1: ['Islam'],
    2: ['Kristen', 'Kristen Protestan', 'Protestan'],
    3: ['Katholik', 'Katolik', 'Kristen Katolik', 'Kristen Katholik'],
    4: ['Hindu'],
    5: ['Budha', 'Buddha'],
    6: ['Khonghucu', 'Konghucu', 'Kong Hu Cu'],
    7: [
      'Kepercayaan terhadap Tuhan YME / lainnya',
      'Kepercayaan',
      'Kepercayaan terhadap Tuhan YME',
      'Aliran Kepercayaan',
      'Penghayat Kepercayaan',
      'Lainnya',
    ],
  },
  education: {
    1: ['Tidak / belum sekolah', 'Tidak/Blm Sekolah', 'Belum Sekolah', 'Tidak Sekolah'],
    2: [
      'Belum tamat SD/sederajat',
      'Tidak Tamat SD/Sederajat',
      'Belum Tamat SD',
      'Tidak Tamat SD',
      'Tidak/Belum Tamat SD',
    ],
    3: ['Tamat SD / sederajat', 'Tamat SD', 'SD', 'SD/Sederajat'],
    4: ['SLTP/sederajat', 'SLTP', 'SMP', 'SMP/Sederajat', 'Tamat SLTP/Sederajat', 'MTs'],
    5: ['SLTA / sederajat', 'SLTA', 'SMA', 'SMK', 'SMA/Sederajat', 'SMA/SMK', 'Tamat SLTA/Sederajat', 'MA'],
    6: ['Diploma I / II', 'D1', 'D2', 'D-I/II', 'DI/DII', 'Diploma I', 'Diploma II'],
    7: ['Akademi / Diploma III / S. Muda', 'Akademi/Diploma III/Sarjana Muda', 'D3', 'D-III', 'Diploma III', 'Akademi'],
    8: ['Diploma IV / Strata I', 'D4', 'S1', 'D-IV/S1', 'Strata I', 'Strata-I', 'Sarjana', 'Diploma IV'],
    9: ['Strata II', 'S2', 'Strata-II', 'Magister'],
    10: ['Strata III', 'S3', 'Strata-III', 'Doktor'],
  },
  schooling: {
    1: ['Belum masuk TK/kelompok bermain', 'Belum Masuk TK'],
    2: ['Sedang TK/kelompok bermain', 'Sedang TK', 'TK', 'PAUD'],
    3: ['Tidak pernah sekolah'],
    4: ['Sedang SD/sederajat', 'Sedang SD'],
    5: ['Tidak tamat SD/sederajat', 'Tidak Tamat SD'],
    6: ['Sedang SLTP/sederajat', 'Sedang SLTP', 'Sedang SMP'],
    7: ['Sedang SLTA/sederajat', 'Sedang SLTA', 'Sedang SMA', 'Sedang SMK'],
    8: ['Sedang D-1/sederajat', 'Sedang D1'],
    9: ['Sedang D-2/sederajat', 'Sedang D2'],
    10: ['Sedang D-3/sederajat', 'Sedang D3'],
    11: ['Sedang S-1/sederajat', 'Sedang S1', 'Sedang Kuliah'],
    12: ['Sedang S-2/sederajat', 'Sedang S2'],
    13: ['Sedang S-3/sederajat', 'Sedang S3'],
    14: ['Sedang SLB A/sederajat', 'SLB A'],
    15: ['Sedang SLB B/sederajat', 'SLB B'],
    16: ['Sedang SLB C/sederajat', 'SLB C'],
    17: ['Tidak dapat membaca dan menulis huruf Latin/Arab', 'Buta Huruf'],
    18: ['Tidak sedang sekolah'],
  },
  work: {
    1: ['Belum/tidak bekerja', 'Tidak/Belum Bekerja', 'Tidak Bekerja', 'Belum Bekerja', 'Menganggur'],
    2: ['Mengurus rumah tangga', 'Ibu Rumah Tangga', 'IRT'],
    3: ['Pelajar/mahasiswa', 'Pelajar', 'Mahasiswa', 'Mahasiswi'],
    4: ['Pensiunan'],
    5: ['Pegawai negeri sipil (PNS)', 'PNS', 'Pegawai Negeri Sipil', 'ASN'],
    6: ['Tentara Nasional Indonesia (TNI)', 'TNI', 'Tentara Nasional Indonesia'],
    7: ['Kepolisian RI (Polri)', 'Polri', 'Kepolisian RI', 'Kepolisian', 'Polisi'],
    8: ['Perdagangan'],
    9: ['Petani/pekebun', 'Petani', 'Pekebun', 'Tani'],
    10: ['Peternak'],
    11: ['Nelayan/perikanan', 'Nelayan'],
    12: ['Industri'],
    13: ['Konstruksi'],
    14: ['Transportasi'],
    15: ['Karyawan swasta', 'Swasta', 'Pegawai Swasta'],
    16: ['Karyawan BUMN'],
    17: ['Karyawan BUMD'],
    18: ['Karyawan honorer', 'Honorer'],
    19: ['Buruh harian lepas', 'Buruh', 'BHL'],
    20: ['Buruh tani/perkebunan', 'Buruh Tani'],
    21: ['Buruh nelayan/perikanan', 'Buruh Nelayan'],
    22: ['Buruh peternakan'],
    23: ['Pembantu rumah tangga', 'PRT'],
    24: ['Tukang cukur'],
    25: ['Tukang listrik'],
    26: ['Tukang batu'],
    27: ['Tukang kayu'],
    28: ['Tukang sol sepatu'],
    29: ['Tukang las/pandai besi', 'Tukang Las', 'Pandai Besi'],
    30: ['Tukang jahit', 'Penjahit'],
    31: ['Tukang gigi'],
    32: ['Penata rias'],
    33: ['Penata busana'],
    34: ['Penata rambut'],
    35: ['Mekanik'],
    36: ['Seniman'],
    37: ['Tabib'],
    38: ['Paraji'],
    39: ['Perancang busana'],
    40: ['Penterjemah', 'Penerjemah'],
    41: ['Imam masjid'],
    42: ['Pendeta'],
    43: ['Pastor'],
    44: ['Wartawan'],
    45: ['Ustadz/mubaligh', 'Ustadz', 'Mubaligh', 'Ustad/Mubaligh'],
    46: ['Juru masak'],
    47: ['Promotor acara'],
    48: ['Anggota DPR-RI', 'DPR-RI'],
    49: ['Anggota DPD', 'DPD'],
    50: ['Anggota BPK', 'BPK'],
    51: ['Presiden'],
    52: ['Wakil presiden'],
    53: ['Anggota Mahkamah Konstitusi'],
    54: ['Anggota kabinet kementerian', 'Anggota Kabinet/Kementerian'],
    55: ['Duta besar'],
    56: ['Gubernur'],
    57: ['Wakil gubernur'],
    58: ['Bupati'],
    59: ['Wakil bupati'],
    60: ['Walikota', 'Wali Kota'],
    61: ['Wakil walikota', 'Wakil Wali Kota'],
    62: ['Anggota DPRD provinsi', 'Anggota DPRD Prov', 'Anggota DPRD Propinsi'],
    63: ['Anggota DPRD kabupaten/kota', 'Anggota DPRD Kab/Kota', 'Anggota DPRD Kab'],
    64: ['Dosen'],
    65: ['Guru'],
    66: ['Pilot'],
    67: ['Pengacara'],
    68: ['Notaris'],
    69: ['Arsitek'],
    70: ['Akuntan'],
    71: ['Konsultan'],
    72: ['Dokter'],
    73: ['Bidan'],
    74: ['Perawat'],
    75: ['Apoteker'],
    76: ['Psikiater/psikolog', 'Psikiater', 'Psikolog'],
    77: ['Penyiar televisi', 'Penyiar TV'],
    78: ['Penyiar radio'],
    79: ['Pelaut'],
    80: ['Peneliti'],
    81: ['Sopir', 'Supir'],
    82: ['Pialang'],
    83: ['Paranormal'],
    84: ['Pedagang'],
    85: ['Perangkat desa'],
    86: ['Kepala desa', 'Kades'],
    87: ['Biarawati', 'Biarawan/Biarawati'],
    88: ['Wiraswasta', 'Wirausaha'],
    89: ['Lainnya', 'Pekerjaan Lainnya'],
  },
  marital: {
    1: ['Belum kawin', 'BK', 'B', 'Belum Menikah', 'Belum'],
    2: ['Kawin', 'K', 'Menikah', 'Kawin Tercatat', 'Kawin Belum Tercatat', 'Kawin Tidak Tercatat', 'Nikah'],
    3: ['Cerai hidup', 'CH', 'Cerai Hidup Tercatat', 'Cerai Belum Tercatat', 'Cerai Hidup Belum Tercatat'],
    4: ['Cerai mati', 'CM'],
  },
  relation: {
    1: ['Kepala keluarga', 'Kepala', 'KK', 'Kep. Keluarga'],
    2: ['Suami'],
    3: ['Istri', 'Isteri'],
    4: ['Anak', 'Anak Kandung'],
    5: ['Menantu'],
    6: ['Cucu'],
    7: ['Orangtua', 'Orang Tua'],
    8: ['Mertua'],
    9: ['Famili lain', 'Famili', 'Famili Lainnya'],
    10: ['Pembantu'],
    11: ['Lainnya'],
  },
  citizenship: {
    1: ['WNI', 'Indonesia', 'Warga Negara Indonesia'],
    2: ['WNA', 'Asing', 'Warga Negara Asing'],
    3: ['Dua kewarganegaraan'],
  },
  blood: {
    1: ['A'],
    2: ['B'],
    3: ['AB'],
    4: ['O'],
    5: ['A+'],
    6: ['A-'],
    7: ['B+'],
    8: ['B-'],
    9: ['AB+'],
    10: ['AB-'],
    11: ['O+'],
    12: ['O-'],
    13: ['Tidak tahu', 'Tdk Th', 'Tidak Diketahui', 'TT'],
  },
  disability: {
    1: ['Cacat fisik', 'Fisik'],
    2: ['Cacat netra/buta', 'Netra', 'Buta', 'Cacat Netra'],
    3: ['Cacat rungu/wicara', 'Rungu/Wicara', 'Rungu', 'Wicara'],
    4: ['Cacat mental/jiwa', 'Mental', 'Jiwa'],
    5: ['Cacat fisik dan mental', 'Fisik dan Mental'],
    6: ['Cacat lainnya', 'Lainnya'],
    7: ['Tidak cacat', 'Tidak', 'Tidak Ada'],
  },
  contraception: {
    1: ['Pil'],
    2: ['IUD', 'Spiral'],
    3: ['Suntik'],
    4: ['Kondom'],
    5: ['Susuk KB', 'Susuk', 'Implan'],
    6: ['Sterilisasi wanita', 'MOW'],
    7: ['Sterilisasi pria', 'MOP'],
    99: ['Lainnya'],
  },
  pregnant: {
    1: ['Hamil', 'Ya'],
    2: ['Tidak hamil', 'Tidak'],
  },
  ktpEl: {
    1: ['Belum', 'Belum KTP-el'],
    2: ['KTP-el', 'e-KTP', 'Sudah'],
    3: ['KIA'],
  },
  recording: {
    1: ['Belum wajib'],
    2: ['Belum rekam'],
    3: ['Sudah rekam'],
    4: ['Card printed'],
    5: ['Print ready record'],
    6: ['Card shipped'],
    7: ['Sent for card printing'],
    8: ['Card issued'],
  },
  status: {
    1: ['Hidup', 'Aktif'],
    2: ['Mati', 'Meninggal', 'Meninggal Dunia', 'MD'],
    3: ['Pindah', 'Pindah Dalam Negeri', 'Pindah Luar Negeri', 'PD'],
    4: ['Hilang'],
    6: ['Pergi'],
    9: ['Tidak valid'],
  },
  insurance: {
    1: ['Tidak/belum punya', 'Tidak Punya', 'Belum Punya'],
    2: ['BPJS penerima bantuan iuran', 'BPJS PBI', 'PBI'],
    3: ['BPJS non penerima bantuan iuran', 'BPJS Non PBI', 'Non PBI'],
    4: ['BPJS bantuan daerah', 'BPJS Daerah'],
    99: ['Asuransi lainnya', 'Lainnya'],
  },
} as const satisfies Partial<Record<keyof Person, Table>>

export type CodedField = keyof typeof codes

export const isCoded = (field: string): field is CodedField => field in codes

/** What a person reads for a code. Null: the table has no such code. */
export const labelOf = (field: CodedField, code: number): string | null => tableOf(field)[code]?.[0] ?? null

/** The code for what a file says, a code or a label in any spelling. Null: neither. */
export function parseCode(field: CodedField, text: string): number | null {
  const digits = /^\s*0*(\d{1,2})(?:\.0+)?\s*$/.exec(text)?.[1]
  if (digits !== undefined) return tableOf(field)[Number(digits)] ? Number(digits) : null
  return byWords[field].get(squeeze(field, text)) ?? null
}

const tableOf = (field: CodedField): Table => codes[field]

/**
 * Letters and digits only; of a blood group the sign as well, of which typists have several, and of education the stroke:
 * Diploma I/II is not Diploma III.
 */
function squeeze(field: CodedField, text: string): string {
  const upper = text.toUpperCase()
  if (field === 'education') return upper.replaceAll(/[^A-Z0-9/]/g, '')
  if (field !== 'blood') return upper.replaceAll(/[^A-Z0-9]/g, '')
  return upper.replaceAll(/[–—−]/g, '-').replaceAll(/[^A-Z+-]/g, '')
}

const byWords = Object.fromEntries(
  Object.keys(codes).map((name) => {
    const field = name as CodedField
    const words = Object.entries(tableOf(field)).flatMap(([code, all]) =>
      all.map((word): [string, number] => [squeeze(field, word), Number(code)]),
    )
    return [field, new Map(words)]
  }),
) as Record<CodedField, Map<string, number>>
