import type { Say } from '../base/messages/catalogues.ts'
import { writeSheet } from '../base/write-sheet.ts'
import { noteOf } from './dispatch-paper.ts'
import type { DispatchLine } from './dispatches-view.ts'

/** The book of a year as a sheet, the first that left first. */
export const dispatchSheet = (lines: readonly DispatchLine[], say: Say): string =>
  writeSheet(
    ['n', 'day', 'letter-on', 'letter-number', 'subject', 'to', 'note'].map((column) =>
      say(`letters.dispatch-${column}`),
    ),
    lines.map((line) => [
      ...[String(line.n), line.day, line.on, line.written],
      ...[line.subject ?? say('letters.erased'), line.to ?? say('letters.erased'), noteOf(line, say)],
    ]),
  )
