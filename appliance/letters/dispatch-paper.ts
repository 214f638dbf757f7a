import type { TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import { describeReport, longDay, quiet, rules } from '../base/pdf/letterhead.ts'
import { dotVillage } from '../base/village-code.ts'
import type { Office } from '../base/web/office-view.ts'
import type { DispatchLine } from './dispatches-view.ts'

/** The book of a year on paper. `regency`: its name for the letterhead, null for a box without one. */
export type DispatchTask = { dispatches: readonly DispatchLine[]; year: number; office: Office; regency: string | null }

/** Buku ekspedisi with the columns of Permendagri 47/2016. Pure: a description that pdfmake sets. */
export function describeDispatches(
  { dispatches, year, office, regency }: DispatchTask,
  say: Say,
): TDocumentDefinitions {
  const head = (column: string): TableCell => ({
    ...{ text: say(`letters.dispatch-${column}`), bold: true, color: quiet, fontSize: 7.5 },
  })
  return describeReport(
    {
      title: say('letters.dispatches'),
      ...{ from: `${year}-01-01`, to: `${year}-12-31` },
      made: 'letters.paper-made',
      content: [
        {
          layout: rules,
          table: {
            headerRows: 1,
            dontBreakRows: true,
            widths: [20, 76, 120, '*', 88, 84],
            body: [
              ['n', 'day', 'letter', 'subject', 'to', 'note'].map(head),
              ...dispatches.map((line): TableCell[] => [
                ...[`${line.n}`, longDay(line.day, say), `${longDay(line.on, say)}\n${line.written}`],
                ...[line.subject ?? say('letters.erased'), line.to ?? say('letters.erased'), noteOf(line, say)],
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

/** How it left, who has signed for it, and that it counts no more. */
export const noteOf = ({ how, note, village, void: isVoid }: DispatchLine, say: Say): string =>
  [
    village ? say('letters.collected-in', { village: dotVillage(village) }) : say(`letters.dispatched-${how}`),
    note,
    isVoid && say('letters.register-void'),
  ]
    .filter(Boolean)
    .join('; ')
