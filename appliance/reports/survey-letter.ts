import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import {
  decimal,
  describeReport,
  heading,
  longDay,
  quiet,
  rules,
  type Sender,
  signature,
} from '../base/pdf/letterhead.ts'
import { gradeOf, surveyElements } from '../survey/questions.ts'
import { type groupNames, respondentGroups } from '../survey/respondents.ts'
import type { ReportView, Suggestions } from './views.ts'

/*
 * The yearly report of the SKM (PermenPANRB 14/2017), with the tables that such reports have: who answered, the elements
 * with their values and class, the services, what to mend first, what people wrote. Pure: a description that pdfmake sets.
 */

/** So many of the lowest elements are named as what to mend first. */
const mendedFirst = 3

/** `head`: name of the head of the village, for the signature; null leaves room to write it. */
export function describeSurveyLetter(
  { report, suggestions, head }: { report: ReportView; suggestions: Suggestions; head: string | null },
  sender: Sender,
  say: Say,
): TDocumentDefinitions {
  const { office, from, to, survey } = report
  const { index, grade, auditIndex, respondents, needed, served } = survey
  const content: Content[] = [
    { text: say('reports.survey-what'), color: quiet },
    { text: say('reports.survey-answers', { n: respondents, needed, served }), margin: [0, 0, 0, 10] },
    facts([
      [say('reports.survey-index'), decimal(index, say)],
      [say('reports.survey-grade'), grade ? `${grade}, ${say(`reports.grade-${grade}`)}` : '–'],
      [say('reports.survey-audit'), decimal(auditIndex, say)],
    ]),
    elements(survey, say),
    ...first(survey, say),
    ...respondentTables(survey, say),
    ...services(survey, say),
    ...words(suggestions, say),
    signature(office, head, say),
  ]
  return describeReport({ title: say('reports.skm-letter'), from, to, content }, sender, say)
}

type TableWidths = (number | '*')[]

const right = (text: string | number): TableCell => ({ text: String(text), alignment: 'right' })
const head = (text: string): TableCell => ({ text, bold: true, color: quiet, fontSize: 7.5 })
const rightHead = (text: string): TableCell => ({ text, bold: true, color: quiet, fontSize: 7.5, alignment: 'right' })

const facts = (rows: [string, string][]): Content => ({
  layout: rules,
  margin: [0, 0, 0, 12],
  table: {
    widths: ['*', 160],
    body: rows.map(([name, value]) => [name, { text: value, alignment: 'right', bold: true }]),
  },
})

/** A heading with a ruled table below it, whose first row names the columns. `whole`: kept on one page. */
const titled = (title: string, widths: TableWidths, body: TableCell[][], { whole = true } = {}): Content => ({
  unbreakable: whole,
  margin: [0, 0, 0, 12],
  stack: [heading(title), { layout: rules, table: { headerRows: 1, widths, body } }],
})

/** Each element: its mean, the same times 25, and its class. */
const elements = ({ means }: ReportView['survey'], say: Say): Content =>
  titled(
    say('reports.skm-elements'),
    [18, '*', 70, 90, 60],
    [
      [
        head(say('reports.skm-no')),
        head(say('reports.skm-element')),
        rightHead(say('reports.skm-mean')),
        rightHead(say('reports.skm-converted')),
        rightHead(say('reports.survey-grade')),
      ],
      ...surveyElements.map((element, at): TableCell[] => {
        const mean = means[element]
        return [
          `U${at + 1}`,
          say(`reports.skm-${element}`),
          right(decimal(mean, say)),
          right(decimal(mean === null ? null : mean * 25, say)),
          right(mean === null ? '–' : gradeOf(mean * 25)),
        ]
      }),
    ],
  )

/** The lowest elements, which the regulation wants named with a plan; the plan is the office's to write. */
function first({ means }: ReportView['survey'], say: Say): Content[] {
  const lowest = surveyElements
    .flatMap((element) => (means[element] === null ? [] : [{ element, mean: means[element] }]))
    .sort((a, b) => a.mean - b.mean)
    .slice(0, mendedFirst)
  if (lowest.length === 0) return []
  const columns = [
    head(say('reports.skm-element')),
    rightHead(say('reports.skm-mean')),
    head(say('reports.skm-plan')),
    head(say('reports.skm-when')),
  ]
  const rows = lowest.map(({ element, mean }): TableCell[] => [
    { text: say(`reports.skm-${element}`), margin: [0, 0, 0, 12] },
    right(decimal(mean, say)),
    '',
    '',
  ])
  return [titled(say('reports.skm-first'), [150, 50, '*', 90], [columns, ...rows])]
}

/** Three columns: age and sex, schooling, work. */
function respondentTables({ respondents, respondentsBy }: ReportView['survey'], say: Say): Content[] {
  if (respondents === 0) return []
  const share = (count: number) => `${decimal((100 * count) / respondents, say, 1)} %`
  const table = (group: (typeof groupNames)[number]): Content => {
    const { counts, unsaid } = respondentsBy[group]
    const rows: [string, number][] = [
      ...respondentGroups[group].map((one): [string, number] => [
        say(`survey.member-${group}-${one}`),
        counts[one] ?? 0,
      ]),
      [say('reports.skm-unsaid'), unsaid],
    ]
    return {
      layout: rules,
      margin: [0, 0, 0, 8],
      table: {
        headerRows: 1,
        widths: ['*', 28, 34],
        body: [
          [head(say(`survey.group-${group}`)), rightHead(say('reports.skm-count')), rightHead('%')],
          ...rows.map(([name, count]): TableCell[] => [name, right(count), right(share(count))]),
        ],
      },
    }
  }
  return [
    {
      unbreakable: true,
      margin: [0, 0, 0, 4],
      stack: [
        heading(say('reports.skm-who')),
        { columnGap: 20, columns: [{ stack: [table('age'), table('sex')] }, table('schooling'), table('work')] },
      ],
    },
  ]
}

function services({ services: rows }: ReportView['survey'], say: Say): Content[] {
  if (rows.length === 0) return []
  const columns = [
    head(say('reports.column-service')),
    rightHead(say('reports.skm-count')),
    rightHead(say('reports.survey-index')),
    rightHead(say('reports.survey-grade')),
  ]
  const body = rows.map(({ name, respondents, index, grade }): TableCell[] => [
    name,
    right(respondents),
    right(decimal(index, say)),
    right(grade ?? '–'),
  ])
  return [titled(say('reports.skm-services'), ['*', 70, 70, 60], [columns, ...body], { whole: rows.length < 15 })]
}

function words(suggestions: Suggestions, say: Say): Content[] {
  if (suggestions.length === 0) return []
  const columns = [head(say('reports.column-day')), head(say('reports.column-service')), head(say('survey.suggestion'))]
  const rows = suggestions.map(({ day, service, text }): TableCell[] => [longDay(day, say), service, text])
  return [titled(say('reports.skm-words'), [80, 120, '*'], [columns, ...rows], { whole: false })]
}
