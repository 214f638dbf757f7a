import { createDebounce } from './debounce.js'
import { leaveAt, parseLine, readVersion, startHold, startMonitor } from './gpio-tools.js'
import { Problem, showProblem, showState } from './node-words.js'
import { onInput, register } from './on-input.js'

const againMs = 5_000
const usualDebounceMs = 30

/** @param {import('./red.d.ts').Red} RED */
export default function balaiGpio(RED) {
  register(RED, 'balai gpio', (node, config) =>
    config.mode === 'out' ? startOut(RED, node, config) : startIn(RED, node, config),
  )
}

/**
 * Tells presses and releases. A monitor that ends (chip unplugged, line taken by another program) starts again.
 * @param {import('./red.d.ts').Red} RED @param {import('./red.d.ts').RedNode} node @param {import('./red.d.ts').Config} config
 */
function startIn(RED, node, config) {
  let stopped = false
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  /** @type {ReturnType<typeof startMonitor> | undefined} */
  let monitor
  const wanted = config.edges === 'both' ? [0, 1] : [config.edges === 'release' ? 0 : 1]
  const debounce = createDebounce(Number(config.debounce ?? usualDebounceMs), (/** @type {0 | 1} */ level) => {
    showState(RED, node, 'good', level ? 'pressed' : 'released')
    if (wanted.includes(level)) node.send({ topic: node.name || `gpio${config.line}`, payload: level })
  })

  const fail = (/** @type {unknown} */ problem) => {
    if (stopped) return
    showProblem(RED, node, problem)
    timer = setTimeout(start, againMs)
  }
  const open = async () => {
    const line = parseLine(config)
    const version = await readVersion('gpiomon')
    if (stopped) return
    monitor = startMonitor(version, line, {
      onEdge: debounce.take,
      onEnd: (said) => fail(new Problem('gpio', { said })),
    })
    showState(RED, node, 'good', 'listening', { line: line.line })
  }
  const start = () => {
    starting = open().catch(fail)
  }
  /** @type {Promise<void>} */
  let starting
  start()

  node.on('close', (_removed, done) => {
    stopped = true
    clearTimeout(timer)
    debounce.stop()
    void starting.then(() => monitor?.stop()).then(() => done())
  })
}

/**
 * Holds a line at what the last message said; `msg.pulse` (ms) and `msg.times` make it blink and then rest again.
 * @param {import('./red.d.ts').Red} RED @param {import('./red.d.ts').RedNode} node @param {import('./red.d.ts').Config} config
 */
function startOut(RED, node, config) {
  /** @type {ReturnType<typeof startHold> | undefined} */
  let hold
  /** @type {1 | 2 | undefined} */
  let version
  let turn = 0
  /** @type {(() => void) | undefined} */
  let wake

  /** @type {0 | 1 | undefined} */
  let held
  /** A line that stands there already is not let go for it. @param {0 | 1} value */
  const set = async (value) => {
    version ??= await readVersion('gpioset')
    if (hold && held === value) return
    await hold?.stop()
    held = value
    hold = startHold(version, parseLine(config), value, (said) => {
      showProblem(RED, node, new Problem('gpio', { said }))
      hold = undefined
    })
    showState(RED, node, 'good', value ? 'on' : 'off')
  }

  /** @param {number} mine @param {number} pulseMs @param {number} times */
  const blink = async (mine, pulseMs, times) => {
    for (let beat = 0; beat < times * 2; beat += 1) {
      if (mine !== turn) return
      await set(beat % 2 === 0 ? 1 : 0)
      if (beat < times * 2 - 1) await pause(pulseMs)
    }
  }
  /** Ends early when another message comes. @param {number} ms @returns {Promise<void>} */
  const pause = (ms) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  /** @type {Promise<unknown>} */
  let blinking = Promise.resolve()
  const interrupt = async () => {
    turn += 1
    wake?.()
    await blinking
  }

  onInput(RED, node, async (message) => {
    const value = parseValue(message.payload)
    const pulseMs = parsePulse(message.pulse ?? config.pulse)
    const times = Math.min(20, Math.max(1, Math.round(Number(message.times ?? config.times) || 1)))
    parseLine(config)
    await interrupt()
    if (value === 0 || pulseMs === 0) await set(value)
    else blinking = blink(turn, pulseMs, times).catch((error) => void showProblem(RED, node, error))
    return message
  })

  node.on('close', (_removed, done) => {
    void interrupt()
      .then(() => hold?.stop())
      .then(() => (version ? leaveAt(version, parseLine(config), 0) : undefined))
      .then(() => done())
  })
}

/** @param {unknown} said @returns {0 | 1} */
function parseValue(said) {
  if (said === true || said === 1 || said === '1' || said === 'on') return 1
  if (said === false || said === 0 || said === '0' || said === 'off') return 0
  throw new Problem('bad-level', { said: String(said) })
}

/** @param {unknown} said @returns {number} ms; 0: stays */
function parsePulse(said) {
  const ms = Number(said || 0)
  if (!Number.isFinite(ms) || ms < 0 || ms > 60_000) throw new Problem('bad-pulse', { said: String(said) })
  return ms > 0 ? Math.max(50, ms) : 0
}
