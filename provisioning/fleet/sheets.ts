import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../../appliance/base/messages/catalogues.ts'
import { roof } from '../../appliance/base/pdf/roof.ts'
import type { EnrolmentFile } from '../../appliance/wire/enrolment.ts'

/*
 * The page that a technician takes along for each village: which file, what to do in which order, how to see that it is
 * done, and whom to call. It holds nothing that opens a door. Pure: a description that pdfmake sets.
 */

type Office = Pick<EnrolmentFile, 'regency' | 'village' | 'name' | 'district' | 'expiresAt' | 'zone' | 'reissue'>

/** One A4 page for each file, in their order; a reissued file’s tells the village’s own staff how to swap a dead box. */
export function describeSheets(files: readonly Office[], say: Say): TDocumentDefinitions {
  return {
    ...sheetStyle,
    info: { title: say('sheet.of') },
    content: files.map((file, index) => describeSheet(file, say, index > 0)),
  }
}

/** Paper and type of every sheet. */
export const sheetStyle = {
  pageSize: 'A4',
  pageMargins: [48, 48, 48, 48],
  defaultStyle: { font: 'Jakarta', fontSize: 11.5, color: '#14211f', lineHeight: 1.3 },
} satisfies Omit<TDocumentDefinitions, 'content'>

/** What a sheet is, of which office, and its code for a phone. */
export const describeHead = (
  { regency, name, district }: Pick<Office, 'regency' | 'name' | 'district'>,
  title: string,
  qr: string,
  say: Say,
): Content => ({
  columns: [
    { svg: roof, width: 44, margin: [0, 6, 12, 0] },
    [
      { text: title, color: '#4a5a57' },
      { text: name, fontSize: 26, bold: true, lineHeight: 1.1 },
      { text: [say('ui.district', { name: district }), ', ', regency], color: '#4a5a57' },
    ],
    { qr, fit: 104, alignment: 'right', width: 110 },
  ],
  columnGap: 8,
})

function describeSheet(
  { regency, village, name, district, expiresAt, zone, reissue }: Office,
  say: Say,
  breaks: boolean,
): Content {
  const timeZone = { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' }[zone]
  const until = new Intl.DateTimeFormat(say.locale, { dateStyle: 'long', timeZone }).format(expiresAt)
  const steps = reissue
    ? (['swap-off', 'swap-stick', 'swap-file', 'swap-power', 'swap-look', 'swap-numbers', 'swap-green'] as const)
    : (['card', 'file', 'power', 'look', 'code', 'green'] as const)
  const cases = reissue ? (['swap-no-stick', 'file', 'refused'] as const) : (['offline', 'file', 'refused'] as const)
  const dotted = village.replace(/^(\d\d)(\d\d)(\d\d)(\d{4})$/, '$1.$2.$3.$4')
  return {
    stack: [
      describeHead(
        { regency, name, district },
        say(reissue ? 'sheet.swap-of' : 'sheet.of'),
        `http://balai.local/technician?${village}`,
        say,
      ),
      {
        margin: [0, 14, 0, 14],
        table: {
          widths: ['auto', '*'],
          body: [
            [say('sheet.village'), { text: dotted, bold: true }],
            [say('sheet.name'), { text: `balai-enrol-${village}.json`, bold: true }],
            [say('sheet.until'), { text: until, bold: true }],
          ],
        },
        layout: 'lightHorizontalLines',
      },
      {
        ol: steps.map((step) => ({
          text: say(`sheet.step-${step}`),
          margin: [0, 0, 0, 7] as [number, number, number, number],
        })),
      },
      { text: say('sheet.if-not'), bold: true, fontSize: 13, margin: [0, 14, 0, 6] },
      {
        ul: cases.map((case_) => ({
          text: say(`sheet.if-${case_}`),
          margin: [0, 0, 0, 6] as [number, number, number, number],
        })),
      },
      {
        margin: [0, 14, 0, 0],
        columns: [say('sheet.done-on'), say('sheet.done-by'), say('sheet.serial')].map((text) => ({
          stack: [{ text, color: '#4a5a57', fontSize: 10 }, { text: '\n_____________________' }],
        })),
      },
    ],
    ...(breaks ? { pageBreak: 'before' as const } : {}),
  }
}
