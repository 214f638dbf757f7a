import type { TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import type { Office } from '../base/web/office-view.ts'

export type TestPageTask = { testPage: { office: Office } }

/** A page that is about nobody: whether letters come out, straight and whole. */
export function describeTestPage({ testPage: { office } }: TestPageTask, say: Say): TDocumentDefinitions {
  const moment = new Intl.DateTimeFormat(say.locale, { timeZone: office.zone, dateStyle: 'long', timeStyle: 'short' })
  return {
    pageSize: 'A4',
    pageMargins: 56,
    info: { title: say('printing.test-title'), author: office.name },
    defaultStyle: { font: 'Jakarta', fontSize: 11, lineHeight: 1.3 },
    background: (_page, { width, height }) => ({
      canvas: [{ type: 'rect', x: 28, y: 28, w: width - 56, h: height - 56, lineWidth: 0.6 }],
    }),
    content: [
      { text: say('printing.test-title'), fontSize: 20, bold: true },
      { text: `${office.name} · ${moment.format(office.now)}`, margin: [0, 4, 0, 16] },
      say('printing.test-what'),
      { text: 'Aa Ee Ii Oo Uu  0123456789', fontSize: 24, margin: [0, 16, 0, 0] },
    ],
  }
}
