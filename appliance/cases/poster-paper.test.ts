import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openCatalogues } from '../base/messages/catalogues.ts'
import { makePdf } from '../base/pdf/make-pdf.ts'
import { listKinds } from './kinds.ts'
import { describePoster, type PosterTask } from './poster-paper.ts'

const say = openCatalogues().speak('id')
const folder = join(import.meta.dirname, '..', '..', 'artifacts', 'posters')
const sender = {
  office: {
    ...{ village: '3510152008', name: 'Desa Tamansari', district: 'Licin', zone: 'Asia/Jakarta' },
    ...{ now: Date.UTC(2026, 10, 23), clock: 'synced' as const, drafts: [] },
  },
  regency: 'Kabupaten Banyuwangi',
}
const services = [
  {
    ...{
      code: 'kia',
      name: 'Kartu Identitas Anak',
      requires: ['Akta kelahiran', 'Kartu Keluarga'],
      minutes: 10,
      fee: 15_000,
    },
    ...{ result: 'KIA', agency: 'disdukcapil', procedure: 'Ambil nomor, lalu foto', complaints: 'Telepon 112' },
    withinDays: 3,
  },
]

async function print(name: string, poster: PosterTask['poster']): Promise<{ text: string; pages: number }> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.pdf`)
  writeFileSync(path, await makePdf(describePoster({ poster, head: 'SUTRISNO', ...sender }, say)))
  const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
  return { text: text.replaceAll(/\s+/g, ' '), pages: text.split('\f').length - 1 }
}

test('a poster has the six components, a page for each service', async () => {
  const kinds = listKinds({ templates: [], services, agencies: null })
  const { text, pages } = await print('standard', kinds)
  expect(pages).toBe(kinds.length)
  for (const part of ['Yang dibawa', 'Alur', 'Waktu', 'Biaya', 'Hasil', 'Pengaduan']) expect(text).toContain(part)
  for (const said of ['Rp15.000', '3 hari kerja', 'Telepon 112', 'Ambil nomor, lalu foto', 'Akta kelahiran'])
    expect(text).toContain(said)
  // What nobody has said is a sentence of the office's own, not a gap.
  expect(text).toContain('Berkas diteruskan ke Dinas Pendidikan')
  expect(text).toContain('kepada kepala Desa Tamansari')
})

test('the longest names and twelve papers stay on one page', async () => {
  const [first] = listKinds({ templates: [], services, agencies: null }).slice(-1)
  if (!first) throw new TypeError('There is no kind.')
  const papers = Array.from({ length: 12 }, (_, n) => `${n + 1} ${'Surat keterangan yang panjang namanya '.repeat(2)}`)
  const long = { ...first, title: 'Rekomendasi pembelian bahan bakar bersubsidi untuk nelayan', papers }
  expect((await print('long', [long])).pages).toBe(1)
})

test('the pledge is signed by the head', async () => {
  const { text, pages } = await print('maklumat', 'maklumat')
  expect(pages).toBe(1)
  expect(text).toContain('Dengan ini kami, Desa Tamansari, menyatakan sanggup')
  expect(text).toContain('SUTRISNO')
})
