import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import decodeQr from 'qr/decode.js'
import { afterAll, describe, expect, test } from 'vitest'
import { fillIn } from '../../testing/fill-letter.ts'
import { openCatalogues } from '../base/messages/catalogues.ts'
import { makePdf } from '../base/pdf/make-pdf.ts'
import type { Office } from '../base/web/office-view.ts'
import type { Person } from '../residents/person.ts'
import { digestContent, digestName, parseLetterCode, signLetter } from '../wire/letter-code.ts'
import type { Template } from '../wire/letter-template.ts'
import { fillTemplate } from './content.ts'
import type { LetterContent } from './letter-content.ts'
import { describeLetter, type LetterPaper } from './letter-paper.ts'
import { describeRegister } from './register-paper.ts'
import { setLetter } from './set-letter.ts'
import { signatureOf } from './signing.ts'
import { readTemplates } from './templates.ts'
import { letterValues, personValues } from './values.ts'
import type { RegisterLine } from './views.ts'

/* Letters as they are printed: set, read back as text and as a picture. */

const folder = mkdtempSync(join(tmpdir(), 'balai-letters-'))
afterAll(() => rmSync(folder, { recursive: true }))

const say = openCatalogues().speak('id')
const issuer = { name: 'Desa Tamansari', district: 'Licin', regency: 'Kabupaten Banyuwangi' }
const usual: Person = {
  ...{ name: 'SITI AMINAH', nik: '3510154107800001', kk: '3510150101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', address: 'JL MAWAR 3', hamlet: 'KRAJAN', rt: '002', rw: '001', religion: 1, work: 2 },
  ...{ marital: 2, citizenship: 1, fatherName: 'AHMAD', motherName: 'SUMIATI', education: 5, relation: 3, blood: 1 },
}
/** With the most pages that its letter has. */
const people: Record<string, [Person, number]> = {
  'an ordinary person': [usual, 1],
  'a person of one name': [{ name: 'SUKARNO', nik: '3510154107800001' }, 1],
  'a long name with titles, at a long address': [
    {
      ...usual,
      name: 'PROF. DR. HJ. RADEN AYU KANJENG SITI NURHALIZA KUSUMANINGRUM WIDYASTUTI HADININGRAT, S.H., M.KN., PH.D.'.slice(
        0,
        100,
      ),
      address:
        'PERUMAHAN GRIYA TAMANSARI INDAH PERMAI BLOK AB NOMOR 123, JALAN RAYA PROVINSI KILOMETER EMPAT PULUH DUA, SEBELAH UTARA MUSALA NURUL HUDA DAN SELATAN BALAI DUSUN KRAJAN BARAT',
    },
    2,
  ],
}

const secretary = { form: 'an', title: 'Sekretaris Desa', name: 'H. Slamet Riyadi, S.Sos.', number: '' } as const
const { privateKey } = generateKeyPairSync('ed25519')

function fill(
  template: Template,
  person: Person,
  family: readonly Person[] = [],
): { typed: Record<string, string>; paper: LetterPaper; code: string } {
  const typed = fillIn(template)
  const values = letterValues({
    ...{ person, issuer, day: '2026-11-23', validDays: template.validDays, fields: template.fields, typed },
    ...{ signer: { title: 'Kepala Desa Tamansari', name: 'H. Slamet Riyadi, S.Sos.' }, family },
  })
  const content: LetterContent = {
    ...fillTemplate(
      template,
      values,
      family.map((one) => personValues(one, '2026-11-23')),
    ),
    on: '2026-11-23',
    signature: signatureOf(secretary, issuer.name, template, values),
  }
  const written = `${template.classification['permendagri-83-2022']}/001/2008/XI/2026`
  const letter = 'abcdefghijkl'
  const code = signLetter(privateKey, {
    ...{ village: '3510242008', letter, day: '2026-11-23', template: template.code, number: written },
    ...{ content: digestContent(letter, content), name: digestName(letter, person.name) },
  })
  const paper = {
    content,
    issuer,
    address: 'Jl. Raya Tamansari 12',
    paper: 'F4',
    arms: null,
    written,
    code,
    mark: null,
  } as const
  return { typed, paper, code }
}

