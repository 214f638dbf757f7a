import type { TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import { describeReport, heading, longDay, quiet, rules } from '../base/pdf/letterhead.ts'
import type { Office } from '../base/web/office-view.ts'
import { maskNumber } from './mask.ts'
import type { ResidentRecord } from './views.ts'

/** The trail of one resident, for that person. `regency`: its name for the letterhead, null for a box without one. */
export type TrailTask = {
  trail: Pick<ResidentRecord, 'trail' | 'origin'> & { name: string; nik: string | null; birthDate: string | null }
  office: Office
  regency: string | null
}

/**
 * What the office keeps of somebody, from where, and who has looked, in words that the person reads (Law 27/2022, art. 32).
 * Pure: a description that pdfmake sets.
 */
export function describeTrail({ trail: about, office, regency }: TrailTask, say: Say): TDocumentDefinitions {
  const { name, nik, birthDate, origin, trail } = about
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
          fact(say('residents.field-nik'), nik ? maskNumber(nik) : say('residents.no-nik')),
          ...(birthDate ? [fact(say('residents.field-birthDate'), longDay(birthDate, say))] : []),
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

/** Why somebody looked, as one sentence. */
const whyOf = ({ ticket, reason, note }: ResidentRecord['trail'][number], say: Say): string =>
  [
    ticket && say('residents.for-ticket', { number: ticket }),
    reason && reason !== 'other' && say(`residents.reason-${reason}`),
    note,
  ]
    .filter(Boolean)
    .join(' · ')
