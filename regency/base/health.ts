import { type Health, validators } from '../../appliance/wire/messages.ts'
import { findUnstorable } from './known-entries.ts'

/** As it is stored by whatever program was here before: what is not in form, or on no page, is as if nothing were said. */
export const readHealth = (stored: unknown): Health | null =>
  validators.health.Check(stored) && findUnstorable(stored) === null ? stored : null
