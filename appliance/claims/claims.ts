import type { KeyObject } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Letters } from '../letters/letters.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import type { CommandData, RelayedType } from '../wire/commands.ts'
import { createAnswering } from './answering.ts'
import { createAsking } from './asking.ts'
import { createCodes } from './codes.ts'
import { claimEvents } from './events.ts'
import { createPickingUp } from './picking-up.ts'
import { createClaimTables } from './tables.ts'

export type Claims = ReturnType<typeof createClaims>

/** How far what is written here has come: `sentBefore`: the regency has all that was written before then, ms since 1970 UTC. */
export type LineState = { state: 'up' | 'down' | 'off'; sentBefore: number }

export type ClaimParts = {
  store: Store
  journal: Journal
  clock: Clock
  village: string
  /** By which this box signs, and to which others seal. */
  identity: { key: KeyObject; publicKey: string }
  datasets: Pick<Datasets, 'read'>
  letters: Letters
  people: Pick<People, 'names'>
  office: Pick<OfficeRoom, 'services'>
  queue: Queue
  line: () => LineState
}

/** What the parts of the room share. */
export type ClaimRoom = ReturnType<typeof createShared>

const createShared = (parts: ClaimParts) => ({
  ...parts,
  pen: parts.journal.pen(claimEvents),
  tables: createClaimTables(parts.store.db),
})

type Taken = { keep: () => void } | null

/** Letters that are collected by a code: here, and at any village of the regency. */
export function createClaims(parts: ClaimParts) {
  const room = createShared(parts)
  const asking = createAsking(room)
  const answering = createAnswering(room)
  const taking: { [T in RelayedType]: (data: CommandData<T>) => Taken | Promise<Taken> } = {
    claim: answering.takeClaim,
    'claim-answer': asking.takeAnswer,
    'claim-handed': answering.takeHanded,
  }
  return {
    ...createCodes(room),
    ...createPickingUp(room),
    ask: asking.ask,
    paper: asking.paper,
    handOut: asking.handOut,
    view: asking.view,
    /** What the hub hands on of another village: what keeps it, in the caller's transaction; null: this office knows of no such request. */
    takeRelayed: async <T extends RelayedType>(type: T, data: CommandData<T>): Promise<Taken> => taking[type](data),
  }
}
