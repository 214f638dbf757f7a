import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../messages/catalogues.ts'
import type { Office } from '../web/office-view.ts'
import { roof } from './roof.ts'

export const ink = '#14211f'
export const quiet = '#4a5a57'
export const line = '#dfdbd0'

/** Whose paper it is. `regency`: as the regency writes its name, "Kabupaten Banyuwangi"; null: the box has none. */
export type Sender = { office: Office; regency: string | null }

/** The head of each page: mark, regency, district, office. */
export function letterhead({ office, regency }: Sender, say: Say): Content {
  const above = [
    regency && say('reports.government', { name: regency }),
    office.district && say('ui.district', { name: office.district }),
  ]
  return {
    margin: [42, 30, 42, 0],
    stack: [
      {
        columns: [
          { svg: roof, width: 44 },
          {
            margin: [10, 0, 0, 0],
            stack: [
              { text: above.filter(Boolean).join(' · '), color: quiet },
              { text: office.name, fontSize: 14, bold: true },
            ],
          },
        ],
      },
      { canvas: [{ type: 'line', x1: 0, y1: 8, x2: 511, y2: 8, lineWidth: 1.2, lineColor: '#0b6b6b' }] },
    ],
  }
}

/** What every report has: paper, letterhead, title, when it was made. */
export function describeReport(
  {
    title,
    from,
    to,
    content,
    made = 'reports.made',
  }: { title: string; from: string; to: string; content: Content[]; made?: string },
  sender: Sender,
  say: Say,
): TDocumentDefinitions {
  const { office } = sender
  const period =
    from === to ? longDay(from, say) : say('reports.period', { from: longDay(from, say), to: longDay(to, say) })
  const moment = new Intl.DateTimeFormat(say.locale, { timeZone: office.zone, dateStyle: 'long', timeStyle: 'short' })
  return {
    pageSize: 'A4',
    pageMargins: [42, 96, 42, 54],
    info: { title: `${title}, ${office.name}, ${period}`, author: office.name },
    defaultStyle: { font: 'Jakarta', fontSize: 9, color: ink, lineHeight: 1.2 },
    header: letterhead(sender, say),
    footer: (page, pages) => ({
      margin: [42, 14],
      fontSize: 7.5,
      color: quiet,
      columns: [
        say(made, { moment: moment.format(office.now) }),
        { text: say('reports.page', { n: page, of: pages }), alignment: 'right' },
      ],
    }),
    content: [
      { text: title, fontSize: 17, bold: true },
      { text: period, fontSize: 11, color: quiet, margin: [0, 2, 0, 14] },
      ...content,
    ],
  }
}

/** Place and date, the office, and room for a stamp and a name. `head`: null leaves room to write it. */
export function signature({ name, zone, now }: Office, head: string | null, say: Say): Content {
  const place = name.replace(/^(Desa|Kelurahan) /, '')
  const title = name.startsWith('Kelurahan') ? say('reports.signed-kelurahan') : say('reports.signed-desa')
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(now)
  return {
    unbreakable: true,
    margin: [300, 12, 0, 0],
    stack: [
      `${place}, ${longDay(day, say)}`,
      `${title} ${place}`,
      { text: head ?? '................................', bold: head !== null, margin: [0, 54, 0, 0] },
    ],
  }
}

export const heading = (text: string): Content => ({ text, fontSize: 11, bold: true, margin: [0, 2, 0, 4] })

export const decimal = (value: number | null, say: Say, digits = 2): string =>
  value === null
    ? '–'
    : value.toLocaleString(say.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** 23 November 2026. */
export const longDay = (day: string, say: Say): string =>
  new Intl.DateTimeFormat(say.locale, { timeZone: 'UTC', dateStyle: 'long' }).format(Date.parse(`${day}T00:00:00Z`))

export const rules = {
  hLineWidth: () => 0.6,
  vLineWidth: () => 0,
  hLineColor: () => line,
  paddingLeft: () => 0,
  paddingRight: () => 6,
}
