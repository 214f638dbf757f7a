import { AppError } from '../../appliance/base/errors.ts'
import { newId } from '../../appliance/base/ids.ts'
import { dayMs, hourMs } from '../../appliance/base/time.ts'
import { answers } from '../../appliance/wire/answers.ts'
import { answerStates } from '../../appliance/wire/case-states.ts'
import {
  type CommandData,
  findWrongMember,
  type GivenType,
  type SettingName,
  settingNames,
  settingRanges,
} from '../../appliance/wire/commands.ts'
import type { WipeOrder } from '../../appliance/wire/wipe-order.ts'
import { audit, type Doer } from '../base/audit.ts'
import { cleanText } from '../base/clean-text.ts'
import type { Client } from '../base/database.ts'
import { type Places, readVillages } from '../base/places.ts'

export const expiry = { leastMs: hourMs, usualMs: 7 * dayMs, mostMs: 30 * dayMs } as const

/** What a person gives; versions are the hub's to say. */
export type Given = {
  [T in GivenType]: { type: T; data: Omit<CommandData<T>, 'version'> }
}[GivenType]

/**
 * Gives a command to each village of these places, with an id for each. The same `key` once more gives nothing and answers
 * the same. Throws `commands.wrong-data`, `commands.wrong-expiry`, `places.nowhere`.
 */
export async function giveCommand(
  client: Client,
  {
    command,
    places,
    expiresMs,
    now,
    key = newId(),
  }: { command: Given; places: Places; expiresMs: number; now: number; key?: string },
  doer: Doer,
): Promise<{ villages: number }> {
  if (expiresMs < expiry.leastMs || expiresMs > expiry.mostMs)
    throw new AppError('invalid', 'commands.wrong-expiry', 'A command is worth an hour at least and 30 days at most.')
  // One after the other: a hub that looks for newer ones misses none, and the versions of a setting rise.
  await client.query("SELECT pg_advisory_xact_lock(hashtext('balai commands'))")
  const data = await complete(client, command, now)
  const wrong = findWrongMember(command.type, data)
  if (wrong !== null)
    throw new AppError('invalid', 'commands.wrong-data', `${wrong}: ${allowed(command.type, wrong, data)}`, {
      field: wrong,
    })
  const villages = await readVillages(client, places)
  const ids = villages.map((village): [string, string] => [village, newId()])
  const wasNew = await insertCommand(client, {
    ...{ key, type: command.type, data, now, doer, ids },
    expires: now + expiresMs,
  })
  if (!wasNew) return { villages: villages.length }
  const [only = null] = villages.length === 1 ? villages : []
  await audit(client, {
    ...doer,
    action: 'command.sent',
    village: only,
    data: { command: command.type, villages: villages.length },
  })
  return { villages: villages.length }
}

/**
 * Gives an order of the fleet tool to wipe a box: the command has the order's id, and is worth as long as it. The same
 * order once more gives nothing. Throws `commands.wrong-data`, `places.nowhere`.
 */
export async function giveWipe(
  client: Client,
  { order, now }: { order: WipeOrder; now: number },
  doer: Doer,
): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtext('balai commands'))")
  if (findWrongMember('wipe', { order }) !== null)
    throw new AppError('invalid', 'commands.wrong-data', 'That is no order that balai fleet wipe has made.')
  const { village, box, id, expires } = order
  if (expires <= now) throw new AppError('invalid', 'commands.wrong-data', 'The order has expired. Make another one.')
  await readVillages(client, { villages: [village] })
  const command = {
    key: id,
    type: 'wipe',
    data: { order },
    now,
    expires,
    doer,
    ids: [[village, id]] as [string, string][],
  }
  if (await insertCommand(client, command))
    await audit(client, { ...doer, action: 'box.wipe-ordered', village, data: { box } })
}

export type Inserted = {
  key: string
  type: string
  data: object
  now: number
  expires: number
  doer: Doer
  /** Village and id of the command there. */
  ids: [string, string][]
}

/** False: this key was there already, and nothing is given. */
export async function insertCommand(
  client: Client,
  { key, type, data, now, expires, doer, ids }: Inserted,
): Promise<boolean> {
  const { rows } = await client.query<{ given: string }>(
    `INSERT INTO command_given (key, type, data, created_at, expires, doer)
     VALUES ($1, $2, $3, to_timestamp($4 / 1000.0), to_timestamp($5 / 1000.0), $6)
     ON CONFLICT (key) DO NOTHING
     RETURNING given`,
    [key, type, JSON.stringify(data, cleanValue), now, expires, doer.actor],
  )
  const [row] = rows
  if (!row) return false
  await client.query('INSERT INTO command (village, id, given) SELECT unnest($1::text[]), unnest($2::text[]), $3', [
    ids.map(([village]) => village),
    ids.map(([, id]) => id),
    row.given,
  ])
  return true
}

/** As it goes out: texts trimmed, and what has a version with one above every one before, also after a hub's restore. */
async function complete(client: Client, { type, data }: Given, now: number): Promise<Record<string, unknown>> {
  if (type === 'message') return { text: data.text.trim(), from: data.from.trim() }
  if (type === 'answer' || type === 'case-state')
    return data.text === undefined ? data : { ...data, text: data.text.trim() }
  if (type === 'notice' || type === 'case-document') return data
  if (type !== 'set' && type !== 'move-broker') return {}
  const { rows } = await client.query<{ version: string }>(
    "SELECT data->>'version' AS version FROM command_given WHERE type = $1 ORDER BY given DESC LIMIT 1",
    [type],
  )
  return { ...data, version: nextSettingVersion(now, Number(rows[0]?.version ?? 0)) }
}

/** Above every one before, also after a hub's restore. */
export const nextSettingVersion = (now: number, newest: number): number => Math.max(now, newest + 1)

/** PostgreSQL and any JSON reader take it. What is sealed is base64, and longer than a text may be. */
const cleanValue = (member: string, value: unknown) =>
  typeof value === 'string' && member !== 'sealed' ? cleanText(value) : value

/** What the member of such a command may be. For the terminal. */
function allowed(type: Given['type'], member: string, { setting }: Record<string, unknown>): string {
  switch (type) {
    case 'message':
      return member === 'text' ? '1 to 500 characters' : 'who writes, 1 to 60 characters'
    case 'answer':
      if (member === 'answer') return answers.join(', ')
      if (member === 'text') return '1 to 200 characters, and no number of eight digits: it goes in clear'
      return 'the twelve characters that balai hub proposals names'
    case 'case-state':
      if (member === 'state') return answerStates.join(', ')
      if (member === 'text') return '1 to 200 characters, and no number of eight digits: it goes in clear'
      return 'the twelve characters that balai hub cases names'
    case 'move-broker':
      return 'one to four addresses, mqtts://host[:port] or https://host[:port] of a hub'
    case 'set': {
      const range = settingRanges[setting as SettingName]
      if (member === 'setting' || !range) return settingNames.join(', ')
      return `${range.minimum} to ${range.maximum}, a whole number`
    }
    case 'case-document':
      return 'what POST /api/agency/cases/document takes'
    case 'notice':
      return 'what POST /api/agency/notices takes'
    case 'announce':
    case 'check':
    case 'backup':
    case 'restart':
      return 'nothing'
  }
}
