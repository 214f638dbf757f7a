import type { Logger } from 'pino'
import type { Clock } from '../appliance/clock.ts'
import { unpackFrame } from '../appliance/wire/frame.ts'
import { type Health, type Presence, validators } from '../appliance/wire/messages.ts'
import type { Database } from './database.ts'
import { type Contact, nextContact, unknownContact } from './presence.ts'

type ContactRow = Omit<Contact, 'since'> & { since: Date }

/**
 * Keeps the latest presence and health of each village in `contact`. What is malformed is dropped: neither carries
 * anything that must arrive. Returns verbs that never throw; a failing PostgreSQL only leaves the console behind.
 */
export function createContacts({
  database,
  clock,
  log,
  onChanged,
}: {
  database: Database
  clock: Clock
  log: Logger
  onChanged: () => void
}) {
  let tail: Promise<unknown> = Promise.resolve()

  /** One after the other: `online` and `lost` of one box must not overtake each other. */
  function inOrder(village: string, work: () => Promise<unknown>): void {
    tail = tail.then(work).then(onChanged, (error) => {
      if (database.isUp()) log.error({ err: error, village }, 'contact could not be written')
    })
  }

  function takePresence(village: string, payload: Buffer): void {
    const presence = parse<Presence>(validators.presence, payload)
    if (presence) inOrder(village, () => writePresence(village, presence))
  }

  async function writePresence(village: string, presence: Presence): Promise<void> {
    const { rows } = await database.query<ContactRow>(selectContact, [village])
    const now = clock.read().at
    const [row] = rows
    const known = row ? { ...row, since: row.since.getTime() } : unknownContact(now)
    const next = nextContact(known, presence, now)
    if (next)
      await database.query(upsertContact, [village, next.state, next.since, next.session, next.box, next.version, now])
  }

  /** `retained`: it was said some time ago, so it does not show that the box is there now. */
  function takeHealth(village: string, payload: Buffer, { retained }: { retained: boolean }): void {
    const health = parse<Health>(validators.health, payload)
    if (health)
      inOrder(village, () => database.query(upsertHealth, [village, JSON.stringify(health), clock.read().at, retained]))
  }

  return {
    takePresence,
    takeHealth,
    /** Resolves when all that was taken is written. */
    settle: () => tail,
  }
}

function parse<T>(validator: { Check(value: unknown): boolean }, payload: Buffer): T | null {
  if (payload.length > 64 * 1024) return null
  try {
    const value = unpackFrame(payload)
    return validator.Check(value) ? (value as T) : null
  } catch {
    return null
  }
}

const selectContact = 'SELECT state, since, session, box, version FROM contact WHERE village = $1'

const upsertContact = `
  INSERT INTO contact (village, state, since, session, box, version, seen_at)
  VALUES ($1, $2, to_timestamp($3 / 1000.0), $4, $5, $6, to_timestamp($7 / 1000.0))
  ON CONFLICT (village) DO UPDATE
  SET state = excluded.state, since = excluded.since, session = excluded.session, box = excluded.box,
    version = excluded.version, seen_at = excluded.seen_at`

const upsertHealth = `
  INSERT INTO contact AS c (village, state, since, health, health_at, seen_at)
  VALUES ($1, 'never', to_timestamp($3 / 1000.0), $2, to_timestamp($3 / 1000.0), CASE WHEN $4 THEN NULL ELSE to_timestamp($3 / 1000.0) END)
  ON CONFLICT (village) DO UPDATE
  SET health = excluded.health, health_at = excluded.health_at, seen_at = coalesce(excluded.seen_at, c.seen_at)
  WHERE NOT $4 OR c.health IS NULL`
