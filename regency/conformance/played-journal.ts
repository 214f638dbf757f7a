import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { computeChain } from '../../appliance/wire/chain.ts'
import { epochStart } from '../../appliance/wire/hash.ts'
import type { Batch, WireEntry } from '../../appliance/wire/messages.ts'
import { publicKeyOf, signHead } from '../../appliance/wire/sign.ts'

export type PlayedIdentity = { key: KeyObject; publicKey: string; box: string }

export function identityOf(key: KeyObject): PlayedIdentity {
  const publicKey = publicKeyOf(key)
  const box = createHash('sha256')
    .update(`balai conformance ${publicKey}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')
  return { key, publicKey, box }
}

export const strangeIdentity = (): PlayedIdentity => identityOf(generateKeyPairSync('ed25519').privateKey)

/** Entries of epochs with their hashes, as a box would write them. */
export function createPlayedJournal(village: string) {
  const epochs = new Map<string, { entry: WireEntry; hash: Buffer }[]>()

  const hashAt = (epoch: string, seq: number): Buffer =>
    seq === 0 ? epochStart(village, epoch) : (epochs.get(epoch)?.[seq - 1]?.hash ?? Buffer.alloc(32))

  return {
    hashAt,
    lastOf: (epoch: string): number => epochs.get(epoch)?.length ?? 0,
    append(epoch: string, entries: readonly WireEntry[]): void {
      const held = epochs.get(epoch) ?? []
      const first = held.length + 1
      const links = computeChain(village, epoch, first, hashAt(epoch, first - 1), entries)
      epochs.set(epoch, [
        ...held,
        ...entries.flatMap((entry, index) => {
          const link = links[index]
          return link ? [{ entry, hash: link.hash }] : []
        }),
      ])
    },
    entryAt: (epoch: string, seq: number): WireEntry | undefined => epochs.get(epoch)?.[seq - 1]?.entry,
    /** The batch of these places; `changes` make it a wrong one. */
    batch(
      { identity, session, n }: { identity: PlayedIdentity; session: string; n: number },
      { epoch, first, last }: { epoch: string; first: number; last: number },
      changes: Partial<Batch> = {},
    ): Batch {
      const entries = (epochs.get(epoch) ?? []).slice(first - 1, last).map(({ entry }) => entry)
      const head = changes.head ?? hashAt(epoch, last).toString('base64url')
      const sig = signHead(identity.key, { village, epoch, last, head })
      return { village, box: identity.box, session, n, epoch, first, entries, head, sig, ...changes }
    },
  }
}

let noted = 0
export const noteEntry = (at: number): WireEntry => ({
  type: 'conformance.noted',
  at,
  clock: 'synced',
  actor: 'box',
  data: { n: ++noted },
})
