import type { Logger } from 'pino'
import { AppError } from '../../appliance/base/errors.ts'
import type { SystemFile, SystemRelease, When } from '../../appliance/wire/releases.ts'
import { audit, type Doer, hubItself } from '../base/audit.ts'
import type { Client, Database } from '../base/database.ts'
import type { Places } from '../base/places.ts'
import { extend, lockDataset, type Published, publish, readNewest, type Stage } from '../datasets/publishing.ts'
import { dropFiles } from './files.ts'
import { type BoxState, judgeRollout } from './judge.ts'
import type { Rollout } from './views.ts'

/* A release of the system goes to one box, to ten, to all, by itself; the first box that has trouble with it stops it. */

const lookEveryMs = 60_000
/** How many releases keep their files: this one and the one before. */
const keptReleases = 2

/**
 * Publishes what these bundles hold as the next release; kinds of machines that none of them is for keep what they have.
 * Their files are in the database already (`storeFile`). Throws as `publish` does.
 */
export async function publishRelease(
  client: Client,
  given: { files: readonly SystemFile[]; when: When; places: Places; stage: Stage; note: string; now: number },
  doer: Doer,
): Promise<Published> {
  const { files, when, places, stage, note, now } = given
  const newest = await readNewest(client, 'system')
  const before = (newest?.content as SystemRelease | undefined)?.files ?? []
  const kept = before.filter(({ compatible }) => !files.some((file) => file.compatible === compatible))
  const content: SystemRelease = { when, files: [...kept, ...files] }
  const expected = newest?.version ?? null
  const published = await publish(client, { dataset: 'system', content, places, stage, expected, note, now }, doer)
  await client.query(
    'INSERT INTO rollout (release, files, moment, stage, since) VALUES ($1, $2, $3, $4, to_timestamp($5 / 1000.0))',
    [published.version, content.files.map(({ sha256 }) => sha256), when, stage, now],
  )
  const { rows } = await client.query<{ files: string[] }>(
    `SELECT files FROM rollout ORDER BY release DESC LIMIT ${keptReleases}`,
  )
  await dropFiles(client, [...new Set(rows.flatMap((row) => row.files))])
  return published
}

/** Goes on with the newest release, to so many; also one that was stopped. Throws as `extend` does. */
export async function continueRelease(
  client: Client,
  { places, stage, expected, now }: { places?: Places; stage: Stage; expected?: number; now: number },
  doer: Doer,
): Promise<Published> {
  const sent = await extend(
    client,
    { dataset: 'system', stage, ...(places ? { places } : {}), ...(expected === undefined ? {} : { expected }) },
    doer,
  )
  await client.query(
    `UPDATE rollout SET stage = $2, since = to_timestamp($3 / 1000.0), stopped_at = NULL, village = NULL, why = NULL
     WHERE release = $1`,
    [sent.version, stage, now],
  )
  return sent
}

/**
 * The newest release is offered to nobody any more; boxes that have begun end what they began. `expected`: the release
 * that somebody was shown. Throws `datasets.none`, `datasets.newer`.
 */
export async function stopRelease(
  client: Client,
  { trouble = null, expected, now }: { trouble?: Trouble | null; expected?: number; now: number },
  doer: Doer,
): Promise<number> {
  await lockDataset(client, 'system')
  const { rows } = await client.query<{ release: string }>('SELECT release FROM rollout ORDER BY release DESC LIMIT 1')
  const release = rows[0] ? Number(rows[0].release) : null
  if (release === null) throw new AppError('not-found', 'datasets.none', 'No system was ever published.')
  if (expected !== undefined && expected !== release)
    throw new AppError('conflict', 'datasets.newer', `The newest system is release ${release} by now.`)
  await client.query(
    'UPDATE rollout SET stopped_at = to_timestamp($2 / 1000.0), village = $3, why = $4 WHERE release = $1',
    [release, now, trouble?.village ?? null, trouble?.why ?? null],
  )
  // A running hub tells the boxes.
  await client.query(
    "UPDATE dataset_offer SET change = nextval('dataset_offer_change') WHERE dataset = 'system' AND version = $1",
    [release],
  )
  const data = { release, why: trouble?.why ?? '' }
  await audit(client, { ...doer, action: 'release.stopped', village: trouble?.village ?? null, data })
  return release
}

type Trouble = { village: string; why: string }

