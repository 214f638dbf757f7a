import { type Static, type TSchema, Type } from 'typebox'

/* Words that schemas of entries, requests and views share. */

/** Members that are not named are refused. */
export const closed = { additionalProperties: false } as const

export const closedType = <T extends Parameters<typeof Type.Object>[0]>(members: T) => Type.Object(members, closed)

/** What may be missing stands as null: every view is whole each time. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** The name of a ticket, service, counter, account or booking: twelve random base64url characters (`newId`). */
export const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' })

/** A command's idempotence key, made by the page like an id: repeating it changes nothing. */
export const Key = Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' })

/** Who asks for a command, and the key under which a repetition gives the same answer. */
export type Command = { actor: string; key: Static<typeof Key> | null }

/** An office day in the village's time zone: 2026-11-23. */
export const Day = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'Office day in the village’s time zone',
})

/** What people name a service, a counter or a person. */
export const Name = Type.String({ minLength: 1, maxLength: 60 })

/** Code of a message catalogue. */
export const Language = Type.String({ pattern: '^[a-z]{2,3}$', description: 'Code of a catalogue' })
