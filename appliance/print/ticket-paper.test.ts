import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fakeRules, startFakePrinter } from '../../testing/fake-printer.ts'
import { decodePaper, paperText } from '../../testing/paper-decoder.ts'
import { drawPaper } from '../../testing/paper-picture.ts'
import { createPrinter } from './printer.ts'
import { drawRoof } from './roof-mark.ts'
import { encodeTicket, type PaperTicket, plain } from './ticket-paper.ts'

const root = join(import.meta.dirname, '../..')
const ticket: PaperTicket = {
  village: 'Desa Tamansari',
  district: 'Kecamatan Licin',
  number: 'A012',
  service: 'KTP dan Kartu Keluarga',
  ahead: '3 orang di depan Anda',
  range: 'Perkiraan 10–15 menit',
  published: null,
  requires: ['KTP lama', 'Kartu Keluarga', 'Surat pengantar RT/RW yang sudah dicap'],
  address: 'http://192.168.110.10/t/Zk3vQ9xT_a7B',
  takenAt: 'Senin, 23 November 2026, 09.41',
  words: { yourNumber: 'Nomor antrean Anda', bring: 'Yang perlu dibawa', follow: 'Pantau dari ponsel' },
}
const linesOf = async (paper: PaperTicket, width: 58 | 80) => decodePaper(await encodeTicket(paper, width))
const wordsOf = async (paper: PaperTicket, width: 58 | 80) =>
  paperText(await linesOf(paper, width)).filter((line) => line !== '')

function keepPicture(name: string, picture: Buffer): void {
  mkdirSync(join(root, 'artifacts'), { recursive: true })
  writeFileSync(join(root, 'artifacts', name), picture)
}

test('what reaches the printer is the ticket, from the roof to the cut', async () => {
  const fake = await startFakePrinter()
  const printer = createPrinter({
    target: fake.target,
    rules: fakeRules,
    onChange: () => {},
    monotonicMs: () => performance.now(),
  })
  expect(await printer.print(await encodeTicket(ticket, 58))).toBe('printed')
  await printer.stop()
  await fake.stop()
  const lines = decodePaper(fake.papers[0] ?? Buffer.alloc(0))
  keepPicture('ticket-58.png', drawPaper(lines, 384))
  expect(paperText(lines).filter((line) => line !== '')).toEqual([
    '[image 136x72]',
    'Desa Tamansari',
    'Kecamatan Licin',
    'Nomor antrean Anda',
    'A012 (x4)',
    'KTP dan Kartu Keluarga',
    '3 orang di depan Anda',
    'Perkiraan 10-15 menit',
    '-'.repeat(32),
    'Yang perlu dibawa:',
    '- KTP lama',
    '- Kartu Keluarga',
    '- Surat pengantar RT/RW yang',
    'sudah dicap',
    '-'.repeat(32),
    '[qr http://192.168.110.10/t/Zk3vQ9xT_a7B]',
    'Pantau dari ponsel',
    '192.168.110.10/t/Zk3vQ9xT_a7B',
    'Senin, 23 November 2026, 09.41',
    '[cut]',
  ])
})

test('without an estimate and papers to bring, nothing is said of them', async () => {
  const words = await wordsOf({ ...ticket, range: null, requires: [] }, 80)
  keepPicture('ticket-80.png', drawPaper(await linesOf({ ...ticket, number: 'C007' }, 80), 576))
  expect(words.slice(5, 9)).toEqual([
    'KTP dan Kartu Keluarga',
    '3 orang di depan Anda',
    '[qr http://192.168.110.10/t/Zk3vQ9xT_a7B]',
    'Pantau dari ponsel',
  ])
})

