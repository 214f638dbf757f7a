import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { Office } from '../base/web/office-view.ts'

/** The office as flows see it. */
export const OfficeForFlows = Type.Object({
  ...Office.properties,
  open: Type.Boolean({ description: 'By its hours and holidays' }),
  opensAt: nullable(Type.Integer()),
  closesAt: nullable(Type.Integer()),
  services: Type.Array(
    Type.Object({
      service: Type.String(),
      prefix: Type.String(),
      name: Type.String(),
      open: Type.Boolean({ description: 'A number is given now' }),
      waiting: Type.Integer(),
    }),
  ),
  counters: Type.Array(
    Type.Object({
      counter: Type.String(),
      name: Type.String(),
      open: Type.Boolean(),
      staffed: Type.Boolean(),
      paused: Type.Boolean(),
      ticket: nullable(Type.String({ description: 'The number that is called or served there' })),
    }),
  ),
})

export const VersionView = Type.Object({
  version: Type.Integer(),
  at: Type.Integer(),
  author: Type.String({ description: 'Name of the person; "" for the box itself' }),
  origin: Type.Union([
    Type.Literal('first'),
    Type.Literal('editor'),
    Type.Literal('back'),
    Type.Literal('import'),
    Type.Literal('regency'),
    Type.Literal('fell-back'),
  ]),
  of: nullable(Type.Integer({ description: 'The older version that it repeats' })),
  bytes: Type.Integer(),
  sound: Type.Boolean({ description: 'It has run for ten minutes' }),
})

export const FlowsView = Type.Object({
  office: Office,
  state: Type.Union([
    Type.Literal('off'),
    Type.Literal('gone'),
    Type.Literal('starting'),
    Type.Literal('running'),
    Type.Literal('stopped'),
    Type.Literal('safe-mode'),
  ]),
  whyOff: nullable(Type.Union([Type.Literal('setting'), Type.Literal('memory'), Type.Literal('missing')])),
  sinceMs: Type.Integer(),
  rssMb: nullable(Type.Integer()),
  missing: Type.Array(Type.String()),
  error: nullable(Type.String()),
  lastEnd: nullable(
    Type.Object({
      at: Type.Integer(),
      why: nullable(Type.Union([Type.Literal('silent'), Type.Literal('memory')])),
    }),
  ),
  walls: Type.Boolean({ description: 'It runs as a user of its own, under systemd' }),
  memoryWall: Type.Boolean({ description: 'The system itself limits its memory, too' }),
  regency: nullable(
    Type.Object({
      version: Type.Integer(),
      publishedAt: Type.Integer(),
      waits: Type.Union([Type.Literal('changed-here'), Type.Literal('types')], {
        description: 'Why it does not run: flows were changed here since, or nodes of it are missing',
      }),
      missing: Type.Array(Type.String()),
    }),
  ),
  fingerprint: Type.String({ description: 'SHA-256 of the certificate of this box, as openssl prints it' }),
  readings: Type.Array(Type.Object({ name: Type.String(), value: Type.Number(), unit: nullable(Type.String()) })),
  versions: Type.Array(VersionView),
  tokens: Type.Array(
    Type.Object({
      token: Type.String(),
      name: Type.String(),
      scopes: Type.Array(Type.String()),
      madeBy: Type.String(),
      madeAt: Type.Integer(),
    }),
  ),
})
export type FlowsView = Static<typeof FlowsView>

/** How the flows are, without what is kept of them. */
export type FlowsState = Pick<
  FlowsView,
  'state' | 'whyOff' | 'sinceMs' | 'rssMb' | 'missing' | 'error' | 'lastEnd' | 'walls' | 'memoryWall' | 'readings'
>

export const DifferenceView = Type.Object({
  what: Type.Union([Type.Literal('added'), Type.Literal('removed'), Type.Literal('changed')]),
  node: Type.String(),
  type: Type.String(),
  member: Type.Optional(Type.String()),
  from: Type.Optional(nullable(Type.String())),
  to: Type.Optional(nullable(Type.String())),
})
export type DifferenceView = Static<typeof DifferenceView>

/** What a flow has written for the head to pass on. */
export const SummaryView = Type.Object({
  summary: nullable(Type.Object({ text: Type.String(), at: Type.Integer() })),
})
export type SummaryView = Static<typeof SummaryView>
