import { computeChain } from '../../appliance/wire/chain.ts'
import { epochStart } from '../../appliance/wire/hash.ts'
import type { Database } from '../base/database.ts'
import { readWantFacts } from './history-table.ts'

/** The first entry of an epoch that is missing, or is not what was written. */
export type BrokenChain = { village: string; epoch: string; seq: number; reason: 'missing' | 'changed' }

/** How far an epoch is held, by its cursor. */
export type HeldEpoch = { village: string; epoch: string; seq: number; hash: Buffer }

/** The ends of all chains that a hub holds. */
export async function readHeld(database: Database): Promise<HeldEpoch[]> {
  const { rows } = await database.query<{ village: string; epoch: string; seq: string; hash: Buffer }>(
    'SELECT village, epoch, seq, hash FROM epoch_cursor ORDER BY village, epoch',
  )
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
}

/**
 * Computes every chain of every village anew from the entries that are there, as a box would that takes them back.
 * `onProgress` hears how many of the epochs are done.
 */
export async function verifyVillages(
  database: Database,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<{ villages: number; entries: number; broken: BrokenChain[] }> {
  const held = await readHeld(database)
  const broken: BrokenChain[] = []
  let entries = 0
  for (const [index, epoch] of held.entries()) {
    const found = await verifyEpoch(database, epoch)
    entries += found.entries
    if (found.broken) broken.push(found.broken)
    onProgress(index + 1, held.length)
  }
  return { villages: new Set(held.map(({ village }) => village)).size, entries, broken }
}

async function verifyEpoch(
  database: Database,
  { village, epoch, seq: end, hash: head }: HeldEpoch,
): Promise<{ entries: number; broken: BrokenChain | null }> {
  let [seq, prev] = [0, epochStart(village, epoch)]
  const stop = (at: number, reason: BrokenChain['reason']) => ({
    entries: seq,
    broken: { village, epoch, seq: at, reason },
  })
  while (seq < end) {
    const wanted = { session: '', n: 0, epochs: [{ epoch, from: seq, prev: prev.toString('base64url') }] }
    const facts = await database.withClient((client) => readWantFacts(client, village, wanted))
    const behind = facts.epochs[0]?.behind ?? []
    if (behind.length === 0) return stop(seq + 1, 'missing')
    const links = computeChain(
      ...([village, epoch, seq + 1, prev] as const),
      behind.map(({ entry }) => entry),
    )
    const wrong = links.findIndex((link, index) => !link.hash.equals(behind[index]?.hash ?? Buffer.alloc(0)))
    if (wrong !== -1) return stop(seq + 1 + wrong, 'changed')
    seq += links.length
    prev = links.at(-1)?.hash ?? prev
  }
  return prev.equals(head) ? { entries: seq, broken: null } : stop(end, 'changed')
}
