import decodeQr from 'qr/decode.js'
import { encode } from 'uqr'

/* Reads ESC/POS back, for tests: what a printer would put on paper, as far as our tickets use the language. */

type Align = 'left' | 'center' | 'right'
export type PaperLine =
  | { kind: 'text'; align: Align; spans: { text: string; scale: number; bold: boolean }[] }
  | { kind: 'image'; align: Align; width: number; height: number; rows: Uint8Array }
  | { kind: 'qr'; align: Align; data: string; moduleDots: number }
  | { kind: 'cut' }

const alignments = ['left', 'center', 'right'] as const

/** The lines of a paper, blank ones included. Throws at a command that it does not know, with its place. */
export function decodePaper(bytes: Uint8Array): PaperLine[] {
  const buffer = Buffer.from(bytes)
  const lines: PaperLine[] = []
  let align: Align = 'left'
  let scale = 1
  let bold = false
  let spans: { text: string; scale: number; bold: boolean }[] = []
  let qr = { data: '', moduleDots: 3 }
  let at = 0

  const byte = (offset: number): number => buffer[at + offset] ?? 0
  const unknownAt = (): never => {
    throw new Error(`Unknown command at byte ${at}: ${buffer.subarray(at, at + 6).toString('hex')}`)
  }
  function endLine(): void {
    lines.push({ kind: 'text', align, spans })
    spans = []
  }

  /** Commands by their first two bytes; each answers its length. */
  const commands: Record<string, () => number> = {
    '1b40': () => {
      align = 'left'
      scale = 1
      bold = false
      return 2
    },
    '1c2e': () => 2, // no two-byte characters
    '1b4d': () => 3, // font A
    '1b74': () => 3, // code page: our text is ASCII
    '1b45': () => {
      bold = byte(2) === 1
      return 3
    },
    '1b61': () => {
      align = alignments[byte(2)] ?? 'left'
      return 3
    },
    '1d21': () => {
      const [wide, high] = [(byte(2) >> 4) + 1, (byte(2) & 7) + 1]
      if (wide !== high) unknownAt()
      scale = wide
      return 3
    },
    '1d76': () => {
      const [perRow, height] = [buffer.readUInt16LE(at + 4), buffer.readUInt16LE(at + 6)]
      const rows = buffer.subarray(at + 8, at + 8 + perRow * height)
      const image = { align, width: perRow * 8, height, rows }
      lines.push(readQr(image) ?? { kind: 'image', ...image })
      return 8 + perRow * height
    },
    '1d28': () => {
      const length = buffer.readUInt16LE(at + 3)
      const body = buffer.subarray(at + 5, at + 5 + length)
      if (body[1] === 0x43) qr = { ...qr, moduleDots: body[2] ?? 0 }
      if (body[1] === 0x50) qr = { ...qr, data: body.subarray(3).toString('latin1') }
      if (body[1] === 0x51) lines.push({ kind: 'qr', align, ...qr })
      return 5 + length
    },
    '1d56': () => {
      lines.push({ kind: 'cut' })
      return 3
    },
  }

  while (at < buffer.length) {
    const one = byte(0)
    if (one === 0x0a) endLine()
    if (one === 0x0a || one === 0x0d) {
      at++
    } else if (one >= 0x20) {
      const last = spans.at(-1)
      if (last && last.scale === scale && last.bold === bold) last.text += String.fromCharCode(one)
      else spans.push({ text: String.fromCharCode(one), scale, bold })
      at++
    } else {
      const run = commands[buffer.toString('hex', at, at + 2)] ?? unknownAt
      at += run()
    }
  }
  return lines
}

/** A picture that is a QR code, as a phone's camera reads it off the paper, with the white around it; null: it is none. */
function readQr({ align, width, height, rows }: { align: Align; width: number; height: number; rows: Uint8Array }) {
  const quiet = 32
  const wide = width + 2 * quiet
  const data = new Uint8ClampedArray(wide * (height + 2 * quiet) * 4).fill(255)
  let [first, last] = [width, 0]
  for (let dot = 0; dot < width * height; dot++) {
    if (!(((rows[dot >> 3] ?? 0) >> (7 - (dot & 7))) & 1)) continue
    const [x, y] = [dot % width, Math.floor(dot / width)]
    data.fill(0, ((y + quiet) * wide + x + quiet) * 4, ((y + quiet) * wide + x + quiet) * 4 + 3)
    first = Math.min(first, x)
    last = Math.max(last, x)
  }
  try {
    const text = decodeQr({ data, width: wide, height: height + 2 * quiet })
    const { size } = encode(text, { ecc: 'M', border: 0 })
    return { kind: 'qr', align, data: text, moduleDots: (last + 1 - first) / size } as const
  } catch {
    return null
  }
}

/** A paper's words, a line each; pictures and codes as `[image 132x72]`, `[qr http://…]`, `[cut]`. */
export const paperText = (lines: readonly PaperLine[]): string[] => lines.map(wordsOf)

function wordsOf(line: PaperLine): string {
  switch (line.kind) {
    case 'text':
      return line.spans
        .map(({ text, scale }) => (scale > 1 ? `${text.trim()} (x${scale})` : text))
        .join('')
        .trim()
    case 'image':
      return `[image ${line.width}x${line.height}]`
    case 'qr':
      return `[qr ${line.data}]`
    case 'cut':
      return '[cut]'
  }
}
