import type { FastifyBaseLogger, FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Alarms } from '../base/alarms.ts'
import { closedType, nullable } from '../base/schemas.ts'
import { type Care, noteEnd, soundMs, untroubled } from './host-care.ts'
import { jsonLine, openLines } from './json-lines.ts'
import type { Versions } from './versions.ts'
import type { FlowsState } from './views.ts'

/** What the host of the flows says of itself, each ten seconds and when something changes. */
export const HostBeat = closedType({
  state: Type.Union([
    Type.Literal('starting'),
    Type.Literal('running'),
    Type.Literal('stopped', { description: 'By a person, or since a type is missing' }),
  ]),
  rssMb: Type.Integer({ minimum: 0 }),
  missing: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 }),
  error: nullable(Type.String({ maxLength: 300 })),
  types: Type.Optional(
    Type.Array(Type.String({ maxLength: 100 }), { maxItems: 500, description: 'All that it knows' }),
  ),
})
export type HostBeat = Static<typeof HostBeat>

/** Why the last process ended, as its guard wrote it down. */
export type Ended = NonNullable<FlowsState['lastEnd']>['why']

export type HostState = Omit<FlowsState, 'whyOff' | 'walls' | 'memoryWall' | 'readings'>

type Parts = {
  versions: Versions
  alarms: Alarms
  log: Pick<FastifyBaseLogger, 'warn' | 'info'>
  monotonicMs: () => number
  now: () => number
  isOn: boolean
  onChange: () => void
}

/** A flow process needs some seconds to begin; one that is away for longer is missed. */
const missedMs = 60_000
const watchMs = 10_000

export type HostLine = ReturnType<typeof createHostLine>

/**
 * The box's side of the process that runs the flows. It begins with a request that stays open: what it shall run comes
 * down that line, and the end of the line is the end of the process, however it ended.
 */
export function createHostLine({ versions, alarms, log, monotonicMs, now, isOn, onChange }: Parts) {
  let care: Care = untroubled
  /** `versionMs`: since when it runs the version that counts. */
  let line: { raw: FastifyReply['raw']; startedMs: number; versionMs: number } | null = null
  let beat: HostBeat | null = null
  let goneMs = monotonicMs()
  let lastEnd: HostState['lastEnd'] = null
  let types: ReadonlySet<string> | null = null
  let isAsked = false
  const watching = setInterval(watch, watchMs)
  watching.unref()

  function watch(): void {
    const current = versions.current()
    if (line && beat?.state === 'running' && monotonicMs() - line.versionMs >= soundMs) {
      if (current.ran === 0) versions.noteRan(current.version)
      care = untroubled
    }
    const gone = isOn && line === null && monotonicMs() - goneMs >= missedMs
    alarms.set('automation.gone', gone, 'warning')
    alarms.set('automation.safe-mode', isOn && versions.isSafeMode())
    alarms.set('automation.fell-back', isOn && current.origin === 'fell-back', 'warning')
    const missing = beat?.missing ?? []
    alarms.set('automation.missing-types', isOn && missing.length > 0, 'warning', { types: missing.join(', ') })
  }

  /** The process has begun: `raw` is its line. */
  function attach(reply: FastifyReply, begin: (isSafe: boolean) => object, why: Ended): void {
    // Two of them would write over each other: the newest counts, and the older one ends with its line.
    const before = line
    line = null
    before?.raw.destroy()
    if (lastEnd && why) lastEnd = { ...lastEnd, why }
    const raw = openLines(reply)
    const startedMs = monotonicMs()
    const mine = { raw, startedMs, versionMs: startedMs }
    line = mine
    beat = null
    send(begin(versions.isSafeMode()))
    raw.once('close', () => {
      if (line === mine) detach(startedMs)
    })
    changed()
  }

  function detach(startedMs: number): void {
    line = null
    beat = null
    goneMs = monotonicMs()
    lastEnd = { at: now(), why: null }
    if (isAsked) {
      isAsked = false
      changed()
      return
    }
    const { version } = versions.current()
    const sound = versions.soundBefore(version)
    const ranMs = monotonicMs() - startedMs
    const { care: after, next } = noteEnd(care, ranMs, sound !== null)
    care = after
    log.warn({ version, ranMs, next }, 'the flows have ended')
    if (!versions.isSafeMode()) {
      if (next === 'fall-back' && sound)
        versions.save({ ...versions.content(sound.version), author: 'box', origin: 'fell-back', of: sound.version })
      if (next === 'safe-mode') versions.beginSafeMode(version)
    }
    changed()
  }

  const send = (message: object) => line?.raw.write(jsonLine(message))

  function changed(): void {
    watch()
    onChange()
  }

  return {
    attach,
    send,

    /** Another version counts now; `reload`: the process has to read it, since it came from elsewhere. */
    noteVersion({ reload }: { reload: boolean }): void {
      care = untroubled
      if (line) line.versionMs = monotonicMs()
      if (reload) send({ reload: true })
      changed()
    },

    /** Ends the process, which is started anew; that end counts against no version. */
    restart(): void {
      isAsked = line !== null
      send({ restart: true })
    },

    takeBeat(next: HostBeat): void {
      const isOther = beat?.state !== next.state || beat.error !== next.error
      beat = next
      if (next.types) types = new Set(next.types)
      if (isOther) changed()
    },

    /** Types of nodes that can run here; null: not known yet. */
    types: () => types,

    view(): HostState {
      const state = !isOn ? 'off' : !line ? 'gone' : versions.isSafeMode() ? 'safe-mode' : (beat?.state ?? 'starting')
      return {
        state,
        sinceMs: Math.round(monotonicMs() - (line?.startedMs ?? goneMs)),
        rssMb: beat?.rssMb ?? null,
        missing: beat?.missing ?? [],
        error: beat?.error ?? null,
        lastEnd,
      }
    },

    stop(): void {
      clearInterval(watching)
      const before = line
      line = null
      before?.raw.destroy()
    },
  }
}
