import type { FastifyBaseLogger } from 'fastify'
import { brokersInUse, joinBrokers, losesTls } from '../base/broker/broker-list.ts'
import { isAway, type LinkTrouble } from '../base/broker/link-trouble.ts'
import type { Clock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { DataOf } from '../base/journal/event-registry.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command as Asked } from '../base/schemas.ts'
import { isDiskFailure } from '../base/store/failures.ts'
import type { Store } from '../base/store/store.ts'
import {
  type CommandData,
  type CommandType,
  findWrongMember,
  isCommandType,
  type RelayedType,
  type SettingName,
} from '../wire/commands.ts'
import type { Command } from '../wire/messages.ts'
import { verifyDown } from '../wire/sign.ts'
import { findOrderFault } from '../wire/wipe-order.ts'
import { commandEvents } from './events.ts'
import { createCommandTables } from './tables.ts'
import type { MessageView } from './views.ts'

export type Commands = ReturnType<typeof createCommands>

/** What other rooms do when the regency asks. */
export type Deeds = {
  /** Tells the regency again how it goes here. */
  announce: () => void
  /** Looks at the machine now; how many checks need somebody. */
  check: () => Promise<number>
  changeSetting: (setting: SettingName, value: number) => void
  /** How it went with the stick; null: the box closes meanwhile. Throws AppError. */
  backUp: () => Promise<'stick' | 'no-stick' | 'stick-failed' | null>
  /** Waits until the regency has what was written so far, for so long at most. */
  whenSent: (withinMs: number) => Promise<unknown>
  restart: () => void
  /** Whether the regency answers at another broker: null when it does. `command`: by which it asks for that. */
  tryBroker: (url: string, command: string) => Promise<LinkTrouble | 'closing' | null>
  /** The list of brokers is another one. */
  newBrokers: () => void
  /** Keeps what the regency answers to a proposal, in a write of its own; the sentence for the desks, or null: there is none. */
  answerProposal: (answer: CommandData<'answer'>) => { say: string; keep: () => void } | null
  /** What another village says of a letter: what keeps it, in a write of its own, or null: this office knows of no such request. */
  takeRelayed: <T extends RelayedType>(type: T, data: CommandData<T>) => Promise<{ keep: () => void } | null>
  /**
   * Keeps what an agency says of a case, in a write of its own; `say`: the sentence for the desks, null where they need not
   * hear of it. Null: there is no such case.
   */
  takeCaseState: (said: CommandData<'case-state'>) => { say: string | null; from: string; keep: () => void } | null
  /**
   * Opens what a hospital or a midwife tells and begins a case by it, in a write of its own: the sentence for the desks. Null:
   * it was told already. A word: why it cannot be taken.
   */
  takeNotice: (
    said: CommandData<'notice'>,
  ) => Promise<{ say: string; keep: () => void } | 'unsigned' | 'sealed' | 'unreadable' | null>
  /**
   * Keeps that an agency has a document for a case, in a write of its own, and fetches it afterwards. Null: it was named before.
   * A word: why it is not taken.
   */
  takeCaseDocument: (
    said: CommandData<'case-document'>,
  ) => { keep: () => void; afterwards: () => Promise<void> } | 'unknown-case' | 'sealed' | null
  /** From here on this box is to be erased, whatever happens. */
  markWipe: () => void
  /** Ends this box, erases it, and says so as its last word. */
  wipe: () => void
}

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  log: Pick<FastifyBaseLogger, 'info' | 'error'>
  /** Ed25519 key by which the regency signs; null: nothing of it is believed. */
  hubKey: string | null
  /** Who this box is towards the regency. */
  box: string
  /** Ed25519 key by which the regency signs orders to wipe a box; null: none is taken. */
  wipeKey: string | null
  /** Addresses of brokers by enrolment file or balai.toml, the preferred one first. */
  configured: readonly string[]
  deeds: Deeds
}

