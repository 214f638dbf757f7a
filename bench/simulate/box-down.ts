import { createAlarms } from '../../appliance/base/alarms.ts'
import type { Clock } from '../../appliance/base/clock.ts'
import type { Journal } from '../../appliance/base/journal/journal.ts'
import type { Db, Store } from '../../appliance/base/store/store.ts'
import { type Commands, createCommands } from '../../appliance/commands/commands.ts'
import { createDatasets, type Datasets } from '../../appliance/datasets/datasets.ts'
import { createDownlink } from '../../appliance/relay/downlink.ts'
import type { SenderShell } from '../../appliance/relay/sender-shell.ts'
import type { Input } from '../../appliance/relay/sender-state.ts'
import type { DatasetName } from '../../appliance/wire/datasets.ts'
import type { Command } from '../../appliance/wire/messages.ts'
import { penOf } from '../../testing/pen-of.ts'
import { rethrow } from '../../testing/rethrow.ts'
import { PowerCut } from './disk.ts'
import type { Ledger } from './ledger.ts'
import type { World } from './world.ts'

export type BoxDown = ReturnType<typeof openBoxDown>

/** A safeguard of what comes down taken out, from outside. */
export type DownSabotage = {
  /** What the downlink is told of a command that the broker had in store. */
  retained?: boolean
  /** Whether the history that this session's hello asked for is in. */
  hasHistory?: () => boolean
  /** Commands wait for no answer to a hello. */
  greeted?: boolean
  datasetStore?: (store: Store) => Store
  datasets?: (make: () => Datasets, box: { db: Db; ledger: Ledger }) => Datasets
  command?: (command: Command) => Command
  /** An outcome that is there does not count. */
  repeats?: boolean
}

type Parts = {
  name: string
  world: World
  store: Store
  journal: Journal
  clock: Clock
  hubKey: string
  ledger: Ledger
  sabotage: DownSabotage
  uplink: () => SenderShell
  publishWant: (question: Buffer) => void
  /** Runs what a power cut may cut off, and goes on. */
  give: (work: () => void) => void
  isRunning: () => boolean
  onPowerCut: () => void
  restart: () => void
}

