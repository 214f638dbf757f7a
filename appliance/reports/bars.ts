/* A bar chart as SVG text, for paper. The pages draw their own. */

export type Bars = { label: string; pale: number; full: number }[]

const size = { width: 510, height: 120, foot: 16 } as const
const colours = { full: '#0b6b6b', pale: '#b9d6d3', text: '#4a5a57' } as const

/** Two bars side by side for each label. `everyLabel` is 1 for all labels, 5 for each fifth. */
export function drawBars(bars: Bars, everyLabel = 1): string {
  const most = Math.max(1, ...bars.flatMap(({ pale, full }) => [pale, full]))
  const step = size.width / Math.max(1, bars.length)
  const wide = Math.min(18, step * 0.36)
  const room = size.height - size.foot - 12
  const bar = (x: number, value: number, colour: string) => {
    const height = (room * value) / most
    return `<rect x="${x.toFixed(1)}" y="${(12 + room - height).toFixed(1)}" width="${wide.toFixed(1)}" height="${height.toFixed(1)}" fill="${colour}"/>`
  }
  const parts = bars.map(({ label, pale, full }, i) => {
    const middle = step * (i + 0.5)
    const text = (words: string | number, y: number) =>
      `<text x="${middle.toFixed(1)}" y="${y.toFixed(1)}" font-size="8" text-anchor="middle" fill="${colours.text}">${words}</text>`
    return [
      bar(middle - wide - 0.5, pale, colours.pale),
      bar(middle + 0.5, full, colours.full),
      i % everyLabel === 0 ? text(label, size.height - 4) : '',
      step > 22 ? text(pale, 12 + room - (room * Math.max(pale, full)) / most - 3) : '',
    ].join('')
  })
  return `<svg viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}">${parts.join('')}</svg>`
}
