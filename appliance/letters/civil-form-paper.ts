import type { Content, ContentText, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import type { FormContent, FormSection } from './civil-form-parts.ts'
import { paperSizes } from './letter-paper.ts'

/** A form of civil registration as it is printed. */
export type CivilFormTask = { civilForm: FormContent; paper: 'F4' | 'A4' }

/** Millimetres in the points of paper. */
const mm = (length: number): number => (length * 72) / 25.4
const side = mm(12)
const labelWidth = mm(52)
const cell = 12
/** Of one letter of the smaller face, and of a value beside its label, in points. */
const letterWidth = 5.2
const valueWidth = mm(120)

const padding = 3
const framed = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0.5,
  paddingTop: () => 1.5,
  paddingBottom: () => 1.5,
  paddingLeft: () => padding,
  paddingRight: () => padding,
}
/** Its first row is a heading, above the frame. */
const headed = { ...framed, hLineWidth: (line: number) => (line === 0 ? 0 : 0.5) }
/** No space around a digit: its box is as wide as it is. */
const boxes = { ...framed, paddingLeft: () => 0, paddingRight: () => 0, paddingTop: () => 0, paddingBottom: () => 0 }

/** A form with what is known of it, and room for a pen where nothing is. Pure: a description that pdfmake sets. */
export function describeForm({ civilForm: form, paper }: CivilFormTask, say: Say): TDocumentDefinitions {
  const { number, title, rule, landscape, sections, signatures, place } = form
  const { width, height } = paperSizes[paper]
  const inner = (landscape ? height : width) - 2 * side
  return {
    pageSize: paperSizes[paper],
    pageOrientation: landscape ? 'landscape' : 'portrait',
    pageMargins: [side, mm(12), side, mm(16)],
    info: { title: `${number} ${title}` },
    defaultStyle: { font: 'Jakarta', fontSize: landscape ? 7.5 : 8.5, color: '#000000', lineHeight: 1.15 },
    footer: (page, pages) => ({
      margin: [side, mm(4), side, 0],
      fontSize: 6.5,
      columns: [
        { text: say('letters.civil-layout', { rule }), width: '*' },
        { text: say('letters.paper-page', { n: page, of: pages }), alignment: 'right', width: mm(30) },
      ],
    }),
    content: [
      {
        columns: [
          { text: title.toUpperCase(), bold: true, fontSize: 12, width: '*' },
          {
            width: mm(24),
            layout: framed,
            table: { widths: ['*'], body: [[{ text: number, bold: true, fontSize: 11, alignment: 'center' }]] },
          },
        ],
        margin: [0, 0, 0, 6],
      },
      ...(landscape ? [sideBySide(sections.slice(0, 2), inner)] : []),
      ...sections.slice(landscape ? 2 : 0).map((section) => describeSection(section, inner)),
      signed(signatures, place, inner / signatures.length),
    ],
  }
}

/** A wide page has room for two. */
const sideBySide = (sections: readonly FormSection[], inner: number): Content => ({
  columns: sections.map((section) => ({ width: '*', stack: [describeSection(section, inner / 2)] })),
  columnGap: 10,
})

/** Columns that share what the others leave, in points. */
function columnWidths(widths: readonly (number | '*')[], inner: number): number[] {
  const between = widths.length * (2 * padding + 0.5)
  const fixed = widths.reduce<number>((sum, one) => sum + (one === '*' ? 0 : one), 0)
  const share = (inner - between - fixed) / widths.filter((one) => one === '*').length
  return widths.map((one) => (one === '*' ? share : one))
}

function describeSection(section: FormSection, inner: number): Content {
  if ('text' in section) return { text: section.text, margin: [0, 4, 0, 4], alignment: 'justify' }
  if ('rows' in section)
    return {
      stack: [
        headingOf(section.heading),
        {
          layout: framed,
          table: {
            widths: [labelWidth, '*'],
            dontBreakRows: true,
            body: section.rows.map(([label, value]) => [label, valueCell(value)]),
          },
        },
      ],
      margin: [0, 0, 0, 5],
      unbreakable: true,
    }
  if ('choice' in section)
    return {
      stack: [headingOf(section.heading), describeChoice(section.choice, section.chosen)],
      margin: [0, 0, 0, 5],
      unbreakable: true,
    }
  const widths = columnWidths(section.widths, inner)
  return {
    margin: [0, 0, 0, 5],
    layout: headed,
    table: {
      headerRows: 2,
      // With its first line, a heading alone at the foot of a page says nothing.
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths,
      body: [
        [
          { text: section.heading, bold: true, colSpan: section.head.length, border: noBorder },
          ...section.head.slice(1).map((): TableCell => ({ text: '', border: noBorder })),
        ],
        section.head.map((text) => ({ text, bold: true })),
        ...section.lines.map((line) => line.map((text, at) => breakable(text, widths[at] ?? 0))),
      ],
    },
  }
}

const noBorder: [boolean, boolean, boolean, boolean] = [false, false, false, false]

/** A word that is wider than its column is broken where the line ends: it would push the others off the page. */
function breakable(text: string, width: number): ContentText {
  const room = Math.floor(width / letterWidth)
  const isLong = text.split(/\s+/).some((word) => word.length > room)
  return isLong ? { text, wordBreak: 'break-all' } : { text }
}

const headingOf = (text: string): Content => ({ text, bold: true, margin: [0, 1, 0, 2] })

/** Numbers of sixteen digits stand in a box each, as forms have them. */
const valueCell = (value: string): TableCell =>
  /^\d{16}$/.test(value)
    ? {
        layout: boxes,
        table: {
          widths: Array.from({ length: 16 }, () => cell),
          body: [[...value].map((digit) => ({ text: digit, alignment: 'center' as const }))],
        },
      }
    : breakable(value === '' ? ' ' : value, valueWidth)

/** A box before each option, in as many columns as their words leave room for. */
function describeChoice(options: readonly string[], chosen: readonly string[]): Content {
  const longest = Math.max(...options.map(({ length }) => length))
  const across = longest > 38 ? 2 : longest > 22 ? 3 : 4
  const one = (option: string, index: number): Content => ({
    columns: [
      {
        width: 11,
        svg: tick(chosen.includes(option)),
      },
      { text: `${index + 1}. ${option}`, width: '*', margin: [3, 0, 4, 0] },
    ],
    margin: [0, 0, 0, 1.5],
  })
  const inColumn = Math.ceil(options.length / across)
  return {
    columns: Array.from({ length: across }, (_, at) => ({
      width: '*',
      stack: options.map((option, index) => one(option, index)).slice(at * inColumn, (at + 1) * inColumn),
    })),
  }
}

/** Drawn: the face has no such character. */
const tick = (isChosen: boolean): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"><rect x="0.5" y="0.5" width="8" height="8" fill="none" stroke="#000" stroke-width="0.8"/>${
    isChosen ? '<path d="M2 4.6 L3.9 6.6 L7.2 2.2" fill="none" stroke="#000" stroke-width="1.4"/>' : ''
  }</svg>`

/** Who signs, beside each other; it stays in one piece. */
const signed = (signatures: FormContent['signatures'], place: string, width: number): Content => ({
  unbreakable: true,
  margin: [0, 8, 0, 0],
  columns: signatures.map(({ above, name }, index) => ({
    width: '*',
    alignment: 'center',
    stack: [
      index === signatures.length - 1 ? place : ' ',
      { text: above, bold: true },
      { stack: [breakable(name || '................................', width)], margin: [0, mm(18), 0, 0] },
    ],
  })),
})
