import type { Promised } from './promise.ts'

/**
 * What a village takes in for others, to begin with: the services that Banyuwangi's villages relay, with the papers that
 * are usual. Proposals: a regency's catalogue (dataset `services`) with the same code replaces each.
 */
export const relayedKinds: readonly {
  code: string
  title: string
  aka: readonly string[]
  papers: readonly string[]
  agency: string
  result: string
}[] = [
  {
    ...{ code: 'ktp-el', title: 'KTP elektronik', aka: ['KTP', 'e-KTP', 'rekam'], agency: 'disdukcapil' },
    ...{ papers: ['Kartu Keluarga', 'KTP lama atau surat kehilangan'], result: 'KTP elektronik' },
  },
  {
    ...{ code: 'kia', title: 'Kartu Identitas Anak', aka: ['KIA'], agency: 'disdukcapil' },
    ...{ papers: ['Akta kelahiran', 'Kartu Keluarga', 'KTP orang tua'], result: 'Kartu Identitas Anak' },
  },
  {
    ...{ code: 'akta-kelahiran', title: 'Akta kelahiran', aka: ['akta lahir', 'procot'], agency: 'disdukcapil' },
    papers: ['Surat kelahiran dari bidan atau rumah sakit', 'Buku nikah orang tua', 'Kartu Keluarga', 'KTP orang tua'],
    result: 'Kutipan akta kelahiran',
  },
  {
    ...{ code: 'akta-kematian', title: 'Akta kematian', aka: ['meninggal'], agency: 'disdukcapil' },
    papers: ['Surat kematian dari rumah sakit atau kepala desa', 'Kartu Keluarga', 'KTP'],
    result: 'Kutipan akta kematian',
  },
  {
    ...{ code: 'kartu-keluarga', title: 'Kartu Keluarga', aka: ['KK'], agency: 'disdukcapil' },
    ...{ papers: ['Kartu Keluarga lama', 'Buku nikah atau akta cerai'], result: 'Kartu Keluarga' },
  },
  {
    ...{ code: 'beasiswa', title: 'Beasiswa', aka: ['bantuan sekolah'], agency: 'dinas-pendidikan' },
    ...{ papers: ['Kartu Keluarga', 'Rapor terakhir', 'Surat keterangan tidak mampu'], result: 'Keputusan beasiswa' },
  },
  {
    ...{ code: 'pengantar-sim', title: 'Surat Izin Mengemudi', aka: ['SIM'], agency: 'polresta' },
    ...{ papers: ['KTP', 'Surat sehat jasmani', 'Surat sehat rohani'], result: 'Jadwal di kantor polisi' },
  },
  {
    ...{
      code: 'kartu-sehat',
      title: 'Jaminan kesehatan daerah',
      aka: ['kartu sehat', 'KIS'],
      agency: 'dinas-kesehatan',
    },
    ...{ papers: ['Surat Pernyataan Miskin', 'KTP', 'Kartu Keluarga'], result: 'Kepesertaan jaminan kesehatan' },
  },
]

/** Promised for letters: SPM six hours (Banyuwangi's rule), SKTM one working day (published service standards). */
export const promisedLetters: Readonly<Record<string, Promised>> = {
  'pernyataan-miskin': { minutes: 6 * 60 },
  'keterangan-kurang-mampu': { days: 1 },
}