/** How the newest release stands; null: none was ever published. */
export async function readRollout(client: Client): Promise<Rollout | null> {
  const { rows } = await client.query<Row>(selectRollout)
  const [row] = rows
  if (!row) return null
  const { release, since, stopped_at, village, name, why, stage, doer, note, meant, moment, versions } = row
  const boxes = await readBoxes(client, Number(release))
  const newest = boxes.map(({ outcome }) => outcome)
  return {
    ...{ release: Number(release), stage, doer, note, meant, when: moment, versions },
    at: row.at.getTime(),
    since: since.getTime(),
    stopped: stopped_at && { at: stopped_at.getTime(), village, name, why },
    offered: boxes.length,
    done: newest.filter((outcome) => outcome === 'done' || outcome === 'already').length,
    passed: newest.filter((outcome) => outcome !== null && passes.includes(outcome)).length,
    troubles: boxes.flatMap(({ village, name, outcome, reason }) =>
      outcome === 'failed' || outcome === 'fell-back' ? { village, name, outcome, reason } : [],
    ),
  }
}

/** Not for that machine, or not wanted there. */
const passes = ['older', 'other-machine', 'not-managed', 'taken-back']

type Row = {
  release: string
  stage: Stage
  since: Date
  stopped_at: Date | null
  village: string | null
  name: string | null
  why: string | null
  at: Date
  doer: string
  note: string
  meant: number
  moment: When
  versions: { compatible: string; version: string }[]
}

const selectRollout = `
  SELECT r.release, r.moment, r.stage, r.since, r.stopped_at, r.village, n.name, r.why, v.at, v.doer, v.note,
    (
      SELECT count(*)::int
      FROM village
      WHERE valid_to IS NULL AND (v.places = '{}' OR village = ANY (v.places) OR left(village, 6) = ANY (v.places))
    ) AS meant,
    coalesce(
      (
        SELECT json_agg(json_build_object('compatible', f.compatible, 'version', f.version) ORDER BY f.compatible)
        FROM release_file f
        WHERE f.sha256 = ANY (r.files)
      ),
      '[]'
    ) AS versions
  FROM rollout r
  JOIN dataset_version v ON v.dataset = 'system' AND v.version = r.release
  LEFT JOIN village n ON n.village = r.village AND n.valid_to IS NULL
  ORDER BY r.release DESC
  LIMIT 1`

/** Every box that the release is offered to, by the last that it said of it. */
async function readBoxes(client: Client, release: number): Promise<(BoxState & { name: string })[]> {
  const { rows } = await client.query<{
    village: string
    name: string
    begun: Date | null
    ended: Date | null
    outcome: string | null
    reason: string | null
  }>(
    `SELECT o.village, coalesce(n.name, o.village) AS name, u.begun_heard AS begun, u.ended_heard AS ended, u.outcome, u.reason
     FROM dataset_offer o
     LEFT JOIN village n ON n.village = o.village AND n.valid_to IS NULL
     LEFT JOIN LATERAL (
       SELECT * FROM release_update u
       WHERE u.release = o.version AND u.village = o.village
       ORDER BY u.heard DESC
       LIMIT 1
     ) u ON true
     WHERE o.dataset = 'system' AND o.version = $1
     ORDER BY o.village`,
    [release],
  )
  return rows.map(({ begun, ended, ...row }) => ({
    ...row,
    begun: begun?.getTime() ?? null,
    ended: ended?.getTime() ?? null,
  }))
}

export type Rollouts = ReturnType<typeof startRollouts>

/** Looks each minute whether the release goes on or stops. Of several hubs each may: they take turns. */
export function startRollouts({
  database,
  log,
  now,
  changed,
}: {
  database: Database
  log: Logger
  now: () => number
  changed: () => void
}) {
  let turn: Promise<void> = Promise.resolve()
  const look = (): Promise<void> => {
    turn = turn.then(lookOnce).catch((error) => {
      if (database.isUp()) log.error({ err: error }, 'a release could not be looked at; the next look tries again')
    })
    return turn
  }

  async function lookOnce(): Promise<void> {
    if (!database.isUp()) return
    const acted = await database.inTransaction(async (client) => {
      // The same lock as whoever publishes: rows that each side locks in its own order would be a deadlock.
      await lockDataset(client, 'system')
      const { rows } = await client.query<{ release: string; stage: Stage; since: Date; stopped_at: Date | null }>(
        'SELECT release, stage, since, stopped_at FROM rollout ORDER BY release DESC LIMIT 1',
      )
      const [row] = rows
      if (!row || row.stopped_at) return null
      const boxes = await readBoxes(client, Number(row.release))
      const next = judgeRollout({ stage: row.stage, since: row.since.getTime(), boxes, now: now() })
      if (next === null) return null
      if ('trouble' in next) await stopRelease(client, { trouble: next.trouble, now: now() }, hubItself)
      else await continueRelease(client, { stage: next.stage, now: now() }, hubItself)
      return { release: Number(row.release), ...next }
    })
    if (acted === null) return
    if ('trouble' in acted) log.error(acted, 'a release was stopped: a box has trouble with it')
    else log.info(acted, 'a release goes to more boxes')
    changed()
  }

  const timer = setInterval(() => void look(), lookEveryMs)
  return {
    look,
    async stop() {
      clearInterval(timer)
      await turn
    },
  }
}