/** What comes down to one village box: the shipping datasets, commands and downlink, and the little of relay.ts that is left. */
export function openBoxDown(parts: Parts) {
  const { name, world, store, journal, clock, hubKey, ledger, sabotage, give, isRunning } = parts
  const selectOnDisk = store.db
    .prepare<{ id: string }, number>(`
    SELECT count(*) FROM entry
    WHERE key = @id AND type = 'commands.carried-out' AND row NOT IN (SELECT row FROM damaged)`)
    .pluck()
  const selectCurrent = store.db.prepare<[], { dataset: string; current: number }>(
    'SELECT dataset, current FROM dataset WHERE current IS NOT NULL',
  )
  let hello = ''
  let working = false
  let asleep = 0
  let deeds = 0

  /** A deed that takes time. Of a box whose power goes meanwhile it never ends. */
  function takeTime<T>(mostMs: number, outcome: T): Promise<T> {
    asleep++
    return new Promise((resolve) => {
      world.after(world.random.between(1, mostMs), () => {
        if (!isRunning()) return
        asleep--
        resolve(outcome)
      })
    })
  }

  const makeDatasets = () =>
    createDatasets({
      store: sabotage.datasetStore?.(store) ?? store,
      journal,
      alarms: createAlarms(() => clock.read().at, clock.monotonicMs, rethrow),
      log: { warn: () => {}, error: () => {} },
      monotonicMs: clock.monotonicMs,
      hubKey,
      // A thin broker, so that a small file comes in pieces.
      mostBytes: 2_048,
      onSwitch: () => {},
      onHeld: () => {},
      onChange: () => {},
    })
  const datasets = sabotage.datasets?.(makeDatasets, { db: store.db, ledger }) ?? makeDatasets()

  /** What the box could know of a command when it began with it: a deed takes its time, and a copy's outcome may come. */
  const looked = new Map<string, { onDisk: number; hello: string }>()
  const pen: Journal['pen'] = (events) => {
    const inner = journal.pen(events)
    return {
      ...inner,
      wasDone(id, types) {
        looked.set(id ?? '', { onDisk: selectOnDisk.get({ id: id ?? '' }) ?? 0, hello })
        return inner.wasDone(id, types) && !sabotage.repeats
      },
    }
  }

  const commands: Commands = createCommands({
    store,
    journal: { ...journal, pen },
    clock,
    hubKey,
    log: {
      info: (said: object) => {
        const { id, type, outcome } = said as { id: string; type: 'announce'; outcome: string }
        ledger.noteObeyed(name, { id, type, outcome }, looked.get(id) ?? { onDisk: 0, hello })
      },
      error: (said: object) => {
        if ((said as { err?: unknown }).err instanceof PowerCut) parts.onPowerCut()
      },
    } as never,
    deeds: {
      announce: ledger.noteDeed,
      takeCaseState: () => null,
      takeNotice: async () => null,
      takeCaseDocument: () => null,
      check: () => takeTime(50, 0),
      /** As an entry of its own, in the transaction of the outcome. */
      changeSetting: (setting, value) =>
        store.write((tx) => {
          const data = { text: `${name}.${setting} ${value} ${clock.monotonicMs()}.${++deeds}` }
          penOf(journal).append(tx, { type: 'queue.notice-changed', actor: 'hub', key: null, data })
        }),
      backUp: () => takeTime(20_000, 'stick'),
      whenSent: (withinMs) => takeTime(withinMs, null),
      restart: () => void world.after(0, () => isRunning() && parts.restart()),
      answerProposal: () => null,
      takeRelayed: async () => null,
      // There is one broker here.
      tryBroker: async () => 'offline',
      newBrokers: () => {},
      markWipe: () => {},
      wipe: () => {},
    },
    configured: [],
    box: 'no-box',
    wipeKey: null,
  })

  const downlink = createDownlink({
    log: { warn: () => {} },
    datasets,
    files: null,
    onCommand(command) {
      commands.take(sabotage.command?.(command) ?? command)
      working = true
      const taken = commands.settle()
      void taken.then(() => {
        if (taken === commands.settle()) working = false
      })
    },
    state: () => (sabotage.greeted ? { ...parts.uplink().state(), ready: true } : parts.uplink().state()),
    hasHistory: sabotage.hasHistory ?? (() => parts.uplink().hasHistory()),
    publishWant(question) {
      parts.publishWant(question)
      // The relay's look of each minute.
      world.after(60_000, () => isRunning() && give(downlink.askForMore))
    },
    after: (ms, work) => void world.after(ms, () => isRunning() && give(work)),
  })

  const stopWaiting = world.waitFor(() => working && asleep === 0)

  function noteVersions(byPerson: boolean): void {
    for (const { dataset, current } of selectCurrent.all()) ledger.noteVersion(name, dataset, current, { byPerson })
  }

  return {
    noteStep(input: Input): void {
      if (input.kind === 'hello-ack') hello = `${input.ack.session} ${input.ack.re}`
      downlink.noteStep(input)
      if (sabotage.greeted && input.kind === 'connected') downlink.noteStep({ kind: 'hello-ack' } as Input)
    },
    readManifest(payload: Buffer): void {
      downlink.readManifest(payload)
      noteVersions(false)
    },
    readCommand: (payload: Buffer, retained: boolean) =>
      downlink.readCommand(payload, retained && (sabotage.retained ?? true)),
    takeChunk(chunk: Parameters<typeof downlink.takeChunk>[0]): void {
      downlink.takeChunk(chunk)
      noteVersions(false)
    },
    /** A person at the box goes back to the version before. */
    rollBack(dataset: DatasetName): void {
      datasets.rollBack({ dataset, actor: 'box', key: null })
      noteVersions(true)
    },
    /** The power is gone. */
    end(): void {
      stopWaiting()
      commands.giveUp()
    },
  }
}
