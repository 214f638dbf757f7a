import { type Static, Type } from 'typebox'
import { nullable } from '../../appliance/base/schemas.ts'

const When = Type.Integer({ description: 'Ms since 1970 UTC' })

/** One application as an agency gets it: whose it is stands in `file`, which its own key opens. */
export const InboxCase = Type.Object({
  village: Type.String(),
  name: Type.String({ description: 'Of the village' }),
  case: Type.String(),
  title: Type.String(),
  agency: Type.String(),
  relayed: When,
  due: nullable(When),
  papers: Type.Array(Type.String(), { description: 'What the village has seen' }),
  state: Type.String(),
  stateAt: When,
  text: nullable(Type.String({ description: 'What the agency has said' })),
  answering: nullable(Type.String({ description: 'What it has said and the village has not heard yet' })),
  p: nullable(Type.String({ description: 'SHA-256 of the text that is sealed, base64' })),
  document: nullable(
    Type.Object({
      at: When,
      state: Type.Enum(['waiting', 'here', 'unreadable', 'refused'], { description: 'At the village’s box' }),
    }),
  ),
  photos: Type.Array(
    Type.Object({
      file: Type.String({ description: 'SHA-256 of the age file, base64url' }),
      paper: nullable(Type.String({ description: 'Of which paper; null: another one' })),
      bytes: Type.Integer(),
      here: Type.Boolean({ description: 'It has come whole; otherwise it is on its way' }),
    }),
  ),
  file: nullable(
    Type.String({ description: 'An age file, base64: {applicant, title, note?, salt} as JSON; null: erased' }),
  ),
})
export type InboxCase = Static<typeof InboxCase>

export const InboxView = Type.Object({ agency: Type.String(), rows: Type.Array(InboxCase), more: Type.Boolean() })
export type InboxView = Static<typeof InboxView>
