import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { When } from '../wire/releases.ts'
import { Outcome } from './events.ts'
import { Slot } from './request-files.ts'

const Kind = Type.Union([
  Type.Literal('system', { description: 'The whole of it, into the other slot' }),
  Type.Literal('program', { description: 'The program alone, over the one of the system' }),
])

export const UpdatesView = Type.Object({
  managed: Type.Boolean({ description: 'Whether this machine was written as an image, with two slots' }),
  slot: nullable(Slot),
  version: nullable(Type.String({ description: 'The system that runs' })),
  program: Type.String({ description: 'The program that runs: the system’s, or a newer one that came alone' }),
  bundles: Type.Array(
    Type.Object({
      file: Type.String(),
      name: Type.String(),
      kind: nullable(Kind),
      version: nullable(Type.String()),
      trouble: nullable(
        Type.Union([
          Type.Literal('not-signed', { description: 'Not by who makes systems for this box' }),
          Type.Literal('other-machine'),
          Type.Literal('unreadable'),
        ]),
      ),
      said: nullable(Type.String({ description: 'Why, in RAUC’s words' })),
    }),
    { description: 'What lies on the stick or in the box' },
  ),
  coming: nullable(
    Type.Object(
      { kind: Kind, version: Type.String(), bytes: Type.Integer(), fetched: Type.Integer() },
      {
        description: 'What is being fetched from the regency',
      },
    ),
  ),
  wish: nullable(
    Type.Object({
      kind: Kind,
      version: Type.String(),
      when: When,
      byRegency: Type.Boolean(),
      step: Type.Union([
        Type.Literal('waiting', { description: 'For the night' }),
        Type.Literal('saving', { description: 'A backup comes first' }),
        Type.Literal('asked'),
        Type.Literal('installing'),
        Type.Literal('installed', { description: 'The machine starts again' }),
        Type.Literal('failed'),
      ]),
    }),
  ),
  last: nullable(
    Type.Object({
      kind: Kind,
      version: Type.String(),
      outcome: Outcome,
      at: Type.Integer({ description: 'ms since 1970 UTC' }),
      reason: nullable(Type.String({ description: 'In the installer’s words; "backup": none could be made' })),
    }),
  ),
})
export type UpdatesView = Static<typeof UpdatesView>
