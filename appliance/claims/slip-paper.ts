import type { TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import { qrPath } from '../base/qr-path.ts'

/** What a citizen takes home: the code, and of which letter it is. No name: it is lost as any slip is. */
export type ClaimSlip = {
  code: string
  title: string
  /** Null: it has no number yet. */
  written: string | null
  /** Whether the ticket machine takes the code. */
  hasLane: boolean
}

export type SlipTask = { slip: ClaimSlip; office: string }

const mm = (length: number): number => (length * 72) / 25.4

/** A slip of 74 by 105 mm. Pure: a description that pdfmake sets. */
export function describeSlip(
  { slip: { code, title, written, hasLane }, office }: SlipTask,
  say: Say,
): TDocumentDefinitions {
  const { path, size } = qrPath(code.replaceAll('-', ''))
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path fill="#000" d="${path}"/></svg>`
  return {
    pageSize: { width: mm(74), height: mm(105) },
    pageMargins: mm(6),
    info: { title: say('claims.slip-title'), author: office },
    defaultStyle: { font: 'Jakarta', fontSize: 8.5, color: '#000000', lineHeight: 1.2, alignment: 'center' },
    content: [
      { text: office, bold: true, fontSize: 10 },
      { text: title, margin: [0, 2, 0, 0] },
      ...(written ? [{ text: written }] : []),
      { svg, width: mm(30), margin: [0, mm(3), 0, mm(2)] },
      { text: say('claims.slip-title') },
      { text: code, bold: true, fontSize: 15, margin: [0, 1, 0, mm(3)] },
      { text: say(hasLane ? 'claims.slip-machine' : 'claims.slip-here'), margin: [0, 0, 0, 3] },
      { text: say('claims.slip-elsewhere') },
    ],
  }
}
