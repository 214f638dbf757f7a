import { Type } from 'typebox'

/** A command's idempotence key, twelve random base64url characters made by the page: repeating it changes nothing. */
export const Key = Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' })

/** Who asks for a command, and the key under which a repetition gives the same answer. */
export type Command = { actor: string; key: string | null }
