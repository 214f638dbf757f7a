import type { TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import { describeReport, longDay, quiet, rules } from '../base/pdf/letterhead.ts'
import type { Office } from '../base/web/office-view.ts'
import type { RegisterLine } from './views.ts'

/** The register of a year on paper. `regency`: its name for the letterhead, null for a box without one. */
export type RegisterTask = { register: readonly RegisterLine[]; year: number; office: Office; regency: string | null }

/** The agenda of letters as the book that an office keeps: every number, the oldest first. Pure: a description that pdfmake sets. */
export function describeRegister({ register, year, office, regency }: RegisterTask, say: Say): TDocumentDefinitions {
  const head = (column: string): TableCell => ({
    ...{ text: say(`letters.column-${column}`), bold: true, color: quiet, fontSize: 7.5 },
  })
  const what = ({ subject, state, reason }: RegisterLine): string =>
    [
      subject ?? say('letters.erased'),
      ...(state === 'void' ? [say('letters.void-because', { reason: reason ?? '–' })] : []),
    ].join('. ')
  return describeReport(
    {
      title: say('letters.register'),
      ...{ from: `${year}-01-01`, to: `${year}-12-31` },
      made: 'letters.paper-made',
      content: [
        {
          layout: rules,
          table: {
            headerRows: 1,
            dontBreakRows: true,
            widths: [22, 110, 62, '*', 110],
            body: [
              ['row', 'number', 'on', 'subject', 'name'].map(head),
              ...register.map((line, index): TableCell[] => [
                ...[`${index + 1}`, line.written, longDay(line.on, say), what(line)],
                line.name ?? say('letters.erased'),
              ]),
            ],
          },
        },
      ],
    },
    { office, regency },
    say,
  )
}
