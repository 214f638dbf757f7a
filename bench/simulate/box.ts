import type { KeyObject } from 'node:crypto'
import type { Identity } from '../../appliance/base/broker/identity.ts'
import { createClock, type SystemClock } from '../../appliance/base/clock.ts'
import { AppError } from '../../appliance/base/errors.ts'
import { journalEvents } from '../../appliance/base/journal/events.ts'
import { createJournal, type Hardware, type Journal } from '../../appliance/base/journal/journal.ts'
import { foldingOf } from '../../appliance/base/rooms/room.ts'
import { createStore, type Db, type Store } from '../../appliance/base/store/store.ts'
import { nextTickAt } from '../../appliance/relay/sender.ts'
import { createSenderShell, type SenderShell, type UpKind } from '../../appliance/relay/sender-shell.ts'
import { rooms as shippedRooms } from '../../appliance/rooms.ts'
import type { DatasetName } from '../../appliance/wire/datasets.ts'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import { limits, type RollCall, validators } from '../../appliance/wire/messages.ts'
import type { Receipted } from '../../appliance/wire/stick-file.ts'
import { penOf } from '../../testing/pen-of.ts'
import { rethrow } from '../../testing/rethrow.ts'
import { visitorsEvents, visitorsRoom } from '../../testing/visitors-room.ts'
import { type BoxDown, type DownSabotage, openBoxDown } from './box-down.ts'
import type { Broker, Client, DownKind } from './broker.ts'
import { type DiskFaults, openDisk, PowerCut } from './disk.ts'
import type { Ledger } from './ledger.ts'
import { type Part, villageRecipients } from './parts.ts'
import type { World } from './world.ts'

export type SimulatedBox = ReturnType<typeof createBox>

/** A safeguard taken out, from outside: what a test puts between the shipping parts to see the simulator turn red. */
export type Sabotage = DownSabotage & {
  journal?: (journal: Journal, db: Db) => Journal
  uplink?: (uplink: SenderShell, box: { journal: Journal; db: Db; identity: Identity }) => SenderShell
  /** Before a message leaves: what leaves instead. */
  sending?: (kind: UpKind, payload: Buffer) => Buffer
  session?: (box: { db: Db }, session: string) => string
}

export type BoxParts = {
  name: string
  world: World
  broker: Broker
  village: string
  clientId: string
  identity: { key: KeyObject; publicKey: string }
  hardware: Hardware
  hubKey: string
  sabotage: Sabotage
  ledger: Ledger
  /** Something was confirmed to a person: its unique text. */
  onConfirmed: (text: string, box: string) => void
  /** An epoch waits for the next hello: those behind it may come to the hub before it (rule 13). */
  onStopped: () => void
  disk?: Buffer
}

type WithPart = { name: Buffer; p: Buffer }

const rooms = [...shippedRooms, visitorsRoom]
const nothing = () => {}
const silent = { warn: nothing, error: nothing }

/**
 * One village box: the shipping store, journal, projections and uplink on a disk in memory, and the little of relay.ts
 * that is left: a timer and a line. `disk` is what it finds on its card.
 */
