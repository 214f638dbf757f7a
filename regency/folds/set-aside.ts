import { cleanText } from '../base/clean-text.ts'
import type { Client } from '../base/database.ts'
import { whyUnreadable } from '../base/known-entries.ts'
import type { StoredEntry } from './fold.ts'

/** An entry that a fold could not take, and why. */
export type Aside = { name: Buffer; type: string; reason: string }

/** Which entries have the data that their type says, and what is wrong with the others. */
export function separateUnreadable(entries: readonly StoredEntry[]): { readable: StoredEntry[]; aside: Aside[] } {
  const readable: StoredEntry[] = []
  const aside: Aside[] = []
  for (const entry of entries) {
    const reason = whyUnreadable(entry.type, entry.at, entry.data)
    if (reason === null) readable.push(entry)
    else aside.push({ name: entry.name, type: entry.type, reason: cleanText(reason) })
  }
  return { readable, aside }
}

/** Notes what the fold of `room` could not take; it is tried again when more of the village has been folded. */
export async function writeAside(client: Client, village: string, room: string, aside: readonly Aside[]) {
  if (aside.length === 0) return
  const rows = aside.map(({ name, type, reason }) => ({ name: name.toString('hex'), type, reason }))
  await client.query({ ...upsertAside, values: [village, room, JSON.stringify(rows)] })
}

const upsertAside = {
  name: 'upsert-set-aside',
  text: `
    INSERT INTO set_aside (village, fold, name, type, reason)
    SELECT $1, $2, decode(name, 'hex'), type, reason
    FROM json_to_recordset($3) AS given (name text, type text, reason text)
    ON CONFLICT (village, name, fold) DO UPDATE
    SET reason = excluded.reason, tried_at = now()`,
}

/**
 * What is set aside, of each village ten thousand rows at most: what looks at it each minute, and the console, cost no more
 * for one village that sends nothing else.
 */
export const someAside = `
  SELECT aside.village, aside.name, aside.type, aside.reason
  FROM stream
  CROSS JOIN LATERAL (SELECT * FROM set_aside WHERE set_aside.village = stream.village LIMIT 10000) aside`
