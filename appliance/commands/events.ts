import { Type } from 'typebox'
import { mostBrokers } from '../base/broker/broker-list.ts'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Id } from '../base/schemas.ts'

const Brokers = Type.Array(Type.String({ maxLength: 200 }), { maxItems: mostBrokers })

/** What became of the regency's commands. What it wrote to the office stands in none of them. */
export const commandEvents = {
  /** Its key is the command's id: a command that has one is not carried out again (SYNC-018). */
  'commands.carried-out': event(
    'record',
    closedType({
      command: Id,
      type: Type.String({ pattern: '^[a-z][a-z-]{0,39}$' }),
      outcome: Type.Union([
        Type.Literal('done'),
        Type.Literal('refused'),
        Type.Literal('expired'),
        Type.Literal('failed'),
      ]),
      detail: Type.Optional(
        Type.String({ pattern: '^[a-zA-Z0-9.-]{1,80}$', description: 'A short code, or a number' }),
      ),
      setting: Type.Optional(Type.String({ maxLength: 40 })),
      version: Type.Optional(Type.Integer({ minimum: 1 })),
      brokers: Type.Optional(Brokers),
      instead: Type.Optional(Brokers),
    }),
  ),
  'commands.message-read': event('record', closedType({ command: Id })),
} as const
