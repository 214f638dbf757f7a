import type { Logger } from 'pino'
import { newId } from '../../appliance/base/ids.ts'
import { startLooks } from '../../appliance/base/looks.ts'
import { dayMs } from '../../appliance/base/time.ts'
import { type CommandData, findWrongMember, type RelayedType } from '../../appliance/wire/commands.ts'
import { hubItself } from '../base/audit.ts'
import type { Client, Database } from '../base/database.ts'
import { insertCommand } from '../commands/giving.ts'

const everyMs = 5_000
/** A request and its answer are handed on so long: a box that was away longer is asked again by a person. */
const worthMs = 7 * dayMs

type Parts = {
  database: Database
  log: Logger
  now: () => number
  /** Commands were given. */
  onGiven: () => void
}

/** SYNC-022: what one to hand on to which village. `key` is the same each time, so that none is given twice. */
type Relayed = { key: string; to: string; type: RelayedType; data: CommandData<RelayedType> }

/**
 * SYNC-022: hands letters that are collected in another village from box to box: a request to the village whose letter it is,
 * its answer back, and that it was handed out. What they say is sealed to the other box; this reads where it goes.
 */
export function startClaimRelay({ database, log, now, onGiven }: Parts) {
  const looks = startLooks(
    {
      async claims() {
        if (!database.isUp()) return
        if (await database.inTransaction((client) => relayClaims(client, now()))) onGiven()
      },
    },
    {
      everyMs,
      onFailure(_job, error) {
        if (database.isUp()) log.error({ err: error }, 'claims could not be handed on; the next look tries again')
      },
    },
  )
  return looks
}

/** Gives what was not given yet; answers whether there was any. */
async function relayClaims(client: Client, now: number): Promise<boolean> {
  const waiting = [
    ...(await readAsked(client)),
    ...(await readAnswered(client)),
    ...(await readUntaken(client)),
    ...(await readHanded(client)),
  ]
  if (waiting.length === 0) return false
  // As giveCommand: a hub that looks for newer ones misses none.
  await client.query("SELECT pg_advisory_xact_lock(hashtext('balai commands'))")
  for (const { key, to, type, data } of waiting) {
    // What no box would take is not worth a command: its sender is older or newer than this hub.
    if (findWrongMember(type, data) !== null) continue
    const command = { key, type, data, now, doer: hubItself, expires: now + worthMs }
    await insertCommand(client, { ...command, ids: [[to, newId()]] })
  }
  return true
}

const recent = `heard_at > now() - interval '7 days'`
const notGiven = (key: string) => `NOT EXISTS (SELECT FROM command_given g WHERE g.key = ${key})`
/** The key of the box that is a village's now. */
const keyOf = (village: string) => `
  JOIN stream s ON s.village = ${village}
  JOIN signing_key k ON k.village = s.village AND k.box = s.owner AND k.revoked_at IS NULL`

async function readAsked(client: Client): Promise<Relayed[]> {
  const key = `'claim:' || c.village || ':' || c.claim`
  const { rows } = await client.query<{
    key: string
    to: string
    claim: string
    from: string
    box: string
    sealed: string
  }>(
    `SELECT ${key} AS key, c.issuer AS to, c.claim, c.village AS from, k.key AS box, e.data->>'sealed' AS sealed
     FROM letter_claim c
     JOIN entry e ON e.village = c.village AND e.name = c.asked_name
     ${keyOf('c.village')}
     WHERE c.${recent} AND c.issuer IS NOT NULL AND c.handed_at IS NULL AND ${notGiven(key)}
     ORDER BY c.heard_at`,
  )
  return rows.map(({ key, to, claim, from, box, sealed }) => ({
    ...{ key, to, type: 'claim', data: { claim, from, key: box, sealed } },
  }))
}

/** Only from the village that was asked. */
async function readAnswered(client: Client): Promise<Relayed[]> {
  const key = `'claim-answer:' || a.asker || ':' || a.claim`
  type Row = { key: string; to: string; claim: string; from: string; box: string; outcome: string } & {
    left: number | null
    sealed: string | null
  }
  const { rows } = await client.query<Row>(
    `SELECT ${key} AS key, a.asker AS to, a.claim, a.village AS from, k.key AS box, a.outcome,
       (e.data->>'left')::int AS left, e.data->>'sealed' AS sealed
     FROM letter_claim_answer a
     JOIN letter_claim c ON c.village = a.asker AND c.claim = a.claim AND c.issuer = a.village
     JOIN entry e ON e.village = a.village AND e.name = a.answer_name
     ${keyOf('a.village')}
     WHERE a.${recent} AND ${notGiven(key)}
     ORDER BY a.heard_at`,
  )
  return rows.map(({ key, to, left, sealed, box, ...row }) => ({
    ...{ key, to, type: 'claim-answer' },
    data: {
      ...row,
      key: box,
      ...(left === null ? {} : { left }),
      ...(sealed === null ? {} : { sealed }),
    } as CommandData<'claim-answer'>,
  }))
}

/** A box that could not carry a request out answers nothing: an older program, or one that failed. Whoever asked hears of it. */
async function readUntaken(client: Client): Promise<Relayed[]> {
  const key = `'claim-answer:' || c.village || ':' || c.claim`
  const { rows } = await client.query<{ key: string; to: string; claim: string; from: string; box: string }>(
    `SELECT ${key} AS key, c.village AS to, c.claim, c.issuer AS from, k.key AS box
     FROM letter_claim c
     JOIN command_given given ON given.key = 'claim:' || c.village || ':' || c.claim
     JOIN command sent ON sent.given = given.given
     JOIN command_outcome o ON o.village = sent.village AND o.id = sent.id AND o.outcome IN ('refused', 'failed', 'expired')
     ${keyOf('c.issuer')}
     WHERE c.${recent} AND ${notGiven(key)}
       AND NOT EXISTS (
         SELECT FROM letter_claim_answer a WHERE a.village = c.issuer AND a.asker = c.village AND a.claim = c.claim)
     ORDER BY c.heard_at`,
  )
  return rows.map(({ key, to, box, ...row }) => ({
    ...{ key, to, type: 'claim-answer', data: { ...row, key: box, outcome: 'untaken' } },
  }))
}

async function readHanded(client: Client): Promise<Relayed[]> {
  const key = `'claim-handed:' || c.village || ':' || c.claim`
  const { rows } = await client.query<{ key: string; to: string; claim: string; from: string; at: Date }>(
    `SELECT ${key} AS key, c.issuer AS to, c.claim, c.village AS from, c.handed_at AS at
     FROM letter_claim c
     JOIN letter_claim_answer a ON a.village = c.issuer AND a.asker = c.village AND a.claim = c.claim
     WHERE c.handed_at IS NOT NULL AND a.outcome = 'given' AND a.${recent} AND ${notGiven(key)}
     ORDER BY c.heard_at`,
  )
  return rows.map(({ key, to, at, ...row }) => ({ key, to, type: 'claim-handed', data: { ...row, at: at.getTime() } }))
}
