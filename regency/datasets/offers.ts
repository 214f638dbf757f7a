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
import { startNews } from '../base/news.ts'

export type Offers = ReturnType<typeof startOffers>

/**
 * SYNC-017: tells each village which datasets it shall have, after its hello and when that changes, and gives it their
 * bytes. Nothing of a village stays in memory.
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
  async function offerTo(village: string): Promise<void> {
    const { rows } = await database.query<Row>(
      `SELECT o.dataset, o.version, length(v.file) AS bytes, v.sha256, v.at, r.stopped_at IS NOT NULL AS stopped
       FROM dataset_offer o
       JOIN dataset_version v USING (dataset, version)
       LEFT JOIN rollout r ON o.dataset = 'system' AND r.release = o.version
       WHERE o.village = $1
       ORDER BY o.dataset`,
      [village],
    )
    if (rows.length === 0) return
    // A release that has been stopped is offered to nobody (SYNC-020).
    const offers = rows
      .filter(({ stopped }) => !stopped)
      .map(({ version, at, stopped: _, ...row }) => ({ ...row, version: Number(version), at: at.getTime() }))
    publish(village, packManifest(hubKey, village, offers))
  }

  const news = startNews(
    { database, log, serves },
    {
      what: 'datasets',
      newest: 'SELECT max(change) AS newest FROM dataset_offer',
      since: 'SELECT DISTINCT village FROM dataset_offer WHERE change > $1 ORDER BY village',
      send: offerTo,
    },
  )

  return {
    ...news,
    /** Bytes of what this village shall have; none where it is another version by now. */
    async give(village: string, want: DatasetWant): Promise<DatasetChunk> {
      const { dataset, version, from } = want
      const { rows } = await database.query<{ piece: Buffer }>(
        `SELECT substring(v.file FROM $4::int + 1 FOR $5::int) AS piece
         FROM dataset_offer o JOIN dataset_version v USING (dataset, version)
         WHERE o.village = $1 AND o.dataset = $2 AND o.version = $3`,
        [village, dataset, version, from, pieceBytes(want)],
      )
      return signPiece(hubKey, village, want, rows[0]?.piece ?? null)
    },
  }
}

type Row = { dataset: string; version: string; bytes: number; sha256: string; at: Date; stopped: boolean }

/** What goes on `data`. */
export function packManifest(hubKey: KeyObject, village: string, datasets: Offer[]): Buffer {
  return packFrame({ datasets, sig: signDown(hubKey, village, { datasets }) } satisfies Manifest)
}

/** How many bytes of a file one answer holds: half of what the broker takes, since they travel as text. */
export const pieceBytes = ({ most }: Pick<DatasetWant, 'most'>): number =>
  most === undefined ? limits.pieceBytes : Math.min(limits.pieceBytes, Math.floor(most / 2))

/** `piece` null: this village shall have another version by now. */
export function signPiece(
  hubKey: KeyObject,
  village: string,
  { session, n, dataset, version, from }: DatasetWant,
  piece: Buffer | null,
): DatasetChunk {
  const chunk = { session, re: n, dataset, version, first: from, bytes: piece?.toString('base64url') ?? '' }
  return { ...chunk, sig: signDown(hubKey, village, chunk) }
}
