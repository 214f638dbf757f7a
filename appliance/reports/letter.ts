import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import type { SurveyElement } from '../survey/views.ts'
import { drawBars } from './bars.ts'
import type { Named, Spread } from './figures.ts'
import { ink, letterhead, line, quiet } from './letterhead.ts'
import type { ReportView } from './views.ts'

/* The report as the camat gets it: A4, letterhead, figures, signature. Pure: a description that pdfmake sets. */

/** `head`: name of the head of the village, for the signature; null leaves room to write it. */
export function describeLetter(report: ReportView, head: string | null, say: Say): TDocumentDefinitions {
  const { office, from, to, total, services, counters, hours, days, survey } = report
  const moment = (at: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(say.locale, options).format(at)
  const longDay = (day: string) => moment(Date.parse(`${day}T00:00:00Z`), { timeZone: 'UTC', dateStyle: 'long' })
  const now = moment(office.now, { timeZone: office.zone, dateStyle: 'long', timeStyle: 'short' })
  const title = say('reports.of')
  const period = from === to ? longDay(from) : say('reports.period', { from: longDay(from), to: longDay(to) })

  return {
    pageSize: 'A4',
    pageMargins: [42, 96, 42, 54],
    info: { title: `${title}, ${office.name}, ${period}`, author: office.name },
    defaultStyle: { font: 'Jakarta', fontSize: 9, color: ink, lineHeight: 1.2 },
    header: letterhead(office.name, office.district && say('ui.district', { name: office.district })),
    footer: (page, pages) => ({
      margin: [42, 14],
      fontSize: 7.5,
      color: quiet,
      columns: [
        say('reports.made', { moment: now }),
        { text: say('reports.page', { n: page, of: pages }), alignment: 'right' },
      ],
    }),
    content: [
      { text: title, fontSize: 17, bold: true },
      { text: period, fontSize: 11, color: quiet, margin: [0, 2, 0, 14] },
      ...(total.taken === 0 ? [{ text: say('reports.nothing') }] : []),
      summary(report, say),
      ...chart(say('reports.by-day'), days.length > 1 ? days : [], dayOfMonth, say),
      ...chart(say('reports.by-hour'), hours, (name) => name, say),
      table(say('reports.by-service'), services, say),
      table(say('reports.by-counter'), counters, say),
      ...surveyPart(survey, say),
      signature(
        office.name,
        longDay(new Intl.DateTimeFormat('sv-SE', { timeZone: office.zone }).format(office.now)),
        head,
        say,
      ),
    ],
  }
}

/** The figures of the whole period, each large with its meaning below. */
function summary({ total, survey }: ReportView, say: Say): Content {
  const { taken, served, missed, cancelled, closed, wait, service } = total
  const figure = (value: string, words: string, more: string): TableCell => ({
    margin: [0, 4],
    stack: [
      { text: value, fontSize: 17, bold: true },
      { text: words, bold: true },
      { text: more, color: quiet, fontSize: 7.5 },
    ],
  })
  const minutes = (value: number | null) => (value === null ? '–' : say('reports.minutes', { n: value }))
  const below = ({ p90 }: Spread) => (p90 === null ? '' : say('reports.nine-of-ten', { n: p90 }))
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
          ),
          figure(minutes(wait.p50), say('reports.wait'), below(wait)),
          figure(minutes(service.p50), say('reports.service'), below(service)),
          figure(
            survey.index === null ? '–' : decimal(survey.index, say),
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
              ...elements.map(([element, mean]) =>
                fact(say(`reports.skm-${element}`), mean === null ? '–' : decimal(mean, say)),
              ),
              fact(say('reports.survey-index'), index === null ? '–' : decimal(index, say)),
              fact(say('reports.survey-grade'), grade ?? '–'),
              fact(say('reports.survey-audit'), auditIndex === null ? '–' : decimal(auditIndex, say)),
            ],
          },
        },
      ],
    },
  ]
}

/** Place and date, the office, and room for a stamp and a name. */
function signature(office: string, day: string, head: string | null, say: Say): Content {
  const place = office.replace(/^(Desa|Kelurahan) /, '')
  const title = office.startsWith('Kelurahan') ? say('reports.signed-kelurahan') : say('reports.signed-desa')
  return {
    unbreakable: true,
    margin: [300, 12, 0, 0],
    stack: [
      `${place}, ${day}`,
      `${title} ${place}`,
      { text: head ?? '................................', bold: head !== null, margin: [0, 54, 0, 0] },
    ],
  }
}

const heading = (text: string): Content => ({ text, fontSize: 11, bold: true, margin: [0, 2, 0, 4] })
const dayOfMonth = (day: string): string => String(Number(day.slice(8)))
const decimal = (value: number, say: Say, digits = 2): string =>
  value.toLocaleString(say.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })

const rules = {
  hLineWidth: () => 0.6,
  vLineWidth: () => 0,
  hLineColor: () => line,
  paddingLeft: () => 0,
  paddingRight: () => 6,
}
