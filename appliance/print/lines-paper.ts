import { type Static, Type } from 'typebox'
import { closedType } from '../base/schemas.ts'
import { columns, feedBeforeCut, loadEncoder, type PaperWidth, plain, wrap } from './ticket-paper.ts'

/** A line of a paper that is no ticket: a label, a list, a report of the day. Longer than the paper it is broken between words. */
export const PaperLine = closedType({
  text: Type.String({ maxLength: 200 }),
  bold: Type.Optional(Type.Boolean()),
  size: Type.Optional(Type.Integer({ minimum: 1, maximum: 4, description: 'Times as high and as wide as usual' })),
  align: Type.Optional(Type.Union([Type.Literal('left'), Type.Literal('center'), Type.Literal('right')])),
})
export type PaperLine = Static<typeof PaperLine>

/** These lines as ESC/POS bytes. */
export async function encodeLines(lines: readonly PaperLine[], width: PaperWidth, cut: boolean): Promise<Uint8Array> {
  const ReceiptPrinterEncoder = await loadEncoder()
  const printer = new ReceiptPrinterEncoder({
    language: 'esc-pos',
    columns: columns[width],
    codepageMapping: 'epson',
    feedBeforeCut,
  })
  printer.initialize().codepage('cp437')
  for (const { text, bold = false, size = 1, align = 'left' } of lines) {
    printer.align(align).bold(bold).size(size, size)
    const broken = wrap(plain(text), Math.floor(columns[width] / size))
    for (const line of broken.length > 0 ? broken : ['']) printer.line(line)
  }
  printer.size(1, 1).bold(false).align('left')
  if (cut) printer.cut('partial')
  else printer.newline()
  return printer.encode()
}
