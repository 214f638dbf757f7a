import { encode } from 'uqr'
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
    /** "Nomor antrean Anda" */
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

/**
 * The ticket as ESC/POS bytes for any printer with 203 dots an inch. A printer that does not know the command for a QR
 * prints it as letters; a picture it prints like the roof.
 */
export async function encodeTicket(
  ticket: PaperTicket,
  width: PaperWidth,
  qr: 'picture' | 'command' = 'picture',
): Promise<Uint8Array> {
  const ReceiptPrinterEncoder = await loadEncoder()
  const roof = drawRoof(3)
  const printer = new ReceiptPrinterEncoder({
    language: 'esc-pos',
    columns: columns[width],
    imageMode: 'raster',
    codepageMapping: 'epson',
    feedBeforeCut,
  })
  const rule = '-'.repeat(columns[width])
  printer.initialize().codepage('cp437').align('center')
  const draw = (picture: Picture) => {
    const { width, height } = picture
    printer.image({ ...picture, colorSpace: 'srgb' }, width, height, 'threshold')
  }
  draw(padded(roof))
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
  printer.newline()
  if (qr === 'picture') draw(padded(drawQr(ticket.address, qrModuleDots)))
  else printer.qrcode(ticket.address, { model: 2, size: qrModuleDots, errorlevel: 'm' })
  printer.bold(true).line(plain(ticket.words.follow)).bold(false)
  // For who has no camera, or whose camera reads no codes.
  for (const line of wrap(plain(ticket.address.replace(/^http:\/\//, '')), columns[width])) printer.line(line)
  printer.newline()
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

type Picture = { data: Uint8ClampedArray; width: number; height: number }

/** A QR code, black on white, without a margin: the paper is white. */
function drawQr(text: string, moduleDots: number): Picture {
  const { data: rows, size } = encode(text, { ecc: 'M', border: 0 })
  const width = size * moduleDots
  const data = new Uint8ClampedArray(width * width * 4).fill(255)
  for (let y = 0; y < width; y++)
    for (let x = 0; x < width; x++)
      if (rows[Math.floor(y / moduleDots)]?.[Math.floor(x / moduleDots)])
        data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
  return { data, width, height: width }
}

/** A picture in the middle of one whose sides are whole bytes, as printers want it. */
function padded({ data, width, height }: Picture): Picture {
  const [wide, high] = [Math.ceil(width / 8) * 8, Math.ceil(height / 8) * 8]
  const out = new Uint8ClampedArray(wide * high * 4).fill(255)
  const [left, above] = [(wide - width) >> 1, (high - height) >> 1]
  for (let y = 0; y < height; y++) {
    out.set(data.subarray(y * width * 4, (y + 1) * width * 4), ((y + above) * wide + left) * 4)
  }
  return { data: out, width: wide, height: high }
}