describe.each([
  [58, 32, 384],
  [80, 48, 576],
] as const)('on %i mm', (width, columns, dots) => {
  const long: PaperTicket = {
    ...ticket,
    village: 'Desa Kebondalem Kidul Sumberagung Wetan Lor Tengah',
    service: 'Surat keterangan tidak mampu untuk beasiswa pendidikan tinggi dan sekolah',
    requires: [`Kartu ${'x'.repeat(70)}`, 'Surat lahir dari bidan atau rumah sakit, asli dan salinan, dua lembar'],
  }

  test('no line is longer than the paper is wide, and no word is lost', async () => {
    const lines = await linesOf(long, width)
    const used = lines.flatMap((line) =>
      line.kind === 'text' ? [line.spans.reduce((sum, { text, scale }) => sum + text.trimEnd().length * scale, 0)] : [],
    )
    expect(Math.max(...used)).toBeLessThanOrEqual(columns)
    const said = paperText(lines).join(' ').replaceAll(/\s+/g, ' ')
    for (const word of [long.village, long.service, ...long.requires].join(' ').split(' ')) {
      if (word.length < 30) expect(said).toContain(word)
    }
  })

  test('the number is four times as high as the rest, and everything but the list stands in the middle', async () => {
    const lines = await linesOf(ticket, width)
    const big = lines.flatMap((line) => (line.kind === 'text' ? line.spans.filter(({ scale }) => scale > 1) : []))
    expect(big).toEqual([{ text: 'A012', scale: 4, bold: true }])
    const [image] = lines.filter((line) => line.kind === 'image')
    const [qr] = lines.filter((line) => line.kind === 'qr')
    expect([image?.align, qr?.align]).toEqual(['center', 'center'])
  })

  test('the code is large enough for an old phone and fits the paper', async () => {
    const [qr] = (await linesOf(ticket, width)).filter((line) => line.kind === 'qr')
    const modules = 29
    expect(modules * (qr?.moduleDots ?? 0)).toBeGreaterThan(160)
    expect((modules + 8) * (qr?.moduleDots ?? 0)).toBeLessThan(dots)
  })
})

test('R16: a printer that knows no command for a QR gets a picture; whose does gets the command, and both the address', async () => {
  const isCommand = (bytes: Uint8Array) => Buffer.from(bytes).includes(Buffer.from([0x1d, 0x28, 0x6b]))
  expect(isCommand(await encodeTicket(ticket, 58))).toBe(false)
  const command = await encodeTicket(ticket, 58, 'command')
  expect(isCommand(command)).toBe(true)
  expect(paperText(decodePaper(command))).toEqual(paperText(await linesOf(ticket, 58)))
  // An address that is longer than the paper is wide is broken, not cut.
  const address = 'http://balai-3510242008.local:8080/t/Zk3vQ9xT_a7B'
  const lines = await wordsOf({ ...ticket, address }, 58)
  expect(
    lines
      .slice(lines.indexOf(`[qr ${address}]`) + 2)
      .slice(0, 2)
      .join(''),
  ).toBe(address.slice(7))
})

test('signs that cheap printers do not have become plain ones', () => {
  expect(plain('Café “Âpa” – 10–15 menit · Jum’at ×2 ½')).toBe('Cafe "Apa" - 10-15 menit - Jum\'at x2 1?2')
})

test('the roof is the mark of the pages', () => {
  const svg = readFileSync(join(root, 'appliance/pages/ui/mark.svg'), 'utf8')
  expect(svg).toContain('viewBox="0 0 44 24"')
  expect([...svg.matchAll(/ d="([^"]+)"/g)].map(([, path]) => path)).toEqual([
    'M15 3h14l4 9h9l2 4H0l2-4h9z',
    'M6 18h3v6H6zM20 18h4v6h-4zM35 18h3v6h-3z',
  ])
  const { data, width } = drawRoof(1)
  const black = (x: number, y: number) => data[(y * width + x) * 4] === 0
  expect([black(22, 4), black(1, 15), black(1, 12), black(7, 20), black(12, 20), black(22, 17)]).toEqual([
    ...[true, true, false, true, false, false],
  ])
})
