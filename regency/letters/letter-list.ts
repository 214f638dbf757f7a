import type { Logger } from 'pino'
import { dateIn } from '../../appliance/base/clock.ts'
import { AppError } from '../../appliance/base/errors.ts'
import { startLooks } from '../../appliance/base/looks.ts'
import { hourMs } from '../../appliance/base/time.ts'
import type { DatasetOf } from '../../appliance/wire/datasets.ts'
import { canonicalJson } from '../../appliance/wire/hash.ts'
import { hubItself } from '../base/audit.ts'
import type { Client, Database } from '../base/database.ts'
import { publish, readNewest } from '../datasets/publishing.ts'

type LetterList = DatasetOf<'letters'>

const everyMs = 10 * 60_000
/** A list that changed less than so long ago is not changed again, but for a key that was revoked. */
const restMs = 6 * hourMs

type Parts = {
  database: Database
  log: Logger
  now: () => number
  /** An IANA time zone. */
  zone: string
}

/**
 * Publishes by what every box says whether a letter of another village is true: the keys of all boxes, those that were
 * revoked with the last day on which they counted, and letters that count no more. Nothing is published before a village
 * has issued its first letter.
 */
export function startLetterList({ database, log, now, zone }: Parts) {
  const looks = startLooks(
    {
      async list() {
        if (database.isUp()) await database.inTransaction((client) => publishList(client, { now: now(), zone }))
      },
    },
    {
      everyMs,
      onFailure(_job, error) {
        // Another hub of this database was faster.
        if (error instanceof AppError && error.code === 'datasets.newer') return
        if (database.isUp())
          log.error({ err: error }, 'the list of letters could not be published; the next look tries again')
      },
    },
  )
  void looks.look()
  return looks
}

/** Publishes the list where it differs from the newest. */
async function publishList(client: Client, { now, zone }: { now: number; zone: string }): Promise<void> {
  const list = await readList(client, zone)
  if (!list) return
  const newest = await readNewest(client, 'letters')
  const before = newest?.content as LetterList | undefined
  if (newest && before) {
    const isSame = canonicalJson(list) === canonicalJson({ keys: before.keys, voided: before.voided })
    const isUrgent = countRevoked(list) !== countRevoked(before)
    if (isSame || (!isUrgent && now - newest.at < restMs)) return
  }
  const content: LetterList = { ...list, asOf: dateIn(zone, now) }
  const given = { dataset: 'letters', content, places: 'all', stage: 'all', note: '', now } as const
  await publish(client, { ...given, expected: newest?.version ?? null }, hubItself)
}

const countRevoked = ({ keys }: Pick<LetterList, 'keys'>): number =>
  keys.filter(({ until }) => until !== undefined).length

/** Null: no village has issued a letter. */
async function readList(client: Client, zone: string): Promise<Pick<LetterList, 'keys' | 'voided'> | null> {
  const { rows: any } = await client.query('SELECT FROM letter LIMIT 1')
  return any.length === 0 ? null : readKeysAndVoided(client, zone)
}

/** Keys of all boxes, and letters that count no more, as they are now. `zone`: in which days are said. */
export async function readKeysAndVoided(client: Client, zone: string): Promise<Pick<LetterList, 'keys' | 'voided'>> {
  const { rows: keys } = await client.query<{ village: string; key: string; until: string | null }>(
    `SELECT village, key, to_char(revoked_at AT TIME ZONE $1, 'YYYY-MM-DD') AS until
     FROM signing_key ORDER BY village, enrolled_at, key`,
    [zone],
  )
  const { rows: voided } = await client.query<{ letter: string; on: string }>(
    `SELECT letter, to_char(voided_at AT TIME ZONE $1, 'YYYY-MM-DD') AS "on"
     FROM letter WHERE voided_at IS NOT NULL ORDER BY village, letter`,
    [zone],
  )
  return { keys: keys.map(({ until, ...key }) => (until === null ? key : { ...key, until })), voided }
}
