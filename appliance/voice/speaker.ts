import { spawn } from 'node:child_process'
import { type Announcing, type Call, drop, finish, hear, silent, speakNext } from './announcer.ts'
import { createPlayable, resolveClip } from './clip-files.ts'
import { type NumberStyle, sentence } from './sentence.ts'

export type Speaker = ReturnType<typeof createSpeaker>

/**
 * `unknown`: nothing was played yet. `missing`: the program is not installed. `failing`: it is, but the sound device
 * refuses; `reason` is the program's last words. `sinceMs` is monotonic.
 */
export type SpeakerState = {
  state: 'unknown' | 'ready' | 'missing' | 'failing'
  sinceMs: number
  reason: string | null
}

type Options = {
  /** The player: `mpg123`, or another program with its options. */
  program?: string
  /** A call takes five to eight seconds; a device that holds the player longer is stuck. 20 s if not given. */
  longestCallMs?: number
  /** The folder of this office's own recordings, or null. */
  recordedFolder: string | null
  /** Read before each call: how numbers are read, and how loud, 0 to 100; at 0 nothing is played. */
  readSettings: () => { style: NumberStyle; volumePercent: number }
  onChange: (state: SpeakerState) => void
  monotonicMs: () => number
}

/** The output is named: left to itself, mpg123 tries every driver that it has, and hangs in one of them for minutes. */
const output = ['-q', '-o', 'alsa']
/** mpg123's `-f` counts amplitude in 1/32768. */
const fullScale = 32_768

/** Speaks calls at the box's own sound output, one after another. Nothing here throws: what fails is a state. */
export function createSpeaker(options: Options) {
  const { program = 'mpg123', longestCallMs = 20_000, recordedFolder, readSettings, onChange, monotonicMs } = options
  const playable = createPlayable()
  let announcing: Announcing = silent
  let state: SpeakerState = { state: 'unknown', sinceMs: monotonicMs(), reason: null }
  let playing: Promise<void> | null = null
  let stopped = false
  const stopping = new AbortController()

  function report(next: SpeakerState['state'], reason: string | null): void {
    if (next === state.state && reason === state.reason) return
    const sinceMs = next === state.state ? state.sinceMs : monotonicMs()
    state = { state: next, sinceMs, reason }
    onChange(state)
  }

  async function play({ number, counter }: Call): Promise<void> {
    const { style, volumePercent } = readSettings()
    if (volumePercent <= 0) return
    const files = sentence({ number, counter, style }).flatMap((clip) => {
      const file = resolveClip(clip, recordedFolder)
      return file ? playable(file) : []
    })
    const scale = String(Math.round((fullScale * Math.min(100, volumePercent)) / 100))
    const ended = await run(program, [...output, '-f', scale, ...files], stopping.signal, longestCallMs)
    if (!stopped) report(ended.state, ended.reason)
  }

  /** Speaks what is due, to the end of the line. */
  async function speak(): Promise<void> {
    while (!stopped) {
      const next = speakNext(announcing, monotonicMs())
      announcing = next.state
      if (!next.speak) return
      try {
        await play(next.speak)
      } catch (error) {
        report('failing', String(error))
      }
      announcing = finish(announcing)
    }
  }

  function begin(): void {
    playing ??= speak().finally(() => {
      playing = null
    })
  }

  return {
    state: () => state,

    /** Takes the display view's calls, newest first, each time the view changes. */
    hear(calls: readonly Call[]): void {
      announcing = hear(announcing, calls, monotonicMs())
      begin()
    },

    /** Takes a call back that has not begun; one that has is spoken to its end. */
    drop(call: string): void {
      announcing = drop(announcing, call)
    },

    async stop(): Promise<void> {
      stopped = true
      stopping.abort()
      await playing
    },
  }
}

type Ended = { state: 'ready' | 'missing' | 'failing'; reason: string | null }

/** Runs the player to its end, and says how it went. */
function run(program: string, args: readonly string[], stopping: AbortSignal, limitMs: number): Promise<Ended> {
  return new Promise((resolve) => {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(limitMs)])
    const player = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], signal, killSignal: 'SIGKILL' })
    let words = ''
    player.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-300)
    })
    player.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT'
      const stuck = error.name === 'AbortError' ? `${program} did not end within ${limitMs / 1_000} s.` : null
      resolve({ state: missing ? 'missing' : 'failing', reason: stuck ?? error.message })
    })
    player.on('close', (code) => {
      if (code === 0) resolve({ state: 'ready', reason: null })
      else resolve({ state: 'failing', reason: words.trim() || `${program} ended with ${code}.` })
    })
  })
}
