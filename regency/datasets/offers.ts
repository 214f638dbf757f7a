import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import { packFrame } from '../../appliance/wire/frame.ts'
import {
  type DatasetChunk,
  type DatasetWant,
  limits,
  type Manifest,
  type Offer,
} from '../../appliance/wire/messages.ts'
import { signDown } from '../../appliance/wire/sign.ts'
import type { Database } from '../base/database.ts'

export type Offers = ReturnType<typeof startOffers>

const lookEveryMs = 5_000

/**
 * SYNC-017: tells each village which datasets it shall have, after its hello and when that changes (also by `balai hub
 * publish`, which is another process), and gives it their bytes. Nothing of a village stays in memory.
 */
export function startOffers({
  database,
  log,
  hubKey,
  serves,
  publish,
}: {
  database: Database
  log: Logger
  hubKey: KeyObject
  /** Whether this hub is the village's. */
  serves: (village: string) => boolean
  publish: (village: string, manifest: Buffer) => void
}) {
  let seen: string | null = null
  // At once: what is published from here on is found by the next look, what was before by the hellos of a start.
  let turn: Promise<void> = look()
  const timer = setInterval(() => {
    turn = turn.then(look)
  }, lookEveryMs)

  async function offerTo(village: string): Promise<void> {
    const { rows } = await database.query<Row>(
      `SELECT o.dataset, o.version, length(v.file) AS bytes, v.sha256, v.at
       FROM dataset_offer o JOIN dataset_version v USING (dataset, version)
       WHERE o.village = $1
       ORDER BY o.dataset`,
      [village],
    )
    if (rows.length === 0) return
    const datasets = rows.map(
      ({ version, at, ...row }): Offer => ({ ...row, version: Number(version), at: at.getTime() }),
    )
    const manifest = { datasets, sig: signDown(hubKey, village, { datasets }) } satisfies Manifest
    publish(village, packFrame(manifest))
  }

  /** Villages whose offer has changed since the last look; at the first one, none: they say hello. */
  async function look(): Promise<void> {
    if (!database.isUp()) return
    try {
      const { rows } = await database.query<{ change: string | null }>(
        'SELECT max(change) AS change FROM dataset_offer',
      )
      const newest = rows[0]?.change ?? '0'
      if (seen !== null && seen !== newest) {
        const { rows: changed } = await database.query<{ village: string }>(
          'SELECT DISTINCT village FROM dataset_offer WHERE change > $1 ORDER BY village',
          [seen],
        )
        for (const { village } of changed) if (serves(village)) await offerTo(village)
      }
      seen = newest
    } catch (error) {
      if (database.isUp()) log.error({ err: error }, 'new datasets could not be looked for; the next look tries again')
    }
  }

  return {
    /** After its hello. A failure costs nothing: the box says hello again. */
    greet: (village: string): void => {
      turn = turn
        .then(() => offerTo(village))
        .catch((error) => {
          if (database.isUp()) log.error({ err: error, village }, 'a village was not told of its datasets')
        })
    },
    /** Bytes of what this village shall have; none where it is another version by now. */
    async give(village: string, { session, n, dataset, version, from, most }: DatasetWant): Promise<DatasetChunk> {
      const bytes = most === undefined ? limits.pieceBytes : Math.min(limits.pieceBytes, Math.floor(most / 2))
      const { rows } = await database.query<{ piece: Buffer }>(
        `SELECT substring(v.file FROM $4::int + 1 FOR $5::int) AS piece
         FROM dataset_offer o JOIN dataset_version v USING (dataset, version)
         WHERE o.village = $1 AND o.dataset = $2 AND o.version = $3`,
        [village, dataset, version, from, bytes],
      )
      const piece = rows[0]?.piece ?? Buffer.alloc(0)
      const chunk = { session, re: n, dataset, version, first: from, bytes: piece.toString('base64url') }
      return { ...chunk, sig: signDown(hubKey, village, chunk) }
    },
    look: () => {
      turn = turn.then(look)
      return turn
    },
    async stop(): Promise<void> {
      clearInterval(timer)
      await turn
    },
  }
}

type Row = { dataset: string; version: string; bytes: number; sha256: string; at: Date }
