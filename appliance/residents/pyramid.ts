import type { Say } from '../base/messages/catalogues.ts'
import type { FiguresView } from './views.ts'

/* The ages of a village as SVG text, for paper. The page draws its own. */

type Shown = FiguresView['pyramid'][number]['male']

const size = { width: 510, row: 11, head: 14, middle: 40, figure: 34 } as const
const colours = { male: '#0b6b6b', female: '#b9d6d3', text: '#4a5a57' } as const

/** Men to the left, women to the right, the oldest on top. A row that is hidden has no bar: `< 5`, or a dash. */
export function drawPyramid(rows: FiguresView['pyramid'], say: Say): string {
  const numberOf = (n: Shown): number => (typeof n === 'number' ? n : 0)
  const wordOf = (n: Shown): string =>
    typeof n === 'number' ? n.toLocaleString(say.locale) : n === 'few' ? '&lt; 5' : '–'
  const most = Math.max(1, ...rows.flatMap(({ male, female }) => [numberOf(male), numberOf(female)]))
  const centre = size.width / 2
  const room = centre - size.middle / 2 - size.figure
  const text = (words: string, x: number, y: number, anchor: 'start' | 'middle' | 'end') =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="8" text-anchor="${anchor}" fill="${colours.text}">${words}</text>`
  const side = (n: Shown, y: number, isMale: boolean): string => {
    const long = (room * numberOf(n)) / most
    const edge = isMale ? centre - size.middle / 2 : centre + size.middle / 2
    const end = isMale ? edge - long : edge + long
    const bar = `<rect x="${Math.min(edge, end).toFixed(1)}" y="${y.toFixed(1)}" width="${long.toFixed(1)}" height="${size.row - 2}" fill="${isMale ? colours.male : colours.female}"/>`
    return bar + text(wordOf(n), isMale ? end - 4 : end + 4, y + 7.5, isMale ? 'end' : 'start')
  }
  const parts = [...rows].reverse().map(({ label, male, female }, index) => {
    const y = size.head + index * size.row
    return side(male, y, true) + text(label, centre, y + 7.5, 'middle') + side(female, y, false)
  })
  const words = [
    text(say('residents.male'), centre - size.middle / 2, 8, 'end'),
    text(say('residents.female'), centre + size.middle / 2, 8, 'start'),
  ]
  const height = size.head + rows.length * size.row
  return `<svg viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}">${words.join('')}${parts.join('')}</svg>`
}
