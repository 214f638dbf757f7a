import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'

/** The ticket printer. `unknown`: not reached yet, or of the kind that tells nothing about itself; it is printed on. */
export const PrinterView = Type.Object({
  state: Type.Union([
    Type.Literal('none', { description: 'This office has none' }),
    Type.Literal('ready'),
    Type.Literal('paper-out'),
    Type.Literal('offline'),
    Type.Literal('unknown'),
  ]),
  reason: nullable(
    Type.Union(
      [
        Type.Literal('no-connection'),
        Type.Literal('cover-open'),
        Type.Literal('error'),
        Type.Literal('refused'),
        Type.Literal('paper-low', { description: 'It is ready, and its roll ends soon' }),
      ],
      { description: 'Why it is offline' },
    ),
  ),
  waiting: Type.Integer({ description: 'Papers that are not printed yet' }),
})
export type PrinterView = Static<typeof PrinterView>

/** What became of a paper. `waiting`: it comes out as soon as the printer can, within two minutes. */
export const PrintOutcome = Type.Object({
  printed: Type.Union([Type.Literal('printed'), Type.Literal('waiting'), Type.Literal('failed')]),
})

/** How a printer of documents is. `busy`, `paper-low`, `toner-low`, `unknown`: it prints. */
export const documentStates = [
  ...(['none', 'unknown', 'ready', 'busy', 'paper-low', 'toner-low'] as const),
  ...(['paper-out', 'cover-open', 'jam', 'toner-out', 'stopped', 'error', 'no-connection'] as const),
  ...(['no-queue', 'no-permission', 'no-pdf', 'no-printer', 'refused'] as const),
] as const
export type DocumentState = (typeof documentStates)[number]

/** The printer on which letters are printed without a dialog. */
export const DocumentPrinterView = Type.Object({
  state: Type.Enum(documentStates),
  name: nullable(Type.String({ description: 'Maker and model, as it says itself; null: not asked yet' })),
  target: Type.String({ description: 'ipp://host/path; empty: there is none' }),
})
export type DocumentPrinterView = Static<typeof DocumentPrinterView>

/**
 * What became of a document. `taken`: the printer has it, and has not said that it is out; `not`: it has not taken it, or
 * given it up; `unclear`: the line to it broke while it was sent.
 */
export const DocumentOutcome = Type.Object({
  printed: Type.Enum(['printed', 'taken', 'not', 'unclear'] as const),
  state: Type.Enum(documentStates),
})
export type DocumentOutcome = Static<typeof DocumentOutcome>
