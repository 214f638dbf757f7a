import { drawRoof } from './roof-mark.ts'

/** 58 mm paper has 32 characters (384 dots) in a line, 80 mm has 48 (576). */
export type PaperWidth = 58 | 80

/** All that stands on a paper ticket, in the language of the one who took it. Nothing of it is personal. */
export type PaperTicket = {
  village: string
  district: string
  /** A012 */
  number: string
  service: string
  /** "3 orang di depan Anda" */
  ahead: string
  /** "Perkiraan 10–15 menit"; null: not enough data. */
  range: string | null
  requires: readonly string[]
  /** What it costs, and of when this is; null: it is the village's own service. */
  published: string | null
  /** Address of the phone page, for the QR. */
  address: string
  /** "Senin, 23 November 2026, 09.41" */
  takenAt: string
  words: {
    /** "Nomor antrian Anda" */
    yourNumber: string
    /** "Yang perlu dibawa" */
    bring: string
    /** "Pantau dari ponsel" */
    follow: string
  }
}

export const columns = { 58: 32, 80: 48 } as const satisfies Record<PaperWidth, number>
/** Dots of one QR module: about 30 mm wide with a phone page's address, which old phones read at arm's length. */
const qrModuleDots = 6
/** The head stands about 20 mm behind the knife. */
export const feedBeforeCut = 5

/** Loaded with the first paper: its tables of letters are of no use to an office without a printer. */
export const loadEncoder = async () => (await import('@point-of-sale/receipt-printer-encoder')).default

/** The ticket as ESC/POS bytes for any printer with 203 dots an inch. */
export async function encodeTicket(ticket: PaperTicket, width: PaperWidth): Promise<Uint8Array> {
  const ReceiptPrinterEncoder = await loadEncoder()
  const roof = drawRoof(3)
  const image = { width: paddedWidth(roof.width), height: roof.height, algorithm: 'threshold' } as const
  const printer = new ReceiptPrinterEncoder({
    language: 'esc-pos',
    columns: columns[width],
    imageMode: 'raster',
    codepageMapping: 'epson',
    feedBeforeCut,
  })
  const rule = '-'.repeat(columns[width])
  printer.initialize().codepage('cp437').align('center')
  printer.image(padded(roof), image)
  printer.bold(true).line(plain(ticket.village)).bold(false).line(plain(ticket.district)).newline()
  printer.line(plain(ticket.words.yourNumber))
  printer.bold(true).size(4, 4).line(plain(ticket.number)).size(1, 1)
  printer.line(plain(ticket.service)).bold(false).newline()
  printer.line(plain(ticket.ahead))
  if (ticket.range) printer.bold(true).line(plain(ticket.range)).bold(false)
  if (ticket.requires.length > 0) {
    printer.align('left').line(rule)
    printer.line(`${plain(ticket.words.bring)}:`)
    for (const paper of ticket.requires) {
      const [first = '', ...rest] = wrap(plain(paper), columns[width] - 2)
      printer.line(`- ${first}`)
      for (const line of rest) printer.line(`  ${line}`)
    }
    printer.line(rule).align('center')
  }
  if (ticket.published) for (const line of wrap(plain(ticket.published), columns[width])) printer.line(line)
  printer.newline().qrcode(ticket.address, { model: 2, size: qrModuleDots, errorlevel: 'm' })
  printer.bold(true).line(plain(ticket.words.follow)).bold(false).newline()
  printer.line(plain(ticket.takenAt)).align('left').cut('partial')
  return printer.encode()
}

/**
 * Text that every printer has: letters lose their accents and typographic signs become ASCII, because cheap printers
 * ignore the choice of a code page and would print something else.
 */
export const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[‐-―−]/g, '-')
    .replaceAll(/[‘’ʼ]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[•·]/g, '-')
    .replaceAll('×', 'x')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^ -~]/g, '?')

/** Lines of at most `limit` characters, broken between words; a longer word is cut. */
export function wrap(text: string, limit: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => one.match(new RegExp(`.{1,${limit}}`, 'g')) ?? [])) {
    if (line && line.length + 1 + word.length > limit) {
      lines.push(line)
      line = ''
    }
    line = line ? `${line} ${word}` : word
  }
  return line ? [...lines, line] : lines
}

/** Raster rows are whole bytes. */
const paddedWidth = (width: number): number => Math.ceil(width / 8) * 8

function padded({ data, width, height }: ReturnType<typeof drawRoof>) {
  const wide = paddedWidth(width)
  const out = new Uint8ClampedArray(wide * height * 4).fill(255)
  const left = (wide - width) >> 1
  for (let y = 0; y < height; y++) {
    out.set(data.subarray(y * width * 4, (y + 1) * width * 4), (y * wide + left) * 4)
  }
  return { data: out, width: wide, height, colorSpace: 'srgb' as const }
}
