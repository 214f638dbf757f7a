import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Id, Name, nullable } from '../base/schemas.ts'

const Version = Type.Integer({ minimum: 1 })
const Sha256 = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

/** Who changed the village's flows, and when they came to a stop. What stands in a flow is in none of them. */
export const automationEvents = {
  'automation.flows-saved': event(
    'record',
    closedType({
      version: Version,
      origin: Type.Union([
        Type.Literal('editor'),
        Type.Literal('back', { description: 'An older version, by a person' }),
        Type.Literal('import'),
        Type.Literal('regency', { description: 'What the regency has published; `of` is its version' }),
        Type.Literal('fell-back', { description: 'An older version, since the newest one kept ending' }),
      ]),
      of: nullable(Version),
      nodes: Type.Integer({ minimum: 0 }),
      bytes: Type.Integer({ minimum: 0 }),
      sha256: Sha256,
    }),
  ),
  /** Nothing runs, the editor is up: every version that was tried kept ending. */
  'automation.safe-mode-began': event('record', closedType({ version: Version })),
  'automation.writing-unlocked': event('record', closedType({})),
  'automation.token-made': event(
    'record',
    closedType({ token: Id, name: Name, scopes: Type.Array(Type.Union([Type.Literal('read'), Type.Literal('act')])) }),
  ),
  'automation.token-removed': event('record', closedType({ token: Id })),
} as const
