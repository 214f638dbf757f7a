/** The villages of the demo: README's example list (a test compares the two). Real places of Kabupaten Banyuwangi. */
export const demoVillages = [
  { village: '3510242008', kind: 'desa', name: 'Tamansari', district: 'Licin' },
  { village: '3510152004', kind: 'desa', name: 'Kemiren', district: 'Glagah' },
  { village: '3510212003', kind: 'desa', name: 'Ketapang', district: 'Kalipuro' },
  { village: '3510092003', kind: 'desa', name: 'Genteng Kulon', district: 'Genteng' },
  { village: '3510161004', kind: 'kelurahan', name: 'Penganjuran', district: 'Banyuwangi' },
] as const