export function createBox(parts: BoxParts) {
  const { name, world, broker, village, hubKey, sabotage } = parts
  const faults: DiskFaults = { writesUntilCut: null, full: false }
  const identity: Identity = { ...parts.identity, box: boxId(parts.identity.publicKey, parts.hardware) }
  let db = openDisk(faults, parts.disk)
  let process: Running | null = null
  let wallOffset = 0
  let written = 0
  let clientId = parts.clientId

  type Running = {
    store: Store
    journal: Journal
    uplink: SenderShell
    down: BoxDown
    client: Client | null
    timer: { cancel(): void } | null
    bootedAt: number
  }

  function start(): void {
    faults.writesUntilCut = null
    const bootedAt = world.now()
    const system: SystemClock = {
      wall: () => startOfTime + world.now() + wallOffset,
      monotonic: () => world.now() - bootedAt,
    }
    const clock = createClock(system)
    survive(() => {
      const store = createStore(db, name, clock, rethrow)
      const real = createJournal(store, village, foldingOf(rooms, db), { recipients: async () => villageRecipients })
      const journal = sabotage.journal?.(real, db) ?? real
      const trusted = journal.trustedUntil()
      if (trusted) clock.raiseFloor(trusted)
      journal.open(parts.hardware)
      journal.beginRun()
      journal.cutDamageAtStart()
      const made = createSenderShell({
        store,
        journal: inSmallPieces(journal),
        identity,
        hubKey,
        bytesPerHour: null,
        mostBytes: limits.batchWireBytes,
        monotonicMs: system.monotonic,
        random: world.random.next,
        log: silent,
        connect,
        disconnect: () => process?.client && broker.drop(process.client),
        publish: (kind, payload) => {
          const client = process?.client
          if (client) broker.up(client, kind, sabotage.sending?.(kind, payload) ?? payload)
        },
        onHubTime: clock.syncWithHub,
        onConnected: () => sayPresence(),
        onStep(input) {
          if (made.state().epochs.some((epoch) => epoch.stopped)) parts.onStopped()
          down.noteStep(input)
        },
        onDamage: nothing,
        onOtherPast: nothing,
      })
      const uplink = sabotage.uplink?.(made, { journal, db, identity }) ?? made
      const running = () => process !== null && process.down === down
      const down = openBoxDown({
        ...{ name, world, store, journal, clock, hubKey, ledger: parts.ledger, sabotage, give },
        uplink: () => made,
        publishWant: (question) => process?.client && broker.up(process.client, 'want', question),
        isRunning: running,
        onPowerCut: () => running() && powerOff(),
        restart,
      })
      process = { store, journal, uplink, down, client: null, timer: null, bootedAt }
      journal.onRing(() => give(() => uplink.ring()))
      if (journal.wasCutShort()) world.after(soonMs, verifySlowly(process))
    })
    if (process) survive(() => process?.uplink.take({ kind: 'tick' }))
    plan()
  }

  /** The whole journal, slice by slice, while everything else goes on; what does not hold is cut. */
  function verifySlowly(running: Running): () => void {
    const slices = running.journal.verifyInSlices()
    const goOn = () =>
      give(() => {
        if (process !== running) return
        const step = slices.next()
        if (!step.done) world.after(1, goOn)
        else if (step.value === 'broken') running.uplink.cutDamage()
      })
    return goOn
  }

  /** Few entries a batch, so that short journals make many. */
  function inSmallPieces(journal: Journal): Journal {
    return { ...journal, readBehind: (epoch, from) => journal.readBehind(epoch, from, world.random.between(1, 6)) }
  }

  /** Runs what may be cut off by a power cut, which ends the process; an AppError is what a caller would see. */
  function survive<T>(work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      if (error instanceof PowerCut) powerOff()
      else if (!(error instanceof AppError)) throw error
      return null
    }
  }

  function plan(): void {
    if (!process) return
    process.timer?.cancel()
    const at = nextTickAt(process.uplink.state())
    const due = at === null ? null : process.bootedAt + at
    process.timer = due === null ? null : world.at(due, () => give(() => process?.uplink.take({ kind: 'tick' })))
  }

  function give(work: () => void): void {
    if (!process) return
    survive(work)
    plan()
  }

  function connect(): void {
    const owner = process
    world.after(world.random.between(20, 400), () => {
      if (!owner || owner !== process) return
      const client: Client = {
        clientId,
        isOpen: false,
        isFrozen: false,
        receive: (kind, payload, retained) => {
          if (process?.client === client) give(() => receive(kind, payload, retained))
        },
        closed: () => {
          if (process?.client !== client) return
          process.client = null
          world.after(0, () => {
            if (process === owner) give(() => process?.uplink.take({ kind: 'closed', trouble: 'offline' }))
          })
        },
      }
      if (!broker.connect(client)) {
        give(() => process?.uplink.take({ kind: 'closed', trouble: 'offline' }))
        return
      }
      owner.client = client
      const random = Array.from({ length: 16 }, () => world.random.pick([...letters])).join('')
      const session = survive(() => sabotage.session?.({ db }, random) ?? random)
      if (session) give(() => process?.uplink.take({ kind: 'connected', session }))
    })
  }

  function receive(kind: DownKind, payload: Buffer, retained: boolean): void {
    if (!process) return
    const { uplink, down, client } = process
    if (kind === 'ack') uplink.readAck(unpackFrame(payload))
    else if (kind === 'data') down.readManifest(payload)
    else if (kind === 'command') down.readCommand(payload, retained)
    else if (kind === 'chunk') readChunk(payload, process)
    else if (kind === 'roll-call') {
      const call = JSON.parse(payload.toString()) as RollCall
      uplink.take({ kind: 'roll-call', spread: call.spread, all: call.all })
    } else if (payload.toString() !== identity.box && client) uplink.take({ kind: 'foreign-box' })
  }

  function sayPresence(): void {
    const client = process?.client
    if (client) broker.down('presence', Buffer.from(identity.box), client)
  }

  function powerOff(): void {
    const ended = process
    process = null
    ended?.timer?.cancel()
    ended?.down.end()
    if (ended?.client) {
      const { client } = ended
      client.isFrozen = true
      // The broker notices when the keep-alive is over.
      world.after(45_000, () => broker.drop(client))
    }
  }

  function restart(): void {
    powerOff()
    start()
  }

  return {
    name,
    identity,
    faults,
    db: () => db,
    isRunning: () => process !== null,
    uplink: () => process?.uplink ?? null,
    journal: () => process?.journal ?? null,
    client: () => process?.client ?? null,
    start,
    powerOff,
    restart,
    /** Steps the wall clock; the monotonic one goes on. */
    setWallOffset: (ms: number) => {
      wallOffset = ms
    },
    /** Another card in the same box, or the same card as it was. */
    putDisk(bytes: Buffer | null): void {
      powerOff()
      parts.ledger.noteDisk(name)
      db = bytes ? openDisk(faults, bytes) : openDisk(faults)
    },
    /** Changes the disk from outside, whatever is wrong with it. */
    beneath(change: () => void): void {
      const { full, writesUntilCut } = faults
      Object.assign(faults, { full: false, writesUntilCut: null })
      change()
      Object.assign(faults, { full, writesUntilCut })
    },
    serial: parts.hardware.serial,
    setClientId: (id: string) => {
      clientId = id
    },
    /** A line made anew. */
    thaw(): void {
      if (process?.client) broker.drop(process.client)
    },

    /** A person does something. What comes back is confirmed: `text` is unique, so that losing or doubling it shows. */
    work(key: string | null): void {
      const running = process
      if (!running) return
      const text = `${name}.${parts.disk ? 'c' : 'o'}.${++written}`
      const done = survive(() =>
        running.store.write((tx) => {
          const known = key ? penOf(running.journal).entryByKey(key, 'queue.notice-changed') : null
          if (known) return null
          penOf(running.journal).append(tx, { type: 'queue.notice-changed', actor: 'box', key, data: { text } })
          return text
        }),
      )
      plan()
      if (done) parts.onConfirmed(done, name)
    },
    /** A person writes what is private. Answers whether it is confirmed. */
    note(part: Part, visit: string): boolean {
      const running = process
      const done = survive(() =>
        running?.store.write((tx) =>
          running.journal.pen(visitorsEvents).append(tx, {
            type: 'visitors.noted',
            actor: 'kiosk:1',
            data: { visit },
            private: part,
          }),
        ),
      )
      plan()
      return Boolean(done)
    },
    /** Ends the private part of one of the entries that have one here: its hash in hex, or null. */
    erase(choose: (rows: readonly WithPart[]) => WithPart): string | null {
      const running = process
      const rows = db
        .prepare<[], WithPart>(`
          SELECT name, p
          FROM entry
          WHERE p IS NOT NULL AND name NOT IN (SELECT name FROM erased) AND row NOT IN (SELECT row FROM damaged)
          ORDER BY row`)
        .all()
      if (!running || rows.length === 0) return null
      const { name, p } = choose(rows)
      const data = { names: [name.toString('base64url')] }
      const done = survive(() =>
        running.store.write((tx) =>
          running.journal.pen(journalEvents).append(tx, { type: 'journal.private-erased', actor: 'box', data }),
        ),
      )
      plan()
      return done ? p.toString('hex') : null
    },
    /** What a stick would take; null while it is off. */
    collect: () => survive(() => process?.uplink.collect(null) ?? null),
    takeReceipt: (ends: Receipted) => give(() => process?.uplink.takeReceipt(ends)),
    /** A person goes back to the version of a dataset before, if there is one. */
    rollBack: (dataset: DatasetName) => give(() => process?.down.rollBack(dataset)),
    /** Looks at the whole journal, as every night. */
    verifyNightly(): void {
      if (process) verifySlowly(process)()
    },
  }
}

/** After a run that was cut short all of it is verified at the second look: half a minute after the start. */
const soonMs = 30_000
const startOfTime = Date.UTC(2026, 10, 23, 1)
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The same card in other hardware is another box. */
const boxId = (publicKey: string, { serial, card }: Hardware): string =>
  `${serial}.${card}.${publicKey.replaceAll(/[^A-Za-z0-9]/g, '')}`.replaceAll('.', '_').slice(0, 22).padEnd(22, '_')

function readChunk(payload: Buffer, { uplink, down }: { uplink: SenderShell; down: BoxDown }): void {
  const message = unpackFrame(payload, limits.unpackedBytes, limits.chunkJsonDepth)
  if (validators.chunk.Check(message)) uplink.takeChunk(message)
  else if (validators.datasetChunk.Check(message)) down.takeChunk(message)
  else throw new TypeError('A chunk of the hub is none.')
}
