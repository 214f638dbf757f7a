import type { UpKind } from '../../appliance/relay/sender-shell.ts'
import type { SimulatedBox } from './box.ts'
import type { Broker } from './broker.ts'
import { createHub, type HubKind, type SimulatedHub } from './hub.ts'
import type { Ledger } from './ledger.ts'
import type { World } from './world.ts'

/** What a fault may take hold of. */
export type Stage = {
  world: World
  broker: Broker
  hub: SimulatedHub
  /** Whoever hears what the boxes send: the hub, and for a while perhaps another one. */
  hubs: Set<(kind: UpKind, payload: Buffer) => void>
  ledger: Ledger
  /** Manifests and commands, as the hub sent them. */
  wentDown: { kind: 'data' | 'command'; payload: Buffer }[]
  sendDown: (kind: HubKind, payload: Buffer) => void
  boxes: SimulatedBox[]
  addBox(how: { disk?: Buffer; hardware?: string; keyOf?: SimulatedBox; clientId?: string }): SimulatedBox
  excused: Set<string>
  /** Entries that were damaged, by box and row. */
  damagedRows: Set<string>
  backups: { box: SimulatedBox; bytes: Buffer }[]
  hubBackups: Buffer[]
  tell(what: string): void
  rollCall(all: boolean): void
}

const minute = 60_000
const mostBoxes = 5

/** Each kind of fault of sync-failures that can be had here, one injection each. */
export const faultKinds = {
  cut: ({ world, boxes, broker }) => {
    const client = world.random.pick(boxes).client()
    if (client) broker.drop(client)
  },
  'half-open': ({ world, boxes, broker }) => {
    const client = world.random.pick(boxes).client()
    if (!client) return
    client.isFrozen = true
    world.after(world.random.between(20_000, 90_000), () => broker.drop(client))
  },
  loss: ({ world, broker }) => someTime(world, broker, { loss: 0.3 }),
  duplicates: ({ world, broker }) => someTime(world, broker, { duplicate: 0.6 }),
  reordering: ({ world, broker }) => someTime(world, broker, { reorder: 0.6 }),
  'late-messages': ({ world, broker }) => someTime(world, broker, { late: 0.3 }),
  'broker-crash': ({ world, broker }) => broker.crash(world.random.between(100, 60_000)),
  'power-cut': ({ world, boxes }) => world.random.pick(boxes).powerOff(),
  'power-cut-between-writes': ({ world, boxes }) => {
    world.random.pick(boxes).faults.writesUntilCut = world.random.between(0, 25)
  },
  clock: ({ world, boxes }) => {
    const years = world.random.between(-20, 10)
    world.random.pick(boxes).setWallOffset(years * 365 * 24 * 60 * minute)
  },
  'disk-full': ({ world, boxes }) => {
    const box = world.random.pick(boxes)
    box.faults.full = true
    world.after(world.random.between(1_000, 10 * minute), () => {
      box.faults.full = false
    })
  },
  backup: ({ world, boxes, backups }) => {
    const box = world.random.pick(boxes)
    backups.push({ box, bytes: box.db().serialize() })
  },
  'restore-unseen': (stage) => restore(stage, { told: false }),
  'restore-told': (stage) => restore(stage, { told: true }),
  'card-wiped': (stage) => {
    const { world, boxes, hub } = stage
    const box = world.random.pick(boxes)
    excuseLost(stage, box, () => box.putDisk(null))
    box.start()
    hub.tables().enrol(box.identity.publicKey, box.identity.box)
  },
  'entry-damaged': (stage) => {
    const box = stage.world.random.pick(stage.boxes)
    box.beneath(() => damage(stage, box))
    const then = stage.world.random.pick(['start', 'night', 'nothing'])
    if (then === 'start') box.restart()
    if (then === 'night') box.verifyNightly()
  },
  'clone-same-hardware': (stage) => clone(stage, { noticed: false }),
  'clone-other-hardware': (stage) => clone(stage, { noticed: true }),
  'hub-backup': ({ hub, hubBackups }) => {
    hubBackups.push(hub.backup())
  },
  'hub-restored': ({ world, hub, hubBackups, rollCall }) => {
    const [first] = hubBackups
    if (!first) return void hubBackups.push(hub.backup())
    hub.restore(world.random.pick(hubBackups))
    if (world.random.chance(0.5)) rollCall(true)
  },
  'hub-emptied': ({ world, hub, rollCall }) => {
    hub.restore(null)
    if (world.random.chance(0.5)) rollCall(true)
  },
  'hub-rows-lost': ({ world, hub, rollCall }) => {
    const { db } = hub.tables()
    const modulus = world.random.between(2, 9)
    const table = world.random.pick(['place', 'entry', 'both', 'sealed'])
    if (table === 'sealed')
      db.prepare('DELETE FROM sealed WHERE name IN (SELECT name FROM entry WHERE arrival % 2 = 0)').run()
    if (table === 'place' || table === 'both')
      db.prepare('DELETE FROM place WHERE (seq * 7 + length(epoch)) % ? = 0').run(modulus)
    if (table === 'entry' || table === 'both') db.prepare('DELETE FROM entry WHERE arrival % ? = 0').run(modulus)
    if (world.random.chance(0.5)) {
      hub.restart()
      rollCall(true)
    }
  },
  'hub-dies-before-ack': ({ world, hub }) => hub.dieBeforeAnswers(world.random.between(1, 4)),
  'stale-hub-answers': ({ world, hub, hubs, hubBackups, ledger, sendDown }) => {
    const [old] = hubBackups
    if (!old) return void hubBackups.push(hub.backup())
    const stale = createHub(world, '3510242008', sendDown, {}, ledger.noteHello)
    stale.restore(world.random.pick(hubBackups))
    hubs.add(stale.take)
    world.after(world.random.between(1_000, 5 * minute), () => hubs.delete(stale.take))
  },
  'two-hubs': ({ world, hub, hubs }) => {
    const second = (kind: UpKind, payload: Buffer) =>
      world.after(world.random.between(0, 300), () => hub.take(kind, payload))
    hubs.add(second)
    world.after(world.random.between(1_000, 10 * minute), () => hubs.delete(second))
  },
  'roll-call': ({ rollCall, world }) => rollCall(world.random.chance(0.5)),
} as const satisfies Record<string, (stage: Stage) => void>

