import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import { sheets } from '../base/pdf/sheets.ts'
import { qrPath } from '../base/qr-path.ts'
import type { LetterContent } from './letter-content.ts'
import { type Issuer, longDate, splitName } from './values.ts'

/** A letter as it is printed. */
export type LetterPaper = {
  content: LetterContent
  issuer: Issuer
  /** Below the office's name on the letterhead. */
  address: string
  /** The coat of arms: a PNG or JPEG as a data URL; null: none. */
  arms: string | null
  paper: 'F4' | 'A4'
  /** Its number; null: it has none yet. */
  written: string | null
  /** What its QR holds; null: none before somebody has signed. */
  code: string | null
  mark: 'draft' | 'unsigned' | 'void' | null
  /** Signed electronically: the paper says so, where the signature would be. */
  electronic?: boolean
}

export type LetterTask = { letter: LetterPaper }

const black = '#000000'
/** Millimetres in the points of paper. */
const mm = (length: number): number => (length * 72) / 25.4
const inPoints = ({ width, height }: { width: number; height: number }) => ({ width: mm(width), height: mm(height) })
export const paperSizes = { F4: inPoints(sheets.F4), A4: inPoints(sheets.A4) } as const
const side = mm(25)
const qrSide = mm(25)
const armsSide = mm(20)
const roomForStamp = mm(22)
const roomBelow = mm(16)
const noteAbove = mm(6)
const lineHeight = 1.3
const wordWidth = mm(45)
const fontSizes = [11, 10.5, 10, 9.5, 9] as const
const readable = 10
/** Letterhead, title, number and signature, in points; how high a line of this face is and how wide a character, of its size. */
const aroundHeight = 300
const faceHeight = 1.26
/** Of those who sign besides, and of the QR where it has a row of its own, in points. */
const signersHeight = 110
const qrHeight = 100
const characterWidth = { large: 0.68, other: 0.54 }

/** One letter, dignified and exact. Pure: a description that pdfmake sets. */
export function describeLetter(
  { letter }: LetterTask,
  say: Say,
  fontSize: number = fontSizesFor(letter)[0] ?? readable,
): TDocumentDefinitions {
  const { content, paper, written, code, mark } = letter
  const width = paperSizes[paper].width - 2 * side
  return {
    pageSize: paperSizes[paper],
    pageMargins: [side, mm(15), side, mm(20)],
    info: {
      title: written ? `${content.title} ${written}` : content.title,
      author: letter.issuer.name,
      // Its own day, so that the same letter is the same file whenever it is printed.
      creationDate: new Date(`${content.on}T00:00:00Z`),
    },
    defaultStyle: { font: 'Jakarta', fontSize, color: black, lineHeight },
    ...(mark
      ? { watermark: { text: say(`letters.paper-${mark}`), color: black, opacity: 0.08, bold: true, angle: -35 } }
      : {}),
    footer: (page, pages) => ({
      margin: [side, mm(6), side, 0],
      fontSize: 7.5,
      columns: [
        { text: written ? `${content.title} · ${written}` : content.title },
        { text: pages > 1 ? say('letters.paper-page', { n: page, of: pages }) : '', alignment: 'right' },
      ],
    }),
    content: [
      ...letterhead(letter, width, say),
      {
        text: content.title.toUpperCase(),
        ...{ alignment: 'center', bold: true, fontSize: 13, decoration: 'underline', margin: [0, 4, 0, 0] },
      },
      {
        text: say('letters.paper-number', { number: written ?? say('letters.paper-no-number') }),
        ...{ alignment: 'center', margin: [0, 0, 0, 14] },
      },
      ...content.blocks.map(describeBlock),
      signed(letter, code, say, fontSize / fontSizes[0]),
    ],
  }
}

/**
 * Letters to set it with, the first that make one page: from the largest that do by how much it says, down; at the end those
 * that are read best, where it is more than a page.
 */
export function fontSizesFor(letter: LetterPaper): number[] {
  const guessed = guessFontSize(letter) ?? Math.min(...fontSizes)
  return [...fontSizes.filter((size) => size <= guessed), readable]
}

