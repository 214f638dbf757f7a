import { AppError } from '../../appliance/base/errors.ts'
import { recipientOfBox } from '../../appliance/wire/box-recipient.ts'
import { limits } from '../../appliance/wire/messages.ts'
import { audit, type Doer } from '../base/audit.ts'
import type { Client, Database } from '../base/database.ts'
import { readVillages } from '../base/places.ts'
import { insertVersion, lockDataset, nextVersion, packDataset, readNewestVersion, writeOffers } from './publishing.ts'

/*
 * SYNC-021: the dataset `residents`, of one village each. What comes here is sealed already: neither this table nor whoever
 * reads it knows anybody.
 */

const dataset = 'residents'

/** To whom a village's residents are sealed, `age1…`: the box that owns it. Throws `places.nowhere`, `hub.residents-no-box`. */
export async function readRecipient(client: Client, village: string): Promise<string> {
  await readVillages(client, { villages: [village] })
  const { rows } = await client.query<{ key: string }>(
    `SELECT k.key
     FROM stream s
     JOIN signing_key k ON k.village = s.village AND k.box = s.owner AND k.revoked_at IS NULL
     WHERE s.village = $1
     ORDER BY k.enrolled_at DESC
     LIMIT 1`,
    [village],
  )
  const [row] = rows
  if (row) return recipientOfBox(row.key)
  throw new AppError(
    'conflict',
    'hub.residents-no-box',
    `${village} has no box that this hub knows; its residents can be sealed to it once it has connected.`,
  )
}

/**
 * Publishes sealed residents to their village as the next version; the one before goes, since a box takes the newest only.
 * Throws `datasets.too-large`, and `hub.residents-other-box` when the village has got another box since `recipient` was read.
 */
export async function publishResidents(
  client: Client,
  { village, sealed, recipient, now }: { village: string; sealed: Buffer; recipient: string; now: number },
  doer: Doer,
): Promise<{ version: number; bytes: number }> {
  await lockDataset(client, dataset)
  if ((await readRecipient(client, village)) !== recipient)
    throw new AppError('conflict', 'hub.residents-other-box', `${village} has another box by now; publish once more.`)
  const { file, sha256 } = packDataset({ sealed: sealed.toString('base64') })
  assertSize(file.length)
  const version = await nextVersion(client, dataset, await readNewestVersion(client, dataset))
  await insertVersion(client, { dataset, version, now, sha256, file, by: doer, note: '', places: [village] })
  await writeOffers(client, dataset, version, [village])
  await client.query('DELETE FROM dataset_version WHERE dataset = $1 AND version < $2 AND places = $3', [
    ...[dataset, version],
    [village],
  ])
  await audit(client, { ...doer, action: 'dataset.published', village, data: { dataset, version, villages: 1, of: 1 } })
  return { version, bytes: file.length }
}

function assertSize(bytes: number): void {
  if (bytes <= limits.datasetBytes) return
  throw new AppError(
    'invalid',
    'datasets.too-large',
    `Sealed, this file has ${bytes} bytes; at most ${limits.datasetBytes} go to a box. Save the sheet of people alone as CSV, which takes a third of an .xls.`,
  )
}

export type ResidentsStanding = {
  village: string
  version: number
  at: number
  doer: string
  /** What the box says of it: read, refused and why, or nothing yet (null). */
  said: 'read' | string | null
}

/** How the newest version of each village stands, by code. */
export async function listResidents(database: Database): Promise<ResidentsStanding[]> {
  const { rows } = await database.query<Omit<ResidentsStanding, 'version' | 'at'> & { version: string; at: Date }>(
    `SELECT o.village, o.version, v.at, v.doer,
       CASE WHEN s.current = o.version THEN 'read' WHEN s.refused = o.version THEN s.why END AS said
     FROM dataset_offer o
     JOIN dataset_version v USING (dataset, version)
     LEFT JOIN dataset_state s USING (village, dataset)
     WHERE o.dataset = $1
     ORDER BY o.village`,
    [dataset],
  )
  return rows.map((row) => ({ ...row, version: Number(row.version), at: row.at.getTime() }))
}
