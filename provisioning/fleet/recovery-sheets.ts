import type { TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../../appliance/base/messages/catalogues.ts'
import type { EnrolmentFile } from '../../appliance/wire/enrolment.ts'
import { describeHead, sheetStyle } from './sheets.ts'

/* The page for a village's safe: the words that open its sealed backups. Whoever has it and a stick reads everything. */

type Safe = Pick<EnrolmentFile, 'regency' | 'village' | 'name' | 'district'> & { words: readonly string[]; key: string }

const columns = 4

/** One A4 page for each village, in their order. */
export const describeRecoverySheets = (safes: readonly Safe[], say: Say): TDocumentDefinitions => ({
  ...sheetStyle,
  info: { title: say('sheet.recovery-of') },
  content: safes.map((safe, index) => ({
    stack: [
      describeHead(safe, say('sheet.recovery-of'), safe.key, say),
      { text: say('sheet.recovery-what'), margin: [0, 16, 0, 12] },
      {
        margin: [0, 0, 0, 14],
        table: {
          widths: Array.from({ length: columns }, () => '*'),
          body: Array.from({ length: safe.words.length / columns }, (_none, row) =>
            safe.words.slice(columns * row, columns * (row + 1)).map((word, column) => ({
              text: [{ text: `${columns * row + column + 1}  `, color: '#4a5a57', fontSize: 10 }, word],
              bold: true,
              fontSize: 14,
              margin: [2, 5, 0, 5] as [number, number, number, number],
            })),
          ),
        },
      },
      {
        ul: (['safe', 'use', 'swap', 'lost'] as const).map((line) => ({
          text: say(`sheet.recovery-${line}`),
          margin: [0, 0, 0, 6] as [number, number, number, number],
        })),
      },
    ],
    ...(index > 0 ? { pageBreak: 'before' as const } : {}),
  })),
})
