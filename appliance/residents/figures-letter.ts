import type { Column, Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import { describeReport, heading, longDay, quiet, rules, signature } from '../base/pdf/letterhead.ts'
import type { Office } from '../base/web/office-view.ts'
import { unknown } from './figures.ts'
import { drawPyramid } from './pyramid.ts'
import type { FiguresView, ResidentsView } from './views.ts'

/** The people of a village on paper. `head`: who signs, null leaves room for a name; `origin`: the file that counts. */
export type FiguresTask = {
  figures: FiguresView
  origin: ResidentsView['newest']
  office: Office
  head: string | null
  regency: string | null
}

type Group = FiguresView['groups'][number]

/** Rows that stay on one page. */
const mostUnbroken = 40

/**
 * Figures as a letter: sums, the pyramid, a table for each group, and nobody in them. What the page hides is hidden here;
 * small cells of one table stand in one line. Pure: a description that pdfmake sets.
 */
export function describeFigures(
  { figures, origin, office, head, regency }: FiguresTask,
  say: Say,
): TDocumentDefinitions {
  const { total, groups, pyramid } = figures
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: office.zone }).format(office.now)
  const column = (names: readonly string[]): Column => ({
    width: '*',
    stack: groups.flatMap((group) => (names.includes(group.name) && group.cells.length > 0 ? [table(group, say)] : [])),
  })
  const content: Content[] = [
    {
      columns: [
        {
          text: [
            { text: total.toLocaleString(say.locale), fontSize: 22, bold: true },
            ` ${say('residents.figures-people')}`,
          ],
        },
        {
          alignment: 'right',
          color: quiet,
          margin: [0, 8, 0, 0],
          text: origin
            ? `${say('residents.paper-source')}: ${say('residents.paper-origin', { source: origin.source, day: longDay(origin.asOf, say) })}`
            : '',
        },
      ],
    },
    { text: say('residents.figures-key'), color: quiet, fontSize: 7.5, margin: [0, 0, 0, 10] },
    ...(pyramid.length === 0
      ? []
      : [
          {
            unbreakable: true,
            margin: [0, 0, 0, 12] as [number, number, number, number],
            stack: [heading(say('residents.figures-pyramid')), { svg: drawPyramid(pyramid, say) }],
          },
        ]),
    { columns: [column(['sex', 'marital', 'religion']), column(['education'])], columnGap: 24 },
    ...groups.flatMap((group) =>
      ['age', 'place', 'work'].includes(group.name) && group.cells.length > 0 ? [wideTable(group, say)] : [],
    ),
    signature(office, head, say),
  ]
  return describeReport(
    { title: say('residents.figures-title'), from: today, to: today, content, made: 'residents.paper-made' },
    { office, regency },
    say,
  )
}

function table({ name, cells }: Group, say: Say): Content {
  return {
    margin: [0, 0, 0, 12],
    unbreakable: true,
    stack: [heading(say(`residents.figures-${name}`)), rowsOf([...shownOf(cells, say), ...fewOf(cells, say)])],
  }
}

/** In three columns, read downwards; what is small below them. */
function wideTable({ name, cells }: Group, say: Say): Content {
  const shown = shownOf(cells, say)
  const long = Math.ceil(shown.length / 3)
  const parts = [0, 1, 2].map((index) => shown.slice(index * long, (index + 1) * long))
  return {
    margin: [0, 0, 0, 12],
    unbreakable: long < mostUnbroken,
    stack: [
      heading(say(`residents.figures-${name}`)),
      { columnGap: 24, columns: parts.map((part) => ({ width: '*', stack: [rowsOf(part)] })) },
      rowsOf(fewOf(cells, say)),
    ],
  }
}

const wordOf = ({ key, label }: Group['cells'][number], say: Say): string =>
  key === unknown ? say('residents.not-known') : label
const rowOf = (label: string, n: string): TableCell[] => [label, { text: n, alignment: 'right', noWrap: true }]

const shownOf = (cells: Group['cells'], say: Say): TableCell[][] =>
  cells.flatMap((cell) =>
    cell.n === 'few' ? [] : [rowOf(wordOf(cell, say), cell.n === 'hidden' ? '–' : cell.n.toLocaleString(say.locale))],
  )

/** One row for all of them, or none. */
function fewOf(cells: Group['cells'], say: Say): TableCell[][] {
  const few = cells.filter(({ n }) => n === 'few').map((cell) => wordOf(cell, say))
  return few.length === 0 ? [] : [rowOf(few.join(', '), '< 5')]
}

const rowsOf = (body: TableCell[][]): Content =>
  body.length === 0
    ? ''
    : {
        layout: { ...rules, paddingTop: () => 1, paddingBottom: () => 0.5 },
        fontSize: 8,
        table: { dontBreakRows: true, widths: ['*', 'auto'], body },
      }