export type FaultKind = keyof typeof faultKinds

function someTime(
  world: World,
  broker: Broker,
  faults: Partial<Record<'loss' | 'duplicate' | 'reorder' | 'late', number>>,
) {
  broker.setFaults({ loss: 0, duplicate: 0, reorder: 0, late: 0, ...faults })
  world.after(world.random.between(5_000, 10 * minute), () =>
    broker.setFaults({ loss: 0, duplicate: 0, reorder: 0, late: 0 }),
  )
}

function restore(stage: Stage, { told }: { told: boolean }): void {
  const { world, backups } = stage
  const [first] = backups
  if (!first) {
    faultKinds.backup(stage)
    return
  }
  const { box, bytes } = world.random.pick(backups)
  excuseLost(stage, box, () => box.putDisk(bytes))
  if (told)
    box.beneath(() =>
      box.db().prepare(`INSERT INTO fact (name, value) VALUES ('restored', '1') ON CONFLICT DO NOTHING`).run(),
    )
  box.start()
}

/** What only stood on the disk that is gone need not come back; what is elsewhere too must. */
export function excuseLost({ excused }: Stage, box: SimulatedBox, replace: () => void): void {
  const before = textsOn(box)
  replace()
  const after = new Set(textsOn(box))
  for (const text of before) if (!after.has(text)) excused.add(text)
}

const textsOn = (box: SimulatedBox): string[] =>
  box
    .db()
    .prepare<[], string>(
      `SELECT iif(json_valid(data), json_extract(data, '$.text'), '') FROM entry WHERE type = 'queue.notice-changed'
       UNION ALL SELECT 'part ' || lower(hex(p)) FROM entry JOIN sealed USING (row)`,
    )
    .pluck()
    .all()

/** A byte on the card changes: in what an entry says, in a hash, or in a name. */
export function damage({ world, excused, damagedRows, ledger, tell }: Stage, box: SimulatedBox): void {
  const db = box.db()
  const rows = db
    .prepare<[], { row: number; text: string | null; p: string; private: string | null }>(
      `SELECT row, iif(json_valid(data), json_extract(data, '$.text'), NULL) AS text, lower(hex(p)) AS p, private FROM entry WHERE type IN ('queue.notice-changed', 'visitors.noted') AND iif(json_valid(data), row NOT IN (SELECT row FROM damaged), 0)`,
    )
    .all()
  // Each entry once: with its content and its hash both gone, what stands behind it cannot be told from damage.
  const whole = rows.filter(({ row }) => !damagedRows.has(`${box.name} ${row}`))
  if (whole.length === 0) return
  const { row, text, p, private: clear } = world.random.pick(whole)
  damagedRows.add(`${box.name} ${row}`)
  if (p) ledger.damagedParts.add(p)
  const how = world.random.pick(['data', 'at', 'broken', 'hash', 'name', ...(clear ? ['private', 'private'] : [])])
  tell(`${how} of ${box.name}'s row ${row} (${text})`)
  switch (how) {
    case 'data':
      db.prepare(`UPDATE entry SET data = '{"text":"damaged ' || row || '"}' WHERE row = ?`).run(row)
      break
    case 'at':
      db.prepare('UPDATE entry SET at = at + 1 WHERE row = ?').run(row)
      break
    case 'broken':
      db.prepare(`UPDATE entry SET data = '{"te' WHERE row = ?`).run(row)
      break
    case 'hash':
      db.prepare('UPDATE place SET hash = zeroblob(32) WHERE row = ?').run(row)
      return
    case 'private':
      db.prepare(`UPDATE entry SET private = private || ' ' WHERE row = ?`).run(row)
      return
    default:
      db.prepare('UPDATE entry SET name = randomblob(32) WHERE row = ?').run(row)
      return
  }
  excused.add(text ?? `part ${p}`)
}

function clone(stage: Stage, { noticed }: { noticed: boolean }): void {
  const { world, boxes, addBox, hub } = stage
  if (boxes.length >= mostBoxes) return
  const from = world.random.pick(boxes)
  const disk = from.db().serialize()
  const clientId = world.random.chance(0.1) ? '3510242008' : `clone-${boxes.length}`
  const serial = noticed ? `x${boxes.length}` : from.serial
  const copy = addBox({ disk, hardware: serial, keyOf: from, clientId })
  copy.start()
  hub.tables().enrol(copy.identity.publicKey, copy.identity.box)
}
