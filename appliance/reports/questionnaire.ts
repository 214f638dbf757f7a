import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import { ink, letterhead, line, quiet, type Sender } from '../base/pdf/letterhead.ts'
import type { Office } from '../base/web/office-view.ts'
import { surveyElements } from '../survey/questions.ts'
import { groupNames, respondentGroups } from '../survey/respondents.ts'

/* The nine questions on one A4 sheet, for whoever would rather write. Pure: a description that pdfmake sets. */

/** More services than these make a second page: then the one is written. */
const mostTicked = 14
const dots = '.......................................'
const scores = [1, 2, 3, 4] as const

/** `services`: public names, to be ticked. Nobody's name is asked. */
export function describeQuestionnaire(
  { office, services }: { office: Office; services: string[] },
  sender: Sender,
  say: Say,
): TDocumentDefinitions {
  return {
    pageSize: 'A4',
    pageMargins: [42, 92, 42, 24],
    info: { title: `${say('reports.survey')}, ${office.name}`, author: office.name },
    defaultStyle: { font: 'Jakarta', fontSize: 10, color: ink, lineHeight: 1.2 },
    header: letterhead(sender, say),
    footer: { text: say('survey.thanks'), alignment: 'center' },
    content: [
      { text: say('reports.survey'), fontSize: 17, bold: true },
      { text: say('reports.form-how'), color: quiet, margin: [0, 2, 0, 8] },
      { text: `${say('reports.form-day')}  ${dots}`, margin: [0, 0, 0, 6] },
      { text: say('reports.form-service'), bold: true, margin: [0, 0, 0, 4] },
      services.length > mostTicked
        ? dots
        : { columns: halves(services).map((half) => ({ stack: half.map((name) => ticked(name)) })), columnGap: 16 },
      { margin: [0, 6, 0, 0], layout: rules, table: { widths: ['*', 68, 68, 68, 68], body: questions(say) } },
      { text: say('reports.form-who'), bold: true, margin: [0, 10, 0, 2] },
      ...groupNames.map((group) => aboutYou(group, say)),
      { text: say('survey.suggestion'), bold: true, margin: [0, 8, 0, 22] },
      { canvas: [rule(0), rule(22)] },
    ],
  }
}

function questions(say: Say): TableCell[][] {
  return surveyElements.map((element, at): TableCell[] => [
    { text: `${at + 1}. ${say(`survey.ask-${element}`)}`, margin: [0, 4] },
    ...scores.map(
      (score): TableCell => ({
        stack: [
          { canvas: [{ ...box, x: 27, y: 3 }] },
          { text: say(`survey.score-${element}-${score}`), alignment: 'center', fontSize: 7.5, lineHeight: 1 },
        ],
        margin: [0, 0, 0, 2],
      }),
    ),
  ])
}

/** One line: the group, and what may be ticked in it. */
const aboutYou = (group: (typeof groupNames)[number], say: Say): Content => ({
  margin: [0, 2],
  fontSize: 8,
  lineHeight: 1,
  columnGap: 4,
  columns: [
    { width: 54, text: say(`survey.group-${group}`) },
    ...respondentGroups[group].map((one) => ({
      columnGap: 0,
      columns: [{ width: 12, canvas: [{ ...box, w: 8, h: 8, r: 2 }] }, { text: say(`survey.member-${group}-${one}`) }],
    })),
  ],
})

const box = { type: 'rect', x: 0, y: 0, w: 14, h: 14, r: 3, lineWidth: 0.9, lineColor: ink } as const

const ticked = (name: string): Content => ({
  margin: [0, 1],
  columnGap: 0,
  columns: [{ width: 22, canvas: [{ ...box, w: 12, h: 12 }] }, { text: name }],
})

const rule = (y: number) => ({ type: 'line', x1: 0, y1: y, x2: 511, y2: y, lineWidth: 0.6, lineColor: line }) as const

/** The first and the second half, the first one longer if they differ. */
const halves = (names: string[]): string[][] => {
  const middle = Math.ceil(names.length / 2)
  return [names.slice(0, middle), names.slice(middle)]
}

const rules = {
  hLineWidth: (at: number) => (at === 0 ? 0 : 0.6),
  vLineWidth: () => 0,
  hLineColor: () => line,
  paddingLeft: () => 0,
  paddingRight: () => 0,
}
