import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makePng } from '../../../testing/make-picture.ts'
import { describeLetter, type LetterPaper } from '../../letters/letter-paper.ts'
import { openCatalogues } from '../messages/catalogues.ts'
import { makePdf } from './make-pdf.ts'

/* PDF/A-2b (ISO 19005-2) as far as Debian's tools show it: veraPDF is none of them. */

const folder = mkdtempSync(join(tmpdir(), 'balai-archive-'))
afterAll(() => rmSync(folder, { recursive: true }))
const say = openCatalogues().speak('id')
const arms = `data:image/png;base64,${makePng(300, 300).toString('base64')}`
const paper: LetterPaper = {
  content: {
    title: 'Surat Keterangan Usaha',
    blocks: [{ text: 'Yang bertanda tangan di bawah ini:' }, { rows: [['Nama', 'SITI AMINAH']] }],
    on: '2026-11-23',
    signature: { lines: ['Kepala Desa Tamansari'], name: 'H. Slamet Riyadi, S.Sos.', number: '' },
  },
  issuer: { name: 'Desa Tamansari', district: 'Licin', regency: 'Kabupaten Banyuwangi' },
  ...{ address: 'Jl. Raya 12', arms, paper: 'F4', written: '500.2/001/2008/XI/2026', mark: null },
  code: `BALAI1.${'A'.repeat(230)}`,
}
const set = (more: Partial<LetterPaper> = {}) => makePdf(describeLetter({ letter: { ...paper, ...more } }, say))

function toolOf(name: string, pdf: Buffer): string {
  const path = join(folder, 'document.pdf')
  writeFileSync(path, pdf)
  return execFileSync(name, [path], { encoding: 'utf8' })
}

test('a letter is PDF/A-2b: it says so, its colours and fonts are in it, and nothing shines through', async () => {
  const pdf = await set()
  const text = pdf.toString('latin1')
  expect(text.startsWith('%PDF-1.7')).toBe(true)
  expect(text).toContain('<pdfaid:part>2</pdfaid:part>')
  expect(text).toContain('<pdfaid:conformance>B</pdfaid:conformance>')
  expect(text).toMatch(/\/OutputIntents \[\d+ 0 R\]/)
  expect(text).toMatch(/\/S \/GTS_PDFA1/)
  expect(text).toContain('/Lang (id-ID)')
  expect(text).not.toMatch(/\/Encrypt|\/JavaScript|\/EmbeddedFiles|\/(ca|CA) 0/)
  const fonts = toolOf('pdffonts', pdf).trim().split('\n').slice(2)
  expect(fonts.length).toBeGreaterThan(0)
  // Embedded, a subset, with its meaning as text.
  for (const line of fonts) expect(line).toMatch(/ yes yes yes /)
})

test('what the document says of itself is the same in both places, also with signs that XML keeps for itself', async () => {
  const pdf = await makePdf({
    defaultStyle: { font: 'Jakarta' },
    info: { title: 'Surat “A” & <B>', author: 'Desa Tamansari', creationDate: new Date('2026-11-23T00:00:00Z') },
    content: ['Isi'],
  })
  const xml = pdf.subarray(pdf.indexOf('<?xpacket begin'), pdf.indexOf('<?xpacket end')).toString()
  expect(xml).toContain('<rdf:li xml:lang="x-default">Surat “A” +  B </rdf:li>')
  expect(xml).toContain('<xmp:CreateDate>2026-11-23T00:00:00Z</xmp:CreateDate>')
  const info = toolOf('pdfinfo', pdf)
  expect(info).toMatch(/Title:\s+Surat “A” \+ {2}B/)
  expect(info).toMatch(/Author:\s+Desa Tamansari/)
})

test('the same letter is the same file whenever it is set', async () => {
  const [one, other] = [await set(), await set()]
  expect(one.equals(other)).toBe(true)
  expect(toolOf('pdfinfo', one)).toMatch(/CreationDate:\s+\w+ Nov 23 .*2026/)
})

test('one that counts no more says so across it, which PDF/A-2 allows where colours are named', async () => {
  const text = (await set({ mark: 'void', code: null })).toString('latin1')
  expect(text).toMatch(/\/ca 0\.08/)
  expect(text).toMatch(/\/OutputIntents \[\d+ 0 R\]/)
})
