import { type Static, Type } from 'typebox'

/** How the private parts of the past come back: `none` while nobody has typed the words and nothing waits for them. */
export const Reopening = Type.Object({
  step: Type.Union([
    Type.Literal('none'),
    Type.Literal('before', { description: 'This box takes the place of another one, and its past is not in yet' }),
    Type.Literal('words', { description: 'Sealed parts lie here; the words of the recovery sheet open them' }),
    Type.Literal('history', { description: 'The words were right; the past is not all here' }),
    Type.Literal('opening'),
    Type.Literal('done'),
  ]),
  isOther: Type.Boolean({ description: 'The regency names another box as the village’s: this one gets no history' }),
  here: Type.Integer({ description: 'Entries of this village on the box' }),
  missing: Type.Integer({ description: 'Entries that the regency is known to have besides' }),
  closed: Type.Integer({ description: 'Private parts that lie here sealed' }),
  opened: Type.Integer({ description: 'Opened since the words were typed' }),
  failed: Type.Integer({ description: 'Those that the words do not open' }),
})
export type Reopening = Static<typeof Reopening>
