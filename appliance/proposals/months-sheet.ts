import type { Say } from '../base/messages/catalogues.ts'
import { writeSheet } from '../base/write-sheet.ts'
import { kinds } from './kinds.ts'
import type { ProposalsView } from './views.ts'

/** What each month brought, a line for each month: one to four as on the page. */
export const monthsSheet = (months: ProposalsView['months'], say: Say): string =>
  writeSheet(
    [say('proposals.month'), ...kinds.map((kind) => say(`proposals.kind-${kind}`))],
    months.map(({ month, counts }) => [
      month,
      ...kinds.map((kind) => (counts[kind] === 'few' ? '<5' : (counts[kind] ?? 0))),
    ]),
  )
