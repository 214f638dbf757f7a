import { type Static, Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'

/** The office's one ticket printer. Whole each time. */
export const PrinterSettings = Type.Object(
  {
    target: Type.String({
      maxLength: 200,
      description:
        'tcp://host[:port] in the office’s network, file:/dev/usb/lp0 or file:/dev/serial/by-id/…; empty: no paper',
    }),
    width: Type.Union([Type.Literal(58), Type.Literal(80)], { description: 'Width of the paper, mm' }),
  },
  { additionalProperties: false },
)
export type PrinterSettings = Static<typeof PrinterSettings>

export const defaultPrinter: PrinterSettings = { target: '', width: 58 }

export const printEvents = { 'print.settings-changed': event('ignore', PrinterSettings) } as const
