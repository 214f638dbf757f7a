import type { PlacedEntry } from '../appliance/base/journal/event-registry.ts'
import type { ReceivedHistory } from '../appliance/base/journal/history.ts'
import { computeChain } from '../appliance/wire/chain.ts'
import type { WireEntry } from '../appliance/wire/messages.ts'

/** What the regency holds behind a place of an epoch: a chunk without its signature, which the relay checks. For tests only. */
export function historyOf(
  village: string,
  epoch: string,
  first: number,
  prev: Buffer,
  entries: WireEntry[],
): ReceivedHistory {
  const head = computeChain(village, epoch, first, prev, entries).at(-1)?.hash.toString('base64url') ?? ''
  return { epoch, first, entries, head }
}

/** An entry at its first place, as it came to the regency. */
export const wireEntryOf = ({ type, at, clock, actor, data, p }: PlacedEntry): WireEntry => ({
  ...{ type, at, clock, actor, data: JSON.parse(data) },
  ...(p ? { private: p.toString('base64url') } : {}),
})
