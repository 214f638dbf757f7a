import { type Static, Type } from 'typebox'
import { nullable } from '../../appliance/base/schemas.ts'
import { When } from '../../appliance/wire/releases.ts'

/** How the newest release of the system stands in the regency. Times are ms since 1970 UTC by the hub's clock. */
export const Rollout = Type.Object({
  release: Type.Integer({ description: 'The version of the dataset `system`' }),
  versions: Type.Array(Type.Object({ compatible: Type.String(), version: Type.String() }), {
    description: 'What each kind of machine shall run',
  }),
  when: When,
  at: Type.Integer(),
  doer: Type.String(),
  note: Type.String(),
  stage: Type.Union([Type.Literal('1'), Type.Literal('10'), Type.Literal('all')]),
  since: Type.Integer({ description: 'Of this stage' }),
  stopped: nullable(
    Type.Object({
      at: Type.Integer(),
      village: nullable(Type.String({ description: 'Whose box had trouble; null: a person stopped it' })),
      name: nullable(Type.String()),
      why: nullable(Type.String({ description: 'fell-back, failed, silent, and in which words' })),
    }),
  ),
  meant: Type.Integer({ description: 'Villages of its places' }),
  offered: Type.Integer({ description: 'Villages of this stage' }),
  done: Type.Integer({ description: 'Those that run it' }),
  passed: Type.Integer({ description: 'Those whose box is none of an image, or has a newer one, or did not want it' }),
  troubles: Type.Array(
    Type.Object({
      village: Type.String(),
      name: Type.String(),
      outcome: Type.Union([Type.Literal('failed'), Type.Literal('fell-back')]),
      reason: nullable(Type.String()),
    }),
  ),
})
export type Rollout = Static<typeof Rollout>
