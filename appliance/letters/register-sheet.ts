import type { Say } from '../base/messages/catalogues.ts'
import { writeSheet } from '../base/write-sheet.ts'
import type { RegisterLine } from './views.ts'

/** The register of a year as a sheet, the oldest first. */
export const registerSheet = (lines: readonly RegisterLine[], say: Say): string =>
  writeSheet(
    ['number', 'on', 'subject', 'name', 'by', 'state', 'reason'].map((column) => say(`letters.column-${column}`)),
    lines.map(({ written, on, subject, name, by, state, reason }) => [
      ...[written, on, subject ?? say('letters.erased'), name ?? say('letters.erased'), by],
      ...[say(`letters.register-${state}`), reason ?? ''],
    ]),
  )
