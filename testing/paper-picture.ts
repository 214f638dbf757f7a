import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'uqr'
import type { PaperLine } from './paper-decoder.ts'

/* Draws a decoded paper as a person would hold it, for tests: 8 dots a millimetre, font A of 12 × 24 dots. */

/** ASCII 32 to 126 in 5 × 7 dots, five columns a letter, lowest bit on top: the usual font of small displays. */
const glyphs = Buffer.from(
  [
    '000000000000005f00000007000700147f147f14242a7f2a12231308646236495522500005030000001c2241000041221c00',
    '082a1c2a0808083e080800503000000808080808006060000020100804023e5149453e00427f400042615149462141454b31',
    '1814127f1027454545393c4a49493001710905033649494936064949291e003636000000563600000008142241141414141441',
    '2214080002015109063249794 13e7e1111117e7f494949363e414141227f4141221c7f494949417f090909013e41415132',
    '7f0808087f00417f41002040413f017f081422417f404040407f0204027f7f0408107f3e4141413e7f090909063e4151215e',
    '7f09192946464949493101017f01013f4040403f1f2040201f7f2018207f631408146303047804036151494543007f414100',
    '020408102000414 17f000402010204404040404000010204002054545478 7f484444383844444420384444487f3854545418',
    '087e0901020814545 43c7f0804047800447d40002040443d00007f10284400417f40007c041804787c0804047838444444387c14141408',
    '08141418 7c7c080404084854545420043f4440203c4040207c1c2040201c3c4030403c44281028440c5050503c4464544c44',
    '000836410000007f000000413608000201020402',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
)

const cell = { width: 12, height: 24, dot: 2 } as const
const margin = 24

/** The paper as a PNG: `dots` is the printable width, 384 on 58 mm and 576 on 80 mm. */
export function drawPaper(lines: readonly PaperLine[], dots: number): Buffer {
  const width = dots + 2 * margin
  const height = lines.reduce((sum, line) => sum + heightOf(line), 2 * margin)
  const pixels = Buffer.alloc(width * height, 255)
  const block = (x: number, y: number, size: number) => {
    for (let row = y; row < y + size; row++) pixels.fill(0, row * width + x, row * width + x + size)
  }
  const startOf = (line: { align: string }, used: number) =>
    margin + (line.align === 'center' ? Math.floor((dots - used) / 2) : 0)

  let y = margin
  for (const line of lines) {
    if (line.kind === 'text') {
      let x = startOf(
        line,
        line.spans.reduce((sum, { text, scale }) => sum + text.length * cell.width * scale, 0),
      )
      for (const { text, scale, bold } of line.spans) {
        for (const letter of text) {
          drawLetter(letter, (column, row) => {
            const dot = cell.dot * scale
            block(x + column * dot, y + heightOf(line) - (26 - 2 * row - 4) * scale, dot)
            if (bold) block(x + column * dot + 1, y + heightOf(line) - (26 - 2 * row - 4) * scale, dot)
          })
          x += cell.width * scale
        }
      }
    } else if (line.kind === 'image') {
      const left = startOf(line, line.width)
      for (let dot = 0; dot < line.width * line.height; dot++) {
        const black = ((line.rows[dot >> 3] ?? 0) >> (7 - (dot & 7))) & 1
        if (black) block(left + (dot % line.width), y + Math.floor(dot / line.width), 1)
      }
    } else if (line.kind === 'qr') {
      const { data, size } = encode(line.data, { ecc: 'M', border: 0 })
      const left = startOf(line, size * line.moduleDots)
      for (const [row, modules] of data.entries()) {
        for (const [column, black] of modules.entries())
          if (black) block(left + column * line.moduleDots, y + row * line.moduleDots, line.moduleDots)
      }
    } else for (let x = 0; x < width; x += 16) pixels.fill(128, (y + 4) * width + x, (y + 4) * width + x + 8)
    y += heightOf(line)
  }
  return png(pixels, width, height)
}

function heightOf(line: PaperLine): number {
  switch (line.kind) {
    case 'text':
      return Math.max(1, ...line.spans.map(({ scale }) => scale)) * cell.height + 6
    case 'image':
      return line.height
    case 'qr':
      return encode(line.data, { ecc: 'M', border: 0 }).size * line.moduleDots
    case 'cut':
      return 8
  }
}

function drawLetter(letter: string, dot: (column: number, row: number) => void): void {
  const index = letter.charCodeAt(0) - 32
  for (let column = 0; column < 5; column++) {
    const bits = glyphs[index * 5 + column] ?? 0
    for (let row = 0; row < 8; row++) if ((bits >> row) & 1) dot(column, row)
  }
}

/** An 8-bit grey picture as PNG (RFC 2083): each row begins with filter 0. */
function png(pixels: Buffer, width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++) pixels.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width)
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const framed = Buffer.alloc(body.length + 8)
    framed.writeUInt32BE(data.length, 0)
    body.copy(framed, 4)
    framed.writeUInt32BE(crc32(body), body.length + 4)
    return framed
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