async function print(paper: LetterPaper): Promise<string> {
  const path = join(folder, 'letter.pdf')
  writeFileSync(path, await setLetter({ letter: paper }, say))
  return path
}
const textOf = (path: string): string => execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
const pagesOf = (path: string): number =>
  Number(/Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [path], { encoding: 'utf8' }))?.[1])
const squeeze = (text: string): string => text.replaceAll(/\s+/g, '')

describe.each(readTemplates().all())('$title on paper', (template) => {
  test.each(Object.entries(people))(
    'for %s has every word that was filled in, on one page or little more',
    async (_who, [person, most]) => {
      const { paper } = fill(template, person)
      const path = await print(paper)
      expect(pagesOf(path)).toBeLessThanOrEqual(most)
      const text = squeeze(textOf(path))
      const said = paper.content.blocks.flatMap((block) => {
        if ('text' in block) return [block.text]
        if ('head' in block) return [...block.head, ...block.lines.flat()]
        return 'rows' in block ? block.rows.flat() : [block.heading]
      })
      const others = (paper.content.signature.others ?? []).flatMap(({ title, name }) => [title, name])
      for (const words of [
        ...others.flatMap((one) => one.split(/\s/)),
        ...said.flatMap((one) => one.split(' ')),
        paper.written ?? '',
        'PEMERINTAH KABUPATEN BANYUWANGI',
      ])
        expect(text).toContain(squeeze(words))
    },
  )
})

describe('the paper', () => {
  const [template] = readTemplates().all()
  if (!template) throw new Error('There is no template.')

  test('has a QR of 25 mm that a cheap phone reads: printed at 300 dots an inch, out of focus, on grey paper', async () => {
    const longest = Math.max(
      ...readTemplates()
        .all()
        .map((one) => fill(one, usual).code.length),
    )
    expect(longest).toBeLessThan(260)
    const { paper, code } = fill(template, usual)
    const picture = blur(shoot(await print(paper)), 2)
    const read = decodeQr(picture)
    expect(read).toBe(code)
    expect(parseLetterCode(read)?.statement.number).toBe(paper.written)
  })

  test('is one A4 page with u.b., Mengetahui, the camat and an applicant', async () => {
    const { paper } = fill(template, usual)
    const lines = ['a.n. Kepala Desa Tamansari', 'Sekretaris Desa', 'u.b.', 'Kepala Seksi Pemerintahan']
    const others = [
      { title: 'Pemohon,', name: 'SITI AMINAH' },
      { title: 'Mengetahui,\nCamat Licin', name: '' },
    ]
    const signature = { ...paper.content.signature, lines, others }
    const path = await print({ ...paper, paper: 'A4', content: { ...paper.content, signature } })
    expect(pagesOf(path)).toBe(1)
  })

  test('goes on to a second page with fourteen of a family, each whole, and the signature in one piece', async () => {
    const moving = readTemplates().template('keterangan-pindah')
    const family = Array.from({ length: 14 }, (_, n) => ({
      ...usual,
      name: `ANAK KE-${n} DARI KELUARGA BESAR`,
      relation: 4,
    }))
    const { paper } = fill(moving, usual, family)
    const path = await print(paper)
    expect(pagesOf(path)).toBeLessThan(3)
    const text = squeeze(textOf(path))
    for (const { name } of family) for (const word of name.split(' ')) expect(text).toContain(word)
    expect(text).toContain('14(empatbelas)orang')
  })

  test('says of a draft that it is one and of a void letter that it counts no more, and neither has a QR', async () => {
    const { paper } = fill(template, usual)
    const draft: LetterPaper = { ...paper, written: null, code: null, mark: 'draft' }
    const voided: LetterPaper = { ...paper, code: null, mark: 'void' }
    expect(describeLetter({ letter: draft }, say).watermark).toMatchObject({ text: 'KONSEP' })
    expect(describeLetter({ letter: voided }, say).watermark).toMatchObject({ text: 'TIDAK BERLAKU' })
    expect(textOf(await print(draft))).toContain('diisi saat terbit')
    for (const one of [draft, voided]) {
      const path = await print(one)
      expect(() => decodeQr(shoot(path))).toThrow()
    }
  })

  test.each([1, 2, 3])(
    'has %i who sign besides, each once, with dots where a name is written by hand',
    async (count) => {
      const others = [
        { title: 'Pemohon,', name: '{{nama}}' },
        { title: 'Saksi,', name: 'Bapak RT' },
        { title: 'Mengetahui,\nCamat {{kecamatan}}' },
      ].slice(-count)
      const { paper } = fill({ ...template, signing: { others } }, usual)
      const path = await print(paper)
      expect(pagesOf(path)).toBe(1)
      const text = textOf(path)
      expect(text.match(/Mengetahui,/g)).toHaveLength(1)
      expect(text).toMatch(/Camat Licin/)
      expect(text).toMatch(/\.{30}/)
      expect(text.match(/Pemohon,/g) ?? []).toHaveLength(count === 3 ? 1 : 0)
      expect(decodeQr(shoot(path))).toBe(paper.code)
    },
  )

  test('is F4 or A4, to the millimetre', async () => {
    const { paper } = fill(template, usual)
    const sizeOf = async (size: 'F4' | 'A4') =>
      /Page size:\s+([\d.]+) x ([\d.]+)/
        .exec(execFileSync('pdfinfo', [await print({ ...paper, paper: size })], { encoding: 'utf8' }))
        ?.slice(1)
        .map((points) => Math.round((Number(points) * 25.4) / 72))
    expect([await sizeOf('F4'), await sizeOf('A4')]).toEqual([
      [215, 330],
      [210, 297],
    ])
  })
})