/** Null: by how much it says it is more than one page. */
function guessFontSize({ content: { blocks, signature }, paper }: LetterPaper): number | null {
  const { width, height } = paperSizes[paper]
  const room = height - mm(35) - aroundHeight - belowSignature(signature.others?.length ?? 0)
  const titles = Math.max(0, signature.lines.length - 2) * 11 * faceHeight * lineHeight
  const linesOf = (text: string, across: number, size: number): number => {
    const large = text.replaceAll(/[^A-Z]/g, '').length
    const wide = large * characterWidth.large + (text.length - large) * characterWidth.other
    return Math.ceil((wide * size) / across)
  }
  const heightOf = (block: LetterContent['blocks'][number], size: number): number => {
    const line = size * faceHeight * lineHeight
    if ('text' in block) return linesOf(block.text, width - 2 * side, size) * line + 8
    if ('heading' in block) return line + 8
    if ('head' in block) return (block.lines.length + 1) * (9 * faceHeight * lineHeight + 5) + 8
    const across = width - 2 * side - wordWidth - mm(11)
    return block.rows.reduce(
      (sum, [word, value]) => sum + Math.max(linesOf(word, wordWidth, size), linesOf(value, across, size)) * line + 2,
      8,
    )
  }
  const fits = (size: number) => blocks.reduce((sum, block) => sum + heightOf(block, size), 0) + titles <= room
  return fontSizes.find(fits) ?? null
}

/** What stands below the office's signature, in points: as with a QR, so that a draft is set like the letter. */
const belowSignature = (others: number): number => [0, qrHeight][others] ?? signersHeight

/** Regency, district, village, address; the double line that letters of offices have. */
function letterhead({ issuer, address, arms }: LetterPaper, width: number, say: Say): Content[] {
  const { kind, place } = splitName(issuer.name)
  const above = [
    issuer.regency && say('letters.paper-government', { name: issuer.regency }),
    issuer.district && say('letters.paper-district', { name: issuer.district }),
  ].flatMap((text): Content[] => (text ? [{ text: text.toUpperCase(), fontSize: 12, alignment: 'center' }] : []))
  const words: Content[] = [
    ...above,
    { text: `${kind} ${place}`.toUpperCase(), fontSize: 15, bold: true, alignment: 'center' },
    ...(address ? [{ text: address, fontSize: 9, alignment: 'center' as const }] : []),
  ]
  return [
    // As much room on both sides, so that the words stay in the middle of the paper.
    ...(arms
      ? [
          {
            columns: [
              { image: arms, fit: [armsSide, armsSide] as [number, number], width: armsSide },
              { stack: words, width: '*' },
              { text: '', width: armsSide },
            ],
          },
        ]
      : words),
    {
      canvas: [
        { type: 'line', x1: 0, y1: 5, x2: width, y2: 5, lineWidth: 2 },
        { type: 'line', x1: 0, y1: 8, x2: width, y2: 8, lineWidth: 0.6 },
      ],
      margin: [0, 0, 0, 14],
    },
  ]
}

const plain = {
  hLineWidth: () => 0,
  vLineWidth: () => 0,
  paddingLeft: () => 0,
  paddingTop: () => 1,
  paddingBottom: () => 1,
}

const framed = { hLineWidth: () => 0.6, vLineWidth: () => 0.6, paddingTop: () => 2, paddingBottom: () => 2 }

