import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import { describeReport, heading, longDay, quiet, rules } from '../base/pdf/letterhead.ts'
import type { Office } from '../base/web/office-view.ts'
import { isCoded, labelOf } from './codes.ts'
import { maskNumber } from './mask.ts'
import type { Person } from './person.ts'
import type { ResidentRecord } from './views.ts'

/** The trail of one resident, for that person. `regency`: its name for the letterhead, null for a box without one. */
export type TrailTask = {
  trail: Pick<ResidentRecord, 'trail' | 'origin' | 'person'>
  /** Whether all that is kept of the person stands in it, and not only who it is. */
  whole: boolean
  office: Office
  regency: string | null
}

/**
 * What the office keeps of somebody, from where, and who has looked, in words that the person reads (Law 27/2022, art. 32).
 * Pure: a description that pdfmake sets.
 */
export function describeTrail({ trail: about, whole, office, regency }: TrailTask, say: Say): TDocumentDefinitions {
  const { person, origin, trail } = about
  const { name, nik, birthDate } = person
  const moment = new Intl.DateTimeFormat(say.locale, { timeZone: office.zone, dateStyle: 'medium', timeStyle: 'short' })
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: office.zone })
  const head = (text: string): TableCell => ({ text, bold: true, color: quiet, fontSize: 7.5 })
  const fact = (word: string, value: string): TableCell[] => [
    { text: word, color: quiet },
    { text: value, bold: true },
  ]
  const today = day.format(office.now)
  const content = [
    {
      layout: rules,
      margin: [0, 0, 0, 12] as [number, number, number, number],
      table: {
        widths: [110, '*'],
        body: [
          fact(say('residents.field-name'), name),
          ...(whole
            ? []
            : [
                fact(say('residents.field-nik'), nik ? maskNumber(nik) : say('residents.no-nik')),
                ...(birthDate ? [fact(say('residents.field-birthDate'), longDay(birthDate, say))] : []),
              ]),
          ...(origin
            ? [
                fact(
                  say('residents.paper-source'),
                  say('residents.paper-origin', { source: origin.source, day: longDay(origin.asOf, say) }),
                ),
              ]
            : []),
        ],
      },
    },
    ...(whole ? [heading(say('residents.paper-data')), dataTable(person, say)] : []),
    { text: say('residents.paper-what'), margin: [0, 0, 0, 12] as [number, number, number, number] },
    heading(say('residents.trail')),
    trail.length === 0
      ? { text: say('residents.paper-nobody') }
      : {
          layout: rules,
          table: {
            headerRows: 1,
            widths: [110, 120, '*'],
            body: [
              ['when', 'who', 'why'].map((column) => head(say(`residents.paper-${column}`))),
              ...trail.map((one): TableCell[] => [moment.format(one.at), one.name, whyOf(one, say)]),
            ],
          },
        },
    { text: say('residents.paper-rights'), color: quiet, margin: [0, 14, 0, 0] as [number, number, number, number] },
  ]
  return describeReport(
    { title: say('residents.paper-title'), from: today, to: today, content, made: 'residents.paper-made' },
    { office, regency },
    say,
  )
}

/** All that is kept of somebody, as the person reads it. */
const dataTable = (person: Person, say: Say): Content => ({
  layout: rules,
  margin: [0, 0, 0, 12],
  table: {
    widths: [150, '*'],
    body: [
      ...Object.entries(person).flatMap(([field, value]): TableCell[][] =>
        Array.isArray(value) || field === 'name'
          ? []
          : [[{ text: say(`residents.field-${field}`), color: quiet }, wordOf(field, value, say)]],
      ),
      ...(person.marks ?? []).map(({ mark, asOf }): TableCell[] => [
        { text: say('residents.marks'), color: quiet },
        asOf ? say('residents.mark-as-of', { mark, day: longDay(asOf, say) }) : mark,
      ]),
    ],
  },
})

function wordOf(field: string, value: string | number, say: Say): string {
  if (typeof value === 'number') return (isCoded(field) ? labelOf(field, value) : null) ?? String(value)
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? longDay(value, say) : value
}

/** Why somebody looked, as one sentence. */
const whyOf = ({ ticket, reason, note }: ResidentRecord['trail'][number], say: Say): string =>
  [
    ticket && say('residents.for-ticket', { number: ticket }),
    reason && reason !== 'other' && say(`residents.reason-${reason}`),
    note,
  ]
    .filter(Boolean)
    .join(' · ')
