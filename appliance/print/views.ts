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