type Picture = { width: number; height: number; data: Uint8Array }

/** The page as a camera sees it, as RGB: not quite white, not quite black. */
function shoot(path: string): Picture {
  const out = join(folder, 'page')
  execFileSync('pdftoppm', ['-r', '300', '-gray', '-singlefile', path, out])
  const file = readFileSync(`${out}.pgm`)
  const [header = '', width = '0', height = '0'] =
    /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.subarray(0, 64).toString('latin1')) ?? []
  const grey = file.subarray(header.length)
  const data = new Uint8Array(grey.length * 3)
  for (const [index, value] of grey.entries()) data.fill(60 + (value * 150) / 255, index * 3, index * 3 + 3)
  return { width: Number(width), height: Number(height), data }
}

/** Each point as the mean of those around it, first along the lines and then across. */
function blur({ width, height, data }: Picture, radius: number): Picture {
  const mean = (from: Uint8Array, step: number, along: number, limit: number): Uint8Array => {
    const to = new Uint8Array(from.length)
    for (let at = 0; at < width * height; at++) {
      const place = step === 1 ? at % width : Math.floor(at / width)
      let sum = 0
      for (let off = -along; off <= along; off++) {
        const near = place + off < 0 || place + off >= limit ? 0 : off
        sum += from[(at + near * step) * 3] ?? 0
      }
      to.fill(sum / (2 * along + 1), at * 3, at * 3 + 3)
    }
    return to
  }
  return { width, height, data: mean(mean(data, 1, radius, width), width, radius, height) }
}

test('the register of a year is a book with every number, void ones with their reason', async () => {
  const line = {
    on: '2026-11-23',
    by: 'Bu Kades',
    collectedAt: null,
    sentOn: null,
    collectedVillage: null,
    claim: null,
    dateByHand: false,
    signed: null,
    letter: 'abcdefghijkl',
  }
  const lines: RegisterLine[] = Array.from({ length: 60 }, (_, index) => ({
    ...{ ...line, row: index + 1, number: index + 1, written: `400.8/${index + 1}/2008/XI/2026` },
    ...{ subject: 'Surat Keterangan Domisili', name: 'SITI AMINAH', state: 'issued', reason: null },
  }))
  lines[1] = {
    ...line,
    row: 2,
    number: 2,
    written: '400.8/2/2008/XI/2026',
    subject: null,
    name: null,
    state: 'void',
    reason: 'Nama salah',
  }
  const office: Office = {
    ...{ village: '3510242008', name: 'Desa Tamansari', district: 'Licin', zone: 'Asia/Jakarta' },
    ...{ now: Date.UTC(2026, 10, 23), clock: 'synced', drafts: [] },
  }
  const path = join(folder, 'register.pdf')
  const task = { register: lines, year: 2026, office, regency: 'Kabupaten Banyuwangi' }
  writeFileSync(path, await makePdf(describeRegister(task, say)))
  const text = squeeze(textOf(path))
  for (const { written } of lines) expect(text).toContain(written)
  expect(text).toContain('namasudahdihapus')
  for (const word of ['Tidak', 'berlaku:', 'Nama', 'salah']) expect(text).toContain(word)
})
