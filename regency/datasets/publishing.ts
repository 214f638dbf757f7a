import { gzipSync } from 'node:zlib'
import { AppError } from '../../appliance/base/errors.ts'
import { type DatasetName, unpackDataset } from '../../appliance/wire/datasets.ts'
import { canonicalJson, sha256Text } from '../../appliance/wire/hash.ts'
import { limits } from '../../appliance/wire/messages.ts'
import { audit, type Doer } from '../base/audit.ts'
import type { Client } from '../base/database.ts'
import { type Places, parsePlaces, readVillages } from '../base/places.ts'

/** How many of these places get it now, in the order of their codes; the rest when it has shown to be good. */
export const stages = { '1': 1, '10': 10, all: Number.MAX_SAFE_INTEGER } as const
export type Stage = keyof typeof stages

export type Published = { dataset: DatasetName; version: number; villages: string[]; of: number }

/** The newest version that was ever published; null: there is none. */
export async function readNewest(
  client: Client,
  dataset: DatasetName,
): Promise<{ version: number; content: unknown; doer: string; at: number } | null> {
  const { rows } = await client.query<{ version: string; file: Buffer; doer: string; at: Date }>(
    'SELECT version, file, doer, at FROM dataset_version WHERE dataset = $1 ORDER BY version DESC LIMIT 1',
    [dataset],
  )
  const [row] = rows
  return row
    ? { version: Number(row.version), content: unpackDataset(row.file), doer: row.doer, at: row.at.getTime() }
    : null
}

/**
 * Publishes what has been checked as the next version, to the first villages of its places. `expected`: the version that
 * the differences were shown against; throws `datasets.newer` when another one has come meanwhile, `datasets.too-large`,
 * `places.nowhere` when no village is meant.
 */
export async function publish(
  client: Client,
  given: {
    dataset: DatasetName
    content: unknown
    places: Places
    stage: Stage
    expected: number | null
    note: string
    now: number
  },
  doer: Doer,
): Promise<Published> {
  const { dataset, content, places, stage, expected, note, now } = given
  await lockDataset(client, dataset)
  const newest = await readNewestVersion(client, dataset)
  assertStill(dataset, newest, expected)
  const { file, sha256 } = packDataset(content)
  if (file.length > limits.datasetBytes)
    throw new AppError(
      'invalid',
      'datasets.too-large',
      `${dataset} has ${file.length} bytes when packed; at most ${limits.datasetBytes}.`,
    )
  const version = await nextVersion(client, dataset, newest)
  await insertVersion(client, { ...{ dataset, version, now, sha256, file, note }, by: doer, places: codesOf(places) })
  const sent = await offer(client, dataset, version, places, stage)
  await audit(client, {
    ...doer,
    action: 'dataset.published',
    data: { dataset, version, villages: sent.villages.length, of: sent.of },
  })
  return { dataset, version, ...sent }
}

/**
 * Gives the newest version to more villages: of other places, or of those that it was published for. Throws
 * `datasets.none` while nothing was published, `datasets.newer` when the newest is not the `expected` one.
 */
export async function extend(
  client: Client,
  given: { dataset: DatasetName; places?: Places; stage: Stage; expected?: number },
  doer: Doer,
): Promise<Published> {
  const { dataset, stage, expected } = given
  await lockDataset(client, dataset)
  const version = await readNewestVersion(client, dataset)
  if (version === null) throw new AppError('not-found', 'datasets.none', `Nothing was ever published of ${dataset}.`)
  assertStill(dataset, version, expected)
  const places = given.places ?? (await readPlaces(client, dataset, version))
  if (given.places)
    await client.query('UPDATE dataset_version SET places = $3 WHERE dataset = $1 AND version = $2', [
      ...[dataset, version],
      codesOf(places),
    ])
  const sent = await offer(client, dataset, version, places, stage)
  await audit(client, {
    ...doer,
    action: 'dataset.extended',
    data: { dataset, version, villages: sent.villages.length, of: sent.of },
  })
  return { dataset, version, ...sent }
}

/**
 * Publishes the version before the newest once more, as a new one since versions only rise, to whoever was offered the
 * newest. Throws `datasets.none` when there is no version before, `datasets.newer` when the newest is not the `expected` one.
 */
