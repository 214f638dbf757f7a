import type { Logger } from 'pino'
import type { Clock } from '../../appliance/base/clock.ts'
import { AppError } from '../../appliance/base/errors.ts'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import { type Health, limits, type Presence, validators } from '../../appliance/wire/messages.ts'
import type { Database } from '../base/database.ts'
import { findUnstorable } from '../base/known-entries.ts'
import { sampleOf, upsertMinute } from '../history/samples.ts'
import type { Refused } from './message.ts'
import type { Meters } from './meters.ts'
import { type Contact, nextContact, unknownContact } from './presence.ts'
import { type Strangers, topicOf } from './strangers.ts'

type ContactRow = Omit<Contact, 'since'> & { since: Date }

/**
 * Keeps the latest presence and health of each village in `contact`. What is malformed is told to `onRefused` and dropped:
 * neither carries anything that must arrive. Returns verbs that never throw; a failing PostgreSQL only leaves the console behind.
 */
export function createPresenceTable({
  database,
  clock,
  log,
  meters,
  strangers,
  onChanged,
  onRefused,
  onBoxTime = () => {},
}: {
  database: Database
  clock: Clock
  log: Logger
  meters: Meters
  strangers: Strangers
  onChanged: () => void
  onRefused: (village: string, refused: Refused) => void
  /** A box that keeps time by NTP: its clock minus the hub's, ms. */
  onBoxTime?: (village: string, offsetMs: number) => void
}) {
  /** What is still to be written, by village: each waits for its own only. */
  const lines = new Map<string, Promise<void>>()

  /** One after the other: `online` and `lost` of one box must not overtake each other. */
  function inOrder(village: string, work: () => Promise<unknown>): void {
    const written = (lines.get(village) ?? Promise.resolve())
      .then(work)
      .then(onChanged, (error) => {
        if (database.isUp()) log.error({ err: error, village }, 'contact could not be written')
      })
      .then(() => {
        if (lines.get(village) === written) lines.delete(village)
      })
    lines.set(village, written)
  }

  /** The message, when it is in form and no budget is used up. */
  function read<T>(village: string, kind: 'presence' | 'health', payload: Buffer): T | null {
    const topic = topicOf(village)
    if (!meters.mayPass(village, kind) || !strangers.mayAsk(topic, 'topic')) return null
    const began = clock.monotonicMs()
    const { value, refused } = parse<T>(validators[kind], payload)
    const cost = { bytes: payload.length, unpackedBytes: limits.healthBytes, busyMs: clock.monotonicMs() - began }
    if (value) meters.spend(village, kind, cost)
    else strangers.spend(topic, cost)
    if (refused) onRefused(village, { code: 'malformed', message: `${kind}: ${refused}` })
    return value
  }

  function takePresence(village: string, payload: Buffer): void {
    const presence = read<Presence>(village, 'presence', payload)
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
    const health = read<Health>(village, 'health', payload)
    if (!health) return
    if (!retained && health.ntp === true) onBoxTime(village, health.at - clock.read().at)
    inOrder(village, async () => {
      const now = clock.read().at
      await database.query(upsertHealth, [village, JSON.stringify(health), now, retained])
      if (!retained) await database.query({ ...upsertMinute, values: [village, now, ...sampleOf(health)] })
    })
  }

  return {
    takePresence,
    takeHealth,
    /** Resolves when all that was taken is written. */
    settle: async () => void (await Promise.all(lines.values())),
  }
}

type Checking = { Check(value: unknown): boolean; Errors(value: unknown): { instancePath: string; message: string }[] }

function parse<T>(validator: Checking, payload: Buffer): { value: T | null; refused: string | null } {
  try {
    const value = unpackFrame(payload, limits.healthBytes)
    const implausible = findUnstorable(value)
    if (implausible) return { value: null, refused: implausible }
    if (validator.Check(value)) return { value: value as T, refused: null }
    const [error] = validator.Errors(value)
    return { value: null, refused: `${error?.instancePath || '/'} ${error?.message ?? 'is wrong'}` }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { value: null, refused: error.message }
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
