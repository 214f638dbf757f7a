import { randomBytes } from 'node:crypto'

/** Twelve random base64url characters (72 bits): ids of tickets, services, accounts, epochs, and keys of commands. */
export const newId = (): string => randomBytes(9).toString('base64url')

/** Sixteen random base64url characters: a relay session. Never a counter: a restored box must not take an old answer for its own. */
export const newSession = (): string => randomBytes(12).toString('base64url')
