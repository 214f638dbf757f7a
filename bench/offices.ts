import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { systemClock } from '../appliance/base/clock.ts'
import { newId } from '../appliance/base/ids.ts'
import type { Event } from '../appliance/base/journal/event-registry.ts'
import type { Tx } from '../appliance/base/store/store.ts'
import { readHardware } from '../appliance/health/readings.ts'
import { computeChain } from '../appliance/wire/chain.ts'
import { canonicalJson, epochStart } from '../appliance/wire/hash.ts'
import type { WireEntry } from '../appliance/wire/messages.ts'
import { penOf } from '../testing/pen-of.ts'
import { openTestBox } from '../testing/test-box.ts'

/**
 * Prepares a box's folder with a service for each prefix and a day begun; answers the services' ids. On this machine's
 * hardware: on other one the program that is started next would hold its numbers.
 */
export async function prepareOffice(folder: string, village: string, prefixes = 'ABCDEF'): Promise<string[]> {
  const box = await openTestBox({ folder, village, system: systemClock, hardware: readHardware() })
  for (const prefix of prefixes)
    box.office.addService({ prefix, name: `Layanan ${prefix}`, requires: [], minutes: 10, actor: 'box', key: null })
  const services = box.office.services().map(({ service }) => service)
  await box.close()
  return services
}

/** Writes `count` queue entries into a prepared, stopped box, untimed: tickets that are taken, called, served and completed. */
export async function fillJournal(folder: string, village: string, count: number): Promise<void> {
  const box = await openTestBox({ folder, village, system: systemClock, hardware: readHardware() })
  const { store, journal } = box
  const [service = ''] = box.office.services().map((row) => row.service)
  const counter = newId()
  const account = newId()
  store.db.pragma('synchronous = OFF')
  let written = 0
  const append = (tx: Tx, event: Event) => {
    if (written++ < count) penOf(journal).append(tx, event)
  }
  for (let ticketNumber = 0; written < count; ) {
    store.write((tx) => {
      for (let i = 0; i < 250; i++, ticketNumber++) {
        const ticket = newId()
        const day = new Date(Date.UTC(2026, 0, 1 + Math.floor(ticketNumber / 400))).toISOString().slice(0, 10)
        const number = 1 + (ticketNumber % 400)
        append(tx, {
          type: 'queue.ticket-taken',
          actor: 'kiosk:1',
          key: newId(),
          data: { ticket, service, day, number, label: `A${String(number).padStart(3, '0')}` },
        })
        append(tx, {
          type: 'queue.ticket-called',
          actor: account,
          key: newId(),
          data: { ticket, counter, call: newId() },
        })
        append(tx, { type: 'queue.serving-started', actor: account, key: newId(), data: { ticket, counter } })
        append(tx, {
          type: 'queue.ticket-completed',
          actor: account,
          key: newId(),
          data: { ticket, counter, result: 'done' },
        })
      }
    })
  }
  await box.close()
}

type PlaceRow = { epoch: string; seq: number; hash: string; name: string }

/** Every place of a box's journal, by (epoch, seq). */
export function readBoxPlaces(folder: string): PlaceRow[] {
  const db = new Database(join(folder, 'balai.db'), { readonly: true })
  try {
    const rows = db
      .prepare<[], { epoch: string; seq: number; hash: Buffer; name: Buffer }>(
        'SELECT epoch, seq, hash, name FROM place JOIN entry USING (row) ORDER BY epoch, seq',
      )
      .all()
    return rows.map(({ epoch, seq, hash, name }) => ({
      epoch,
      seq,
      hash: hash.toString('base64url'),
      name: name.toString('base64url'),
    }))
  } finally {
    db.close()
  }
}

/** Every place that the hub's table has of a village, by (epoch, seq). */
export async function readHubPlaces(postgresUrl: string, village: string): Promise<PlaceRow[]> {
  const rows = await query<{ epoch: string; seq: string; hash: Buffer; name: Buffer }>(
    postgresUrl,
    'SELECT epoch, seq, hash, name FROM place WHERE village = $1 ORDER BY epoch COLLATE "C", seq',
    [village],
  )
  return rows.map(({ epoch, seq, hash, name }) => ({
    epoch,
    seq: Number(seq),
    hash: hash.toString('base64url'),
    name: name.toString('base64url'),
  }))
}

export async function countHubEntries(postgresUrl: string, village: string): Promise<number> {
  const [row] = await query<{ n: string }>(postgresUrl, 'SELECT count(*) AS n FROM entry WHERE village = $1', [village])
  return Number(row?.n)
}

/** Computes the hub's chain of a village anew from what its tables hold; answers how many places fit. */
export async function verifyHubChain(postgresUrl: string, village: string): Promise<number> {
  const rows = await query<WireEntry & { epoch: string; seq: string; hash: Buffer; p: Buffer | null }>(
    postgresUrl,
    `SELECT place.epoch, place.seq, place.hash, entry.type, entry.at, entry.clock, entry.actor, entry.key, entry.data, entry.p
     FROM place JOIN entry USING (village, name)
     WHERE village = $1
     ORDER BY place.epoch, place.seq`,
    [village],
  )
  let prev: Buffer | null = null
  let epoch = ''
  let fitting = 0
  for (const row of rows) {
    if (row.epoch !== epoch) prev = epochStart(village, row.epoch)
    epoch = row.epoch
    const { type, clock, actor, data } = row
    const entry: WireEntry = {
      type,
      clock,
      actor,
      data: JSON.parse(canonicalJson(data)),
      at: Number(row.at),
      ...(row.key ? { key: row.key } : {}),
      ...(row.p ? { private: row.p.toString('base64url') } : {}),
    }
    const [link] = computeChain(village, epoch, Number(row.seq), prev ?? Buffer.alloc(32), [entry])
    if (link?.hash.equals(row.hash)) fitting++
    prev = row.hash
  }
  return fitting
}

export async function query<T extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(sql, values)).rows
  } finally {
    await client.end()
  }
}
