import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { Office } from '../base/web/office-view.ts'
import { WaitRange } from '../queue/ticket-view.ts'

export const DisplayView = Type.Object({
  office: Office,
  counters: Type.Array(
    Type.Object({
      counter: Type.String(),
      name: Type.String({ description: '"Loket 2"' }),
      staffed: Type.Boolean({ description: 'Somebody works there now' }),
      paused: Type.Boolean({ description: 'A break' }),
      backAt: nullable(Type.Integer({ description: 'Said to be back at' })),
      number: nullable(Type.String({ description: 'The last ticket called there today: A012' })),
    }),
  ),
  calls: Type.Array(
    Type.Object({
      call: Type.String({ description: 'Id of this call or recall: announce each once' }),
      number: Type.String(),
      counter: Type.String({ description: 'Name of the counter' }),
      service: Type.String(),
      count: Type.Integer({ description: '1 for the first call, 2 for the first recall' }),
      ageMs: Type.Integer({ description: 'Announce none older than 30,000' }),
    }),
    { maxItems: 10, description: 'Newest first' },
  ),
  services: Type.Array(
    Type.Object({ prefix: Type.String(), name: Type.String(), waiting: Type.Integer(), wait: WaitRange }),
  ),
  notice: Type.String(),
  opensAt: nullable(Type.Integer({ description: 'Every service is closed, and the first opens then; null otherwise' })),
  voice: Type.Object({
    speaker: Type.String({ description: 'The device that speaks: display:1, box, or off' }),
    style: Type.Union([Type.Literal('digits'), Type.Literal('number')]),
    volumePercent: Type.Integer(),
    trials: Type.Array(
      Type.Object({ call: Type.String(), number: Type.String(), counter: Type.String(), ageMs: Type.Integer() }),
      { description: 'Calls that try the voice: spoken, never shown' },
    ),
  }),
})
export type DisplayView = Static<typeof DisplayView>
