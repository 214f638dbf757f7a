import { readFileSync } from 'node:fs'
import { endAccess, giveAccess } from '../../regency/agency/access.ts'
import { type InboxRow, inboxPage, listInbox } from '../../regency/agency/inbox.ts'
import { createCasePhotos } from '../../regency/agency/photos.ts'
import { audit, type Doer } from '../../regency/base/audit.ts'
import type { HubConfig } from '../../regency/base/config.ts'
import type { Database } from '../../regency/base/database.ts'
import { openHubKey } from '../../regency/base/hub-key.ts'
import { readVillageCode } from '../../regency/base/places.ts'
import { loadVillages, parseVillages } from '../../regency/base/villages.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import { listBoxes, setOwner } from '../../regency/delivery/box-ownership.ts'
import { dateIn, systemClock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'

/* What `balai hub <action>` does beside running the hub; the hub may be running meanwhile. */

export const hubActions = [
  'key',
  'boxes',
  'owner',
  'aside',
  'replay',
  'villages',
  'proposals',
  'cases',
  'agency',
] as const
export type HubAction = (typeof hubActions)[number]

/** Carries it out and answers what to print. */
export async function runHubAction(
  action: HubAction,
  [place, box = '']: string[],
  config: HubConfig,
  { drop, by }: { drop: number; by: Doer },
): Promise<string> {
  if (action === 'agency')
    return await withDatabase(config.postgres.url, (database) => admit(database, place ?? '', box, by))
  if (action === 'cases')
    return await withDatabase(config.postgres.url, (database) => printInbox(database, place ?? null, box))
  if (action === 'key') return `${openHubKey(config.data, { mayMake: config.authority === undefined }).publicKey}\n`
  const isOfOne = action !== 'aside' && action !== 'villages' && (action !== 'proposals' || place !== undefined)
  const village = isOfOne ? readVillageCode(place) : ''
  return await withDatabase(config.postgres.url, async (database) => {
    if (action === 'villages') return await readAgain(database, config, { drop, by })
    return await carryOut(action, village, box, database, by)
  })
}

/** An agency's access to its inbox: a new token, or none any more. */
async function admit(database: Database, agency: string, word: string, by: Doer): Promise<string> {
  if (word === 'off')
    return (await endAccess(database, agency, by))
      ? `The token of ${agency} opens nothing any more.\n`
      : `${agency} has no token.\n`
  if (word !== '' && word !== 'notify')
    throw new AppError(
      'invalid',
      'config',
      `"${word}" is no word here; allowed: notify, off, or nothing for a new token`,
    )
  const token = await giveAccess(database, { agency, now: systemClock.wall(), mayNotify: word === 'notify' }, by)
  return `${token}\n`
}

/** What went to an agency and is not over: a line of JSON each, with the age files that only the agency opens. */
async function printInbox(database: Database, agency: string | null, word: string): Promise<string> {
  if (word !== '' && word !== 'photos')
    throw new AppError('invalid', 'config', `"${word}" is no word here; allowed: photos, or nothing`)
  const photos = createCasePhotos(database)
  const lines: string[] = []
  for (let behind: InboxRow | null = null; ; ) {
    const rows: InboxRow[] = await listInbox(database, { now: systemClock.wall(), agency, isOpen: true, behind })
    for (const row of rows.slice(0, inboxPage)) {
      const whole = word === '' ? row : { ...row, photos: await withFiles(row) }
      lines.push(`${JSON.stringify(whole)}\n`)
    }
    if (rows.length <= inboxPage) return lines.join('')
    behind = rows[inboxPage - 1] ?? null
  }

  async function withFiles({ agency: whose, village, photos: named }: InboxRow) {
    const all: (InboxRow['photos'][number] & { age: string | null })[] = []
    for (const one of named) {
      const bytes = await photos.read({ agency: whose, village, file: one.file })
      all.push({ ...one, age: bytes?.toString('base64') ?? null })
    }
    return all
  }
}

/** A change of the whole table is no reading matter. */
const mostLines = 40

/** The code table as villages.csv says it now; what changed, in a sentence and a line for each village. */
async function readAgain(
  database: Database,
  { villages, zone }: HubConfig,
  how: { drop: number; by: Doer },
): Promise<string> {
  const rows = parseVillages(readFileSync(villages))
  const today = dateIn(zone, systemClock.wall())
  const { added, changed, ended, difference } = await loadVillages(database, rows, today, how)
  const more = difference.length - mostLines
  const lines = [...difference.slice(0, mostLines), ...(more > 0 ? [`… and ${more} more`] : [])]
  return `${rows.length} villages: ${added} new, ${changed} changed, ${ended.length} ended.\n${lines.map((line) => `${line}\n`).join('')}`
}

async function carryOut(
  action: Exclude<HubAction, 'key' | 'villages' | 'cases' | 'agency'>,
  village: string,
  box: string,
  database: Database,
  by: Doer,
): Promise<string> {
  switch (action) {
    case 'boxes': {
      const rows = await listBoxes(database, village)
      if (rows.length === 0) return `No box of ${village}${await nameOf(database, village)} has said hello yet.\n`
      return rows
        .map(
          ({ box: id, owner, enrolled, lastAt }) =>
            `${id}  ${owner ? 'owner' : enrolled ? 'enrolled' : 'not enrolled'}  last hello ${lastAt.toISOString()}\n`,
        )
        .join('')
    }
    case 'owner':
      await setOwner(database, village, box, by)
      return `${box} is the box of ${village}. It learns of it at its next hello, within five minutes.\n`
    case 'aside': {
      const { rows } = await database.query<{ village: string; type: string; reason: string; n: string }>(
        'SELECT village, type, reason, count(DISTINCT name) AS n FROM set_aside GROUP BY village, type, reason ORDER BY village, type',
      )
      return (
        rows.map((row) => `${row.village}  ${row.type}  ${row.n}  ${row.reason}\n`).join('') ||
        'Nothing is set aside.\n'
      )
    }
    case 'proposals': {
      const { rows } = await database.query<{ village: string; proposal: string; kind: string; day: string; at: Date }>(
        `SELECT village, proposal, kind, on_day::text AS day, made_at AS at
         FROM resident_proposal
         WHERE state = 'sent' AND ($1 = '' OR village = $1)
         ORDER BY made_at, village`,
        [village],
      )
      return (
        rows
          .map(
            ({ at, day, kind, ...row }) =>
              `${row.village}  ${row.proposal}  ${kind} on ${day}, made ${at.toISOString()}\n`,
          )
          .join('') || 'Nothing waits for an answer.\n'
      )
    }
    case 'replay': {
      const held = await database.query(
        'SELECT FROM epoch_cursor WHERE village = $1 UNION ALL SELECT FROM set_aside WHERE village = $1 LIMIT 1',
        [village],
      )
      if (held.rowCount === 0)
        throw new AppError(
          'not-found',
          'hub.village',
          `Nothing of ${village}${await nameOf(database, village)} is here that could be folded again.`,
        )
      // Another version than this program's: the running hub folds the whole village again.
      await database.inTransaction(async (client) => {
        await client.query('UPDATE projection_cursor SET version = version - 1 WHERE village = $1', [village])
        await audit(client, { ...by, action: 'village.replayed', village })
      })
      return `${village} is folded again within a minute.\n`
    }
  }
}

/** What stands behind a code in a sentence: its name, or that villages.csv has none. */
async function nameOf(database: Database, village: string): Promise<string> {
  const { rows } = await database.query<{ name: string }>(
    'SELECT name FROM village WHERE village = $1 AND valid_to IS NULL',
    [village],
  )
  return rows[0] ? ` (${rows[0].name})` : ', which is not in villages.csv,'
}