export async function rollBack(
  client: Client,
  { dataset, now, expected }: { dataset: DatasetName; now: number; expected?: number },
  doer: Doer,
): Promise<Published> {
  await lockDataset(client, dataset)
  const { rows } = await client.query<{ version: string; sha256: string; file: Buffer; places: string[] }>(
    'SELECT version, sha256, file, places FROM dataset_version WHERE dataset = $1 ORDER BY version DESC LIMIT 2',
    [dataset],
  )
  const [newest, before] = rows
  if (!newest || !before)
    throw new AppError('not-found', 'datasets.none', `There is no version of ${dataset} to go back to.`)
  assertStill(dataset, Number(newest.version), expected)
  const version = await nextVersion(client, dataset, Number(newest.version))
  await insertVersion(client, {
    ...before,
    ...{ dataset, now, by: doer },
    version,
    note: `as version ${before.version}`,
    places: newest.places,
  })
  const { rows: had } = await client.query<{ village: string }>(
    'SELECT village FROM dataset_offer WHERE dataset = $1 AND version = $2 ORDER BY village',
    [dataset, newest.version],
  )
  const villages = had.map(({ village }) => village)
  await writeOffers(client, dataset, version, villages)
  await audit(client, {
    ...doer,
    action: 'dataset.rolled-back',
    data: { dataset, version, to: Number(before.version), villages: villages.length },
  })
  return { dataset, version, villages, of: villages.length }
}

/** What somebody was shown may be no longer so; undefined: whoever asks wants whatever is newest. */
function assertStill(dataset: DatasetName, newest: number | null, expected: number | null | undefined): void {
  if (expected === undefined || newest === expected) return
  throw new AppError(
    'conflict',
    'datasets.newer',
    `${dataset} has version ${newest ?? 'none'} by now; look at the differences again.`,
  )
}

/** As they stand in `dataset_version`: codes of districts or of villages; none: the whole regency. */
const codesOf = (places: Places): readonly string[] =>
  places === 'all' ? [] : 'districts' in places ? places.districts : places.villages

async function readPlaces(client: Client, dataset: DatasetName, version: number): Promise<Places> {
  const { rows } = await client.query<{ places: string[] }>(
    'SELECT places FROM dataset_version WHERE dataset = $1 AND version = $2',
    [dataset, version],
  )
  return parsePlaces(rows[0]?.places.join(',') || 'all')
}

/** Two who publish at once come one after the other. */
export const lockDataset = (client: Client, dataset: DatasetName) =>
  client.query("SELECT pg_advisory_xact_lock(hashtext('balai dataset ' || $1))", [dataset])

/** The newest version that was published; null: none was. */
export async function readNewestVersion(client: Client, dataset: DatasetName): Promise<number | null> {
  const { rows } = await client.query<{ version: string | null }>(
    'SELECT max(version) AS version FROM dataset_version WHERE dataset = $1',
    [dataset],
  )
  const version = rows[0]?.version ?? null
  return version === null ? null : Number(version)
}

/** Above every one that was published, and that a box has said it has: a hub that was restored gives no number twice. */
export async function nextVersion(client: Client, dataset: DatasetName, newest: number | null): Promise<number> {
  const { rows } = await client.query<{ heard: string | null }>(
    'SELECT max(greatest(current, refused)) AS heard FROM dataset_state WHERE dataset = $1',
    [dataset],
  )
  return Math.max(newest ?? 0, Number(rows[0]?.heard ?? 0)) + 1
}

/** The file of a dataset, and its sum. */
export function packDataset(content: unknown): { file: Buffer; sha256: string } {
  const file = gzipSync(canonicalJson(content), { level: 9 })
  return { file, sha256: sha256Text(file) }
}

type NewVersion = {
  dataset: DatasetName
  version: number
  now: number
  sha256: string
  file: Buffer
  by: Doer
  note: string
  places: readonly string[]
}

/** Writes a version; who shall have it is said by `writeOffers`. */
export const insertVersion = (client: Client, { dataset, version, now, sha256, file, by, note, places }: NewVersion) =>
  client.query(
    `INSERT INTO dataset_version (dataset, version, at, sha256, file, doer, note, places)
     VALUES ($1, $2, to_timestamp($3 / 1000.0), $4, $5, $6, $7, $8)`,
    [dataset, version, now, sha256, file, by.actor, note, places],
  )

async function offer(client: Client, dataset: DatasetName, version: number, places: Places, stage: Stage) {
  const all = await readVillages(client, places)
  const villages = all.slice(0, stages[stage])
  await writeOffers(client, dataset, version, villages)
  return { villages, of: all.length }
}

/** These villages shall have this version from now on. */
export const writeOffers = (client: Client, dataset: DatasetName, version: number, villages: readonly string[]) =>
  client.query(
    `INSERT INTO dataset_offer (village, dataset, version) SELECT unnest($3::text[]), $1, $2
     ON CONFLICT (village, dataset) DO UPDATE SET version = excluded.version, change = nextval('dataset_offer_change')`,
    [dataset, version, villages],
  )
