import { type Static, Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Name } from '../base/schemas.ts'

const Place = {
  target: Type.String({
    maxLength: 200,
    description:
      'tcp://host[:port] in the office’s network, file:/dev/usb/lp0 or file:/dev/serial/by-id/…; empty: no paper',
  }),
  width: Type.Union([Type.Literal(58), Type.Literal(80)], { description: 'Width of the paper, mm' }),
}

/** The office's ticket printer, the one that prints letters, and others that flows print on by their names. Whole each time. */
export const PrinterSettings = closedType({
  ...Place,
  qr: Type.Optional(
    Type.Union([Type.Literal('picture'), Type.Literal('command')], {
      description:
        'How a ticket’s QR is printed: as a picture, which every printer can (without this), or by the printer’s own command, which is faster',
    }),
  ),
  documents: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        'Printer of letters, which takes PDF by IPP: ipp://host[:port][/path] or ipps://…; empty or absent: none',
    }),
  ),
  others: Type.Optional(Type.Array(closedType({ name: Name, ...Place }), { maxItems: 4 })),
})
export type PrinterSettings = Static<typeof PrinterSettings>

export const defaultPrinter: PrinterSettings = { target: '', width: 58 }

export const printEvents = { 'print.settings-changed': event('ignore', PrinterSettings) } as const
