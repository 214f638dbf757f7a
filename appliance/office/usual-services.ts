/**
 * What a village office usually does, to begin with: the polite names that citizens use, what to bring, and the time of
 * the published service standard. Indonesian by nature, as the services of an office are; each office changes its own.
 */
export const usualServices: readonly { prefix: string; name: string; requires: string[]; minutes: number }[] = [
  { prefix: 'A', name: 'KTP dan Kartu Keluarga', requires: ['KTP lama', 'Kartu Keluarga'], minutes: 10 },
  { prefix: 'B', name: 'Akta kelahiran', requires: ['Surat lahir', 'Kartu Keluarga', 'KTP orang tua'], minutes: 15 },
  { prefix: 'C', name: 'Surat keterangan', requires: ['KTP'], minutes: 8 },
  {
    prefix: 'D',
    name: 'Keterangan tidak mampu (SPM)',
    requires: ['KTP', 'Kartu Keluarga', 'Surat pengantar RT/RW'],
    minutes: 12,
  },
  { prefix: 'E', name: 'Beasiswa dan bantuan', requires: ['Kartu Keluarga', 'Rapor terakhir'], minutes: 10 },
  { prefix: 'F', name: 'Pajak bumi (PBB)', requires: ['SPPT tahun lalu'], minutes: 6 },
  { prefix: 'G', name: 'Pengaduan dan usul', requires: [], minutes: 10 },
  { prefix: 'H', name: 'Lainnya atau belum tahu', requires: [], minutes: 8 },
]
