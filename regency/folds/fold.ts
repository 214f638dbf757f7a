import type { Client } from '../base/database.ts'

/** An entry as it stands in the table. `at`: ms since 1970 UTC. */
export type StoredEntry = { name: Buffer; type: string; at: number; data: unknown }

/**
 * What a room's entries mean for the regency. Each has a cursor of its own in every epoch of every village. `fold` is
 * pure and gets only entries of `types` whose data are what their type says; `write` must give the same rows in whatever
 * order and however often what was folded comes: across epochs the order is not always kept (rule 13), and an entry may
 * stand at two places.
 */
export type Fold<Folded = unknown> = {
  /** Names its cursors: two of one name would move each other's. */
  room: string
  /** Raise it when the folding changes: every village is folded again, for this fold only. */
  version: number
  types: readonly string[]
  fold(entries: readonly StoredEntry[]): Folded
  write(client: Client, village: string, folded: Folded): Promise<void>
}
