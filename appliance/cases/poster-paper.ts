import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import { letterhead, quiet, type Sender, signature } from '../base/pdf/letterhead.ts'
import type { Promised } from './promise.ts'
import type { CaseKind } from './views.ts'

/**
 * What an office hangs out (Law 25/2009, art. 20 and 22; PermenPANRB 15/2014): the standard of each of these services, a page
 * for each, or the promise to keep them (`maklumat pelayanan`). `head`: who signs; null leaves room to write it.
 */
export type PosterTask = Sender & { poster: readonly CaseKind[] | 'maklumat'; head: string | null }

/** Pure: a description that pdfmake sets. */
export function describePoster({ poster, head, ...sender }: PosterTask, say: Say): TDocumentDefinitions {
  const { office } = sender
  const content =
    poster === 'maklumat'
      ? maklumat(sender, head, say)
      : poster.map(
          (kind, index): Content => ({
            stack: standard(kind, sender, say),
            // What is read from two metres; a long list is read from one, but stays whole.
            fontSize: sizeFor(kind.papers.join().length),
            ...(index > 0 ? { pageBreak: 'before' } : {}),
          }),
        )
  return {
    pageSize: 'A4',
    pageMargins: [42, 96, 42, 48],
    info: { title: `${say('cases.poster-title')}, ${office.name}`, author: office.name },
    defaultStyle: { font: 'Jakarta', fontSize: 14, lineHeight: 1.3 },
    header: letterhead(sender, say),
    content,
  }
}

/** The six components that have to be published (domain of PermenPANRB 15/2014): in the order in which people ask. */
function standard(kind: CaseKind, { office }: Sender, say: Say): Content[] {
  const { title, papers, procedure, within, fee, result, complaints, template, agency } = kind
  const flow =
    procedure ?? say(template ? 'cases.poster-flow-letter' : 'cases.poster-flow', { agency: agency?.name ?? '' })
  const part = (word: string, text: Content): Content => ({
    unbreakable: true,
    margin: [0, 0, 0, 14],
    stack: [{ text: word, color: quiet, fontSize: 12 }, text],
  })
  return [
    { text: say('cases.poster-standard'), color: quiet, fontSize: 13 },
    { text: title, fontSize: 32, bold: true, margin: [0, 2, 0, 20], lineHeight: 1.1 },
    part(
      say('cases.poster-requires'),
      papers.length === 0 ? { text: say('cases.no-papers') } : { ul: [...papers], markerColor: quiet },
    ),
    part(say('cases.poster-procedure'), { text: flow }),
    part(say('cases.poster-time'), { text: promise(within, say), bold: true }),
    part(say('cases.poster-fee'), { text: money(fee, say), bold: true }),
    part(say('cases.poster-result'), { text: result ?? title }),
    part(say('cases.poster-complaints'), {
      text: complaints ?? say('cases.poster-complain-here', { office: office.name }),
    }),
  ]
}

/** Points, for so many letters of papers. */
const sizeFor = (letters: number): number => (letters > 400 ? 12 : letters > 150 ? 15 : 18)

function promise(within: Promised, say: Say): string {
  if (within === null) return say('cases.poster-no-time')
  return 'days' in within
    ? say('cases.promised-days', { n: within.days })
    : say('cases.promised-minutes', { n: Math.round((within.minutes / 60) * 10) / 10 })
}

const money = (fee: number | null, say: Say): string =>
  fee === null
    ? say('cases.poster-no-fee')
    : fee === 0
      ? say('cases.free')
      : `Rp${new Intl.NumberFormat(say.locale).format(fee)}`

const maklumat = ({ office }: Sender, head: string | null, say: Say): Content[] => [
  { text: say('cases.poster-maklumat'), alignment: 'center', fontSize: 30, bold: true, margin: [0, 60, 0, 40] },
  {
    text: say('cases.poster-maklumat-text', { office: office.name }),
    ...{ alignment: 'center', fontSize: 19, lineHeight: 1.5, margin: [20, 0, 20, 50] },
  },
  signature(office, head, say),
]
