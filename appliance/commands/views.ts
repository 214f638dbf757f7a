import { type Static, Type } from 'typebox'

export const MessageView = Type.Object({
  command: Type.String(),
  from: Type.String({ description: 'Who wrote it, at the regency' }),
  text: Type.String(),
  at: Type.Integer({ description: 'When it came, ms since 1970 UTC' }),
})
export type MessageView = Static<typeof MessageView>
