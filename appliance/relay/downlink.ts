import type { FastifyBaseLogger } from 'fastify'
import { unpackFrame } from '../wire/frame.ts'
import { type Command, type DatasetChunk, type FileChunk, limits, type Manifest, validators } from '../wire/messages.ts'
import type { Input, SenderState } from './sender-state.ts'

/** Who fetches the regency's datasets; the questions travel over the relay's line. */
export type DatasetFetcher = {
  /** Answers whether there is something to ask for. */
  takeManifest(manifest: Manifest): boolean
  /** Answers whether there is more to ask for. */
  takeChunk(chunk: DatasetChunk): boolean
  /** The question that is due in this session, or null. */
  due(session: string): Buffer | null
}

/** Who fetches files that a dataset names. */
export type FileFetcher = {
  /** Answers whether there is more to ask for. */
  takeChunk(chunk: FileChunk): boolean
  /** The question that is due in this session, or null. */
  due(session: string): Buffer | null
}

type Parts = {
  log: Pick<FastifyBaseLogger, 'warn'>
  /** Null: none are fetched. */
  datasets: DatasetFetcher | null
  files: FileFetcher | null
  /** What the regency asks of this box; not before the history that this session's hello asked for is in (SYNC-018). */
  onCommand: (command: Command) => void
  state: () => SenderState
  hasHistory: () => boolean
  publishWant: (question: Buffer) => void
  /** Once, unless the line was given up for good meanwhile. */
  after: (ms: number, work: () => void) => void
}

/** More commands than this wait for no history: the hub sends them again after the next hello. */
const mostEarly = 100

/** What the hub sends behind the answer to a hello is here by then. */
export const settleMs = 10_000

/** What comes down besides answers and history: handed on to its rooms when the session is far enough. */
export function createDownlink({ log, datasets, files, onCommand, state, hasHistory, publishWant, after }: Parts) {
  /** Commands that wait for this session's first answer or its history. */
  let early: Command[] = []
  /** Whether a hello of this session was answered; `settling`: some commands came before that. */
  let greeted: 'no' | 'settling' | 'yes' = 'no'
  let sessions = 0

  /** SYNC-012: a box that another one has replaced fetches nothing. Files, which are large, wait for the datasets. */
  function askForMore(): void {
    const { session, ready, isOwner } = state()
    const question = session && ready && isOwner ? (datasets?.due(session) ?? files?.due(session)) : null
    if (question) publishWant(question)
  }

  /**
   * SYNC-018: the box may have subscribed amid what the hub sent. Behind its answer the hub sends all that is open; no
   * broker promises that the answer comes first.
   */
  function greet(): void {
    if (greeted !== 'no' || !state().ready) return
    greeted = early.length === 0 ? 'yes' : 'settling'
    const session = sessions
    if (greeted === 'settling')
      after(settleMs, () => {
        if (session !== sessions) return
        greeted = 'yes'
        obey()
      })
  }

  /** SYNC-018: its outcome may be in the history that this session asked for. */
  function obey(): void {
    if (early.length === 0 || greeted !== 'yes' || state().isOwner !== true || !hasHistory()) return
    const commands = early
    early = []
    for (const command of commands) onCommand(command)
  }

  return {
    askForMore,
    /** After each input that the sender took. */
    noteStep({ kind }: Input): void {
      if (kind === 'connected') {
        early = [] // what came in the session before is sent again
        greeted = 'no'
        sessions++
      }
      if (kind === 'hello-ack') {
        greet()
        askForMore()
      }
      obey()
    },
    takeChunk(chunk: DatasetChunk): void {
      if (datasets?.takeChunk(chunk)) askForMore()
    },
    takeFileChunk(chunk: FileChunk): void {
      if (files?.takeChunk(chunk)) askForMore()
    },
    /** What came on `data`. Throws for what is no list of datasets. */
    readManifest(payload: Buffer): void {
      const message = unpackFrame(payload)
      if (!validators.manifest.Check(message)) throw new TypeError('No list of datasets.')
      if (datasets?.takeManifest(message)) askForMore()
    },
    /** What came on `command`. Throws for what is none. */
    readCommand(payload: Buffer, retained: boolean): void {
      const message = unpackFrame(payload, limits.commandBytes)
      if (!validators.command.Check(message)) throw new TypeError('No command.')
      if (retained) {
        log.warn({ id: message.id }, 'a command that the broker had in store is not carried out')
        return
      }
      // One that comes again takes its later place: the hub sends them in order each time.
      early = early.filter(({ id }) => id !== message.id)
      if (early.length < mostEarly) early.push(message)
      obey()
    },
  }
}
