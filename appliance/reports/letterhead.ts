import type { Content } from 'pdfmake/interfaces.js'
import { roof } from './make-pdf.ts'

export const ink = '#14211f'
export const quiet = '#4a5a57'
export const line = '#dfdbd0'

/** The head of each page: mark, office, district. */
export function letterhead(name: string, district: string): Content {
  return {
    margin: [42, 30, 42, 0],
    stack: [
      {
        columns: [
          { svg: roof, width: 44 },
          {
            margin: [10, 0, 0, 0],
            stack: [
              { text: name, fontSize: 14, bold: true },
              { text: district, color: quiet },
            ],
          },
        ],
      },
      { canvas: [{ type: 'line', x1: 0, y1: 8, x2: 511, y2: 8, lineWidth: 1.2, lineColor: '#0b6b6b' }] },
    ],
  }
}