function describeBlock(block: LetterContent['blocks'][number]): Content {
  if ('text' in block) return { text: block.text, alignment: 'justify', margin: [0, 0, 0, 8] }
  if ('heading' in block) return { text: block.heading, bold: true, margin: [0, 4, 0, 4] }
  if ('head' in block)
    return {
      margin: [0, 0, 0, 8],
      fontSize: 9,
      layout: framed,
      table: {
        headerRows: 1,
        widths: ['auto', ...block.head.map((_, index) => (index === 0 ? '*' : 'auto'))],
        body: [
          ['No.', ...block.head].map((text) => ({ text, bold: true })),
          ...block.lines.map((line, index) => [`${index + 1}.`, ...line.map((text, at) => ({ text, noWrap: at > 0 }))]),
        ],
        dontBreakRows: true,
      },
    }
  return {
    margin: [mm(8), 0, 0, 8],
    layout: plain,
    table: {
      widths: [wordWidth, mm(3), '*'],
      body: block.rows.map(([word, value]) => [word, ':', value]),
      dontBreakRows: true,
    },
  }
}

/**
 * Place and date, who signs, and beside it the QR once somebody has. Who signs besides has its place first: the first beside
 * the office, the others below. It stays in one piece.
 */
function signed(
  { content: { on, signature }, issuer, electronic = false }: LetterPaper,
  code: string | null,
  say: Say,
  /** Of the usual room for a signature: as much smaller as the letters are. */
  scale: number,
): Content {
  const { lines, name, number, others = [] } = signature
  const { place } = splitName(issuer.name)
  const [beside, ...below] = others
  const [first = '', ...rest] = lines
  const office = signer([`${place}, ${longDate(on)}`, { text: first, bold: true }, ...rest], name, {
    ...{ number, note: electronic ? say('letters.paper-electronic') : null, room: scale * roomForStamp },
  })
  // The word as high as the office's, the name as low.
  const words = ['', ...(beside?.title.split('\n') ?? [])]
  const filled = Array.from({ length: Math.max(words.length, lines.length + 1) }, (_, at) => words[at] || ' ')
  return {
    unbreakable: true,
    margin: [0, 14, 0, 0],
    stack: [
      {
        columns: [
          {
            width: '*',
            stack: beside ? [signer(filled, beside.name, { room: scale * roomForStamp })] : qrBlock(code, say),
          },
          { width: mm(80), stack: [office] },
        ],
      },
      ...(beside ? belowOffice(below, code, say, scale) : []),
    ],
  }
}

/** One who signs below stands in the middle, with the QR at its left; two stand at both sides of it. */
function belowOffice(
  below: readonly { title: string; name: string }[],
  code: string | null,
  say: Say,
  scale: number,
): Content[] {
  const [first, second] = below.map(({ title, name }) => signer(title.split('\n'), name, { room: scale * roomBelow }))
  const qr = { width: mm(45), stack: qrBlock(code, say) }
  const margin: [number, number, number, number] = [0, 10, 0, 0]
  if (!first) return code ? [{ margin, stack: qrBlock(code, say) }] : []
  const middle = { width: '*', stack: [first] }
  return [
    {
      margin,
      columns: second ? [middle, qr, { width: '*', stack: [second] }] : [qr, middle, { width: mm(45), text: '' }],
    },
  ]
}

/** Words, room for a signature, or a note where there is none to be seen, the name; dots where it is written by hand. */
function signer(
  words: readonly Content[],
  name: string,
  { room, number = '', note = null }: { room: number; number?: string; note?: string | null },
): Content {
  return {
    alignment: 'center',
    stack: [
      ...words,
      ...(note ? [{ text: note, fontSize: 9, margin: [0, noteAbove, 0, 0] as [number, number, number, number] }] : []),
      {
        ...(name ? { text: name, bold: true, decoration: 'underline' } : { text: '................................' }),
        margin: [0, note ? noteAbove : room, 0, 0],
      },
      ...(number ? [{ text: number, fontSize: 9 }] : []),
    ],
  }
}

function qrBlock(code: string | null, say: Say): Content[] {
  return code
    ? [
        { svg: qrSvg(code), width: qrSide },
        { text: say('letters.paper-check'), fontSize: 7.5, margin: [0, 3, 20, 0] },
      ]
    : []
}

/** A QR as a drawing, so that its size is exact and its edges are sharp on any printer. */
function qrSvg(text: string): string {
  const { path, size } = qrPath(text)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path fill="#000" d="${path}"/></svg>`
}
