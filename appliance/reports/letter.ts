import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import { decimal, describeReport, heading, quiet, rules, type Sender, signature } from '../base/pdf/letterhead.ts'
import type { SurveyElement } from '../survey/views.ts'
import { drawBars } from './bars.ts'
import type { Named, Spread } from './figures.ts'
import type { ReportView } from './views.ts'

/* The report as the camat gets it: A4, letterhead, figures, signature. Pure: a description that pdfmake sets. */

/** `head`: name of the head of the village, for the signature; null leaves room to write it. */
export function describeLetter(
  report: ReportView,
  sender: Sender,
  head: string | null,
  say: Say,
): TDocumentDefinitions {
  const { office, from, to, total, services, counters, hours, days, survey } = report
  const content = [
    ...(total.taken === 0 ? [{ text: say('reports.nothing') }] : []),
    summary(report, say),
    ...chart(say('reports.by-day'), days.length > 1 ? days : [], dayOfMonth, say),
    ...chart(say('reports.by-hour'), hours, (name) => name, say),
    table(say('reports.by-service'), services, say),
    table(say('reports.by-counter'), counters, say),
    ...surveyPart(survey, say),
    signature(office, head, say),
  ]
  return describeReport({ title: say('reports.of'), from, to, content }, sender, say)
}

/** The figures of the whole period, each large with its meaning below. */
function summary({ total, before, survey }: ReportView, say: Say): Content {
  const { taken, served, missed, cancelled, closed, wait, service } = total
  const figure = (value: string, words: string, more: string, past?: string): TableCell => ({
    margin: [0, 4],
    stack: [
      { text: value, fontSize: 17, bold: true },
      { text: words, bold: true },
      { text: more, color: quiet, fontSize: 7.5 },
      ...(before && past !== undefined
        ? [{ text: say('reports.before', { value: past }), color: quiet, fontSize: 7.5 }]
        : []),
    ],
  })
  // As the page says them: a tenth of a minute below ten.
  const minutes = (value: number | null) =>
    value === null ? '–' : say('reports.minutes', { n: value < 10 ? value : Math.round(value) })
  const below = ({ p90 }: Spread) => (p90 === null ? '' : say('reports.nine-of-ten', { n: Math.ceil(p90) }))
  return {
    layout: rules,
    margin: [0, 0, 0, 12],
    table: {
      widths: ['*', '*', '*', '*'],
      body: [
        [
          figure(
            served.toLocaleString(say.locale),
            say('reports.served'),
            `${say('reports.came', { n: taken })}; ${say('reports.lost', { cancelled, missed, closed })}`,
            (before?.total.served ?? 0).toLocaleString(say.locale),
          ),
          figure(minutes(wait.p50), say('reports.wait'), below(wait), minutes(before?.total.wait.p50 ?? null)),
          figure(
            minutes(service.p50),
            say('reports.service'),
            below(service),
            minutes(before?.total.service.p50 ?? null),
          ),
          figure(
            decimal(survey.index, say),
            say('reports.skm'),
            survey.grade === null
              ? say('reports.skm-none', { n: survey.respondents, needed: survey.needed })
              : say('reports.skm-grade', { grade: survey.grade, n: survey.respondents, needed: survey.needed }),
          ),
        ],
      ],
    },
  }
}

function chart(title: string, rows: readonly Named[], label: (name: string) => string, say: Say): Content[] {
  if (rows.length === 0) return []
  const bars = rows.map(({ name, taken, served }) => ({ label: label(name), pale: taken, full: served }))
  return [
    {
      unbreakable: true,
      stack: [
        heading(title),
        { text: say('reports.letter-key'), color: quiet, fontSize: 7.5 },
        { svg: drawBars(bars, Math.ceil(bars.length / 16)) },
      ],
      margin: [0, 0, 0, 10],
    },
  ]
}

function table(title: string, rows: readonly Named[], say: Say): Content {
  if (rows.length === 0) return ''
  const right = (text: string | number): TableCell => ({ text: String(text), alignment: 'right' })
  const head = (text: string): TableCell => ({ text, bold: true, color: quiet, fontSize: 7.5, alignment: 'right' })
  const spread = ({ p50, p90 }: Spread) =>
    p50 === null ? '–' : `${decimal(p50, say, 1)} / ${decimal(p90 ?? p50, say, 1)}`
  return {
    unbreakable: rows.length < 15,
    margin: [0, 0, 0, 12],
    stack: [
      heading(title),
      {
        layout: rules,
        table: {
          headerRows: 1,
          widths: ['*', 38, 40, 46, 32, 96, 104],
          body: [
            [
              '',
              head(say('reports.column-taken')),
              head(say('reports.column-served')),
              head(say('reports.column-missed')),
              head(say('reports.column-cancelled')),
              head(say('reports.letter-wait')),
              head(say('reports.letter-service')),
            ],
            ...rows.map(({ name, taken, served, missed, cancelled, wait, service }): TableCell[] => [
              name,
              ...[taken, served, missed, cancelled, spread(wait), spread(service)].map(right),
            ]),
          ],
        },
      },
    ],
  }
}

function surveyPart(survey: ReportView['survey'], say: Say): Content[] {
  const { index, auditIndex, grade, respondents, needed, served, means } = survey
  const elements = Object.entries(means) as [SurveyElement, number | null][]
  const fact = (name: string, value: string): TableCell[] => [name, { text: value, alignment: 'right', bold: true }]
  return [
    {
      unbreakable: true,
      margin: [0, 0, 0, 12],
      stack: [
        heading(say('reports.survey')),
        { text: say('reports.survey-what'), color: quiet },
        { text: say('reports.survey-answers', { n: respondents, needed, served }), color: quiet, margin: [0, 0, 0, 6] },
        {
          layout: rules,
          table: {
            widths: ['*', 90],
            body: [
              ...elements.map(([element, mean]) => fact(say(`reports.skm-${element}`), decimal(mean, say))),
              fact(say('reports.survey-index'), decimal(index, say)),
              fact(say('reports.survey-grade'), grade ?? '–'),
              fact(say('reports.survey-audit'), decimal(auditIndex, say)),
            ],
          },
        },
      ],
    },
  ]
}

const dayOfMonth = (day: string): string => String(Number(day.slice(8)))
