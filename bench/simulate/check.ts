import { verifyChains } from '../../appliance/base/journal/verify.ts'
import { backlogOf } from '../../appliance/relay/sender-state.ts'
import { computeChain } from '../../appliance/wire/chain.ts'
import { epochStart } from '../../appliance/wire/hash.ts'
import type { WireEntry } from '../../appliance/wire/messages.ts'
import type { SimulatedBox } from './box.ts'
import type { HubTables } from './hub-tables.ts'

/** What a schedule leaves behind. */
export type Outcome = {
  village: string
  boxes: readonly SimulatedBox[]
  hub: HubTables
  /** Texts confirmed to a person, in the order of writing. */
  confirmed: readonly string[]
  /** Texts whose only carriers were destroyed: a card that was replaced or damaged. */
  excused: ReadonlySet<string>
  /** Whether nothing in this schedule may change the order in which the hub learns what one box wrote. */
  isOrdered: boolean
  /** Batches and wants in the last quiet hours. */
  restless: number
}

/** Every way in which an outcome breaks an invariant; empty: none. */
export function findFaults(outcome: Outcome): string[] {
  return [
    ...findLost(outcome),
    ...findDoubled(outcome),
    ...findDisorder(outcome),
    ...findBroken(outcome),
    ...findUnrest(outcome),
  ]
}

type Row = { arrival: number; name: Buffer; entry: string }
const textOf = (data: unknown): string | null => (data as { text?: string }).text ?? null
const hubRows = (hub: HubTables): Row[] =>
  hub.db.prepare<[], Row>('SELECT arrival, name, entry FROM entry ORDER BY arrival').all()
const parse = (row: Row): WireEntry => JSON.parse(row.entry) as WireEntry

/** L: what was confirmed, or survives on any disk, is in the table. */
function findLost({ boxes, hub, confirmed, excused }: Outcome): string[] {
  const rows = hubRows(hub)
  const texts = new Set(rows.map((row) => textOf(parse(row).data)))
  const names = new Set(rows.map(({ name }) => name.toString('hex')))
  const lost = confirmed.filter((text) => !excused.has(text) && !texts.has(text))
  const stranded = boxes.flatMap((box) =>
    namesOn(box)
      .filter((name) => !names.has(name))
      .map((name) => `${box.name}: ${name.slice(0, 8)}`),
  )
  return [
    ...lost.map((text) => `lost: ${text} was confirmed and is not at the hub`),
    ...stranded.map((what) => `lost: an entry that survives on a disk is not at the hub (${what})`),
  ]
}

/** Names of all entries that have a place on this box's disk. */
const namesOn = (box: SimulatedBox): string[] =>
  box.db().prepare<[], string>('SELECT DISTINCT lower(hex(name)) FROM entry JOIN place USING (row)').pluck().all()

/** D: no fact is twice in the table. */
function findDoubled({ hub }: Outcome): string[] {
  const seen = new Set<string>()
  return hubRows(hub).flatMap((row) => {
    const text = textOf(parse(row).data)
    if (text === null) return []
    if (seen.has(text)) return [`doubled: ${text} is twice at the hub`]
    seen.add(text)
    return []
  })
}

/** O: within an epoch by the chain; across epochs, where nothing allows otherwise, by arrival. */
function findDisorder({ hub, confirmed, isOrdered }: Outcome): string[] {
  if (!isOrdered) return []
  const order = new Map(confirmed.map((text, index) => [text, index]))
  let before = -1
  return hubRows(hub).flatMap((row) => {
    const at = order.get(textOf(parse(row).data) ?? '')
    if (at === undefined) return []
    if (at < before) return [`order: ${confirmed[at]} came to the hub after ${confirmed[before]}`]
    before = at
    return []
  })
}

/** Every chain verifies, on the boxes and at the hub; the owner has all that the hub has. */
function findBroken({ village, boxes, hub }: Outcome): string[] {
  const onBoxes = boxes.flatMap((box) => {
    const journal = box.journal()
    if (!journal) return [`rest: ${box.name} does not run`]
    return verifyChains(village, journal).broken.map(({ epoch, seq }) => `chain: ${box.name} ${epoch} ${seq}`)
  })
  const owner = boxes.find((box) => box.identity.box === hub.owner())
  const has = new Set(owner ? namesOn(owner) : [])
  const missing = reachableRows(hub).filter(({ name }) => !has.has(name.toString('hex')))
  return [
    ...onBoxes,
    ...findBrokenAtHub(village, hub),
    ...missing.map(({ entry }) => `owner: lacks ${entry.slice(0, 120)}`),
  ]
}

/** Entries within an unbroken chain: behind a hole that no box can fill any more, an entry is only a row. */
const reachableRows = (hub: HubTables): Row[] =>
  hub.db
    .prepare<[], Row>(`
    SELECT arrival, name, entry
    FROM entry
    WHERE name IN (SELECT name FROM place JOIN epoch_cursor USING (epoch) WHERE place.seq <= epoch_cursor.seq)`)
    .all()

function findBrokenAtHub(village: string, hub: HubTables): string[] {
  const epochs = hub.db.prepare<[], { epoch: string; seq: number; hash: Buffer }>('SELECT * FROM epoch_cursor').all()
  return epochs.flatMap(({ epoch, seq, hash }) => {
    const [held] = hub.wantFacts({ session: '', n: 1, epochs: [{ epoch, from: 0, prev: '' }] }).epochs
    const behind = held?.behind ?? []
    const rest = behind.length === 500 ? [] : behind
    if (behind.length < seq && behind.length < 500) return [`chain: the hub lacks rows of ${epoch} before ${seq}`]
    const entries = rest.map(({ entry }) => entry)
    const links = computeChain(village, epoch, 1, epochStart(village, epoch), entries)
    const wrong = links.find((link, index) => !rest[index]?.hash.equals(link.hash))
    if (wrong) return [`chain: the hub's ${epoch} does not verify at ${wrong.seq}`]
    const last = links.at(-1)
    return last && !last.hash.equals(hash) ? [`chain: the hub's cursor of ${epoch} is not its end`] : []
  })
}

/** Every box is drained, has all history, and asks for nothing more. */
function findUnrest({ boxes, restless }: Outcome): string[] {
  const busy = boxes.flatMap((box) => {
    const state = box.uplink()?.state()
    if (!state) return [`rest: ${box.name} does not run`]
    const waiting = backlogOf(state)
    const stopped = state.epochs.filter((epoch) => epoch.stopped).map((epoch) => `${epoch.epoch} ${epoch.stopped}`)
    if (waiting + state.missing.length + stopped.length === 0) return []
    return [`rest: ${box.name} has ${waiting} waiting, ${state.missing.length} epochs missing, stopped: ${stopped}`]
  })
  return restless > 0 ? [...busy, `rest: ${restless} batches and wants in the last quiet hours`] : busy
}