type Said = Omit<DataOf<typeof commandEvents, 'commands.carried-out'>, 'command' | 'type'>
/** `alsoWrite` changes something in the same transaction as the outcome is written; `afterwards` follows once it is on disk. */
type Step = { said: Said; alsoWrite?: () => void; afterwards?: () => Promise<void> }

const done = (detail?: string): Step => ({ said: { outcome: 'done', ...(detail ? { detail } : {}) } })
const refused = (detail: string): Step => ({ said: { outcome: 'refused', detail } })

/** The outcome of a restart or a wipe has so long to reach the regency. */
const lastWordMs = 10_000

/**
 * SYNC-018: carries out what the regency asks, one after the other in the order in which it came, each once. What came of it
 * is an entry under the command's id; where that entry is, nothing is done.
 */
export function createCommands({ store, journal, clock, log, hubKey, box, wipeKey, configured, deeds }: Parts) {
  const pen = journal.pen(commandEvents)
  const tables = createCommandTables(store.db)
  const brokers = () => brokersInUse(configured, tables.brokerMove())
  const waiting = new Set<string>()
  let turn: Promise<void> = Promise.resolve()
  let stopped = false

  /** What came on `command`, once the relay lets it through. */
  function take(command: Command): void {
    const { id, type } = command
    if (!hubKey || !verifyDown(hubKey, journal.village, command)) {
      log.error({ id, type, hubKey: hubKey !== null }, 'a command is not signed for this village by the hub’s key')
      return
    }
    if (waiting.has(id)) return
    waiting.add(id)
    turn = turn.then(() => obey(command))
  }

  /** A disk that takes no outcome leaves none: the regency asks again after the next hello. */
  async function obey(command: Command): Promise<void> {
    const { id, type } = command
    waiting.delete(id)
    if (stopped) return
    try {
      if (pen.wasDone(id, ['commands.carried-out'])) return
      const step = await tryStep(command)
      if (!step) return
      await store.writeTogether(() => {
        step.alsoWrite?.()
        const data = { command: id, type, ...step.said }
        store.write((tx) => pen.append(tx, { type: 'commands.carried-out', actor: 'hub', key: id, data }))
      })
      log.info({ id, type, ...step.said }, 'the regency asked')
      await step.afterwards?.()
    } catch (error) {
      log.error({ err: error, id, type }, 'a command left no outcome; the regency asks again')
    }
  }

  /** Null: the box closes meanwhile. */
  async function tryStep({ id, type, expires, data }: Command): Promise<Step | null> {
    if (!isCommandType(type)) return refused('unknown-type')
    if (expires <= clock.read().at) return { said: { outcome: 'expired' } }
    const wrong = findWrongMember(type, data)
    if (wrong !== null) return refused(`wrong-data.${wrong}`)
    try {
      return await steps[type](data as never, id)
    } catch (error) {
      if (isDiskFailure(error)) throw error
      log.error({ err: error, id, type }, 'a command failed')
      return { said: { outcome: 'failed', detail: error instanceof AppError ? error.code : 'unexpected' } }
    }
  }

  const steps: { [T in CommandType]: (data: CommandData<T>, id: string) => Step | null | Promise<Step | null> } = {
    message: ({ text, from }, command) => ({
      ...done(),
      alsoWrite: () => store.write((tx) => tables.keepMessage(tx, { command, text, from })),
    }),
    announce() {
      deeds.announce()
      return done()
    },
    check: async () => done(String(await deeds.check())),
    set({ setting, value, version }) {
      if (version <= tables.versionOf(setting)) return refused('older')
      return { said: { outcome: 'done', setting, version }, alsoWrite: () => deeds.changeSetting(setting, value) }
    },
    async backup() {
      const stick = await deeds.backUp()
      return stick && done(stick)
    },
    async 'move-broker'({ version, brokers: asked }, id) {
      if (version <= (tables.brokerMove()?.version ?? 0)) return refused('older')
      const before = brokers()
      if (losesTls(asked, before)) return refused('wrong-data.brokers')
      const [first = ''] = asked
      const trouble = await deeds.tryBroker(first, id)
      if (trouble === 'closing') return null
      // The regency asked where the box can be: which step of the way failed, the box's own page says.
      const why = trouble && isAway(trouble) && trouble !== 'no-answer' ? 'offline' : trouble
      if (why) return { said: { outcome: 'failed', detail: `broker-${why}` } }
      return {
        said: { outcome: 'done', version, brokers: joinBrokers(asked, before), instead: [...configured] },
        afterwards: async () => deeds.newBrokers(),
      }
    },
    answer(said, command) {
      const taken = deeds.answerProposal(said)
      if (!taken) return refused('unknown-proposal')
      return {
        ...done(),
        alsoWrite() {
          taken.keep()
          store.write((tx) => tables.keepMessage(tx, { command, text: taken.say, from: 'Dukcapil' }))
        },
      }
    },
    claim: (data) => takeRelayed('claim', data),
    'claim-answer': (data) => takeRelayed('claim-answer', data),
    'claim-handed': (data) => takeRelayed('claim-handed', data),
    'case-state'(said, command) {
      const taken = deeds.takeCaseState(said)
      if (!taken) return refused('unknown-case')
      const { say: text, from } = taken
      return {
        ...done(),
        alsoWrite() {
          taken.keep()
          if (text !== null) store.write((tx) => tables.keepMessage(tx, { command, text, from }))
        },
      }
    },
    'case-document'(said) {
      const taken = deeds.takeCaseDocument(said)
      if (typeof taken === 'string') return refused(taken)
      return taken ? { ...done(), alsoWrite: taken.keep, afterwards: taken.afterwards } : done()
    },
    async notice(said, command) {
      const taken = await deeds.takeNotice(said)
      if (typeof taken === 'string') return refused(taken)
      if (!taken) return done()
      return {
        ...done(),
        alsoWrite() {
          taken.keep()
          store.write((tx) => tables.keepMessage(tx, { command, text: taken.say, from: said.from }))
        },
      }
    },
    restart: () => ({
      ...done(),
      async afterwards() {
        await deeds.whenSent(lastWordMs)
        if (!stopped) deeds.restart()
      },
    }),
    wipe({ order }, command) {
      const { village } = journal
      const fault = findOrderFault(order, { wipeKey, village, box, command, now: clock.read().at })
      if (fault) return refused(`wipe-${fault}`)
      return {
        ...done(),
        // Before the outcome: one that says "done" of a box that forgot it in a power cut would be a lie.
        alsoWrite: deeds.markWipe,
        async afterwards() {
          await deeds.whenSent(lastWordMs)
          if (!stopped) deeds.wipe()
          stopped = true
        },
      }
    },
  }

  async function takeRelayed<T extends RelayedType>(type: T, data: CommandData<T>): Promise<Step> {
    const taken = await deeds.takeRelayed(type, data)
    return taken ? { ...done(), alsoWrite: taken.keep } : refused('unknown-claim')
  }

  return {
    take,
    /** Addresses of brokers that count now, the preferred one first. */
    brokers,
    /** Messages that nobody has read, the oldest first. */
    messages: (): MessageView[] => tables.unread(),
    /** Somebody has read a message: it goes from every desk. Throws `commands.no-message`. */
    markRead({ command, actor, key }: Asked & { command: string }): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'commands.message-read') || tables.isRead(command)) return
        if (!tables.isThere(command))
          throw new AppError('not-found', 'commands.no-message', `There is no message ${command}.`)
        pen.append(tx, { type: 'commands.message-read', actor, key, data: { command } })
        tables.dropRead(tx)
      })
    },
    /** The box closes: nothing more begins. */
    giveUp(): void {
      stopped = true
    },
    /** Resolves when what had begun has ended. */
    async stop(): Promise<void> {
      stopped = true
      await turn
    },
    /** For tests: resolves when all that was taken is carried out. */
    settle: () => turn,
  }
}
