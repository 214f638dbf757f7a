import { linkOf, textOf } from './box-link.js'
import { Problem, showProblem, showState } from './node-words.js'
import { onInput, register } from './on-input.js'

/** @typedef {{ code: string, since: number, severity: string, details: Record<string, string | number> }} Alarm */

const leastSeconds = 10
const usualSeconds = 60

/** @param {import('./red.d.ts').Red} RED */
export default function balaiHealth(RED) {
  register(RED, 'balai health', (node, config) => {
    const ask = () => linkOf(RED, config).ask('GET', '/api/flows/health', node.id)
    onInput(RED, node, workOf(config.mode))

    /** @param {unknown} mode */
    function workOf(mode) {
      if (mode === 'watch') return startWatch()
      return mode === 'reading' ? tell : answer
    }

    /** @param {import('./red.d.ts').Message} message */
    async function answer(message) {
      const health = await ask()
      showState(RED, node, alarmsOf(health).length ? 'attention' : 'good', 'alarms', { count: alarmsOf(health).length })
      return { ...message, payload: health }
    }

    /** @param {import('./red.d.ts').Message} message */
    async function tell(message) {
      const name = textOf(message.reading, config.reading)
      if (!name) throw new Problem('no-reading')
      const value = Number(message.payload)
      if (message.payload === null || message.payload === '' || !Number.isFinite(value))
        throw new Problem('bad-value', { said: String(message.payload) })
      const unit = textOf(message.unit, config.unit)
      const path = `/api/flows/readings/${encodeURIComponent(name)}`
      await linkOf(RED, config).ask('PUT', path, node.id, { value, ...(unit ? { unit } : {}) })
      showState(RED, node, 'good', 'reading', { name, value })
      return message
    }

    /**
     * A message when an alarm begins, another when it is over; those that stand at the start begin then. Whatever comes in
     * makes it look at once.
     */
    function startWatch() {
      /** @type {Map<string, Alarm>} */
      let known = new Map()
      let stopped = false
      const lookOnce = async () => {
        const health = await ask()
        if (stopped) return null
        const now = new Map(alarmsOf(health).map((alarm) => [alarm.code, alarm]))
        for (const alarm of now.values()) if (!known.has(alarm.code)) node.send(messageOf(alarm, 'begun', now.size))
        for (const alarm of known.values()) if (!now.has(alarm.code)) node.send(messageOf(alarm, 'over', now.size))
        known = now
        showState(RED, node, now.size ? 'attention' : 'good', 'alarms', { count: now.size })
        return null
      }
      /** @type {Promise<null>} */
      let last = Promise.resolve(null)
      // Two looks at once would tell the same twice.
      const look = () => {
        last = last.then(lookOnce, lookOnce)
        return last
      }
      const lookAgain = async () => {
        await look().catch((error) => !stopped && showProblem(RED, node, error))
        if (!stopped) timer = setTimeout(() => void lookAgain(), everyMs)
      }
      const everyMs = Math.max(leastSeconds, Number(config.every) || usualSeconds) * 1_000
      /** @type {NodeJS.Timeout | undefined} */
      let timer
      void lookAgain()
      node.on('close', (_removed, done) => {
        stopped = true
        clearTimeout(timer)
        done()
      })
      return look
    }
  })
}

/** @param {Record<string, unknown>} health @returns {Alarm[]} */
const alarmsOf = ({ alarms }) => (Array.isArray(alarms) ? alarms : [])

/** @param {Alarm} alarm @param {'begun' | 'over'} state @param {number} standing how many stand now */
const messageOf = (alarm, state, standing) => ({ topic: alarm.code, state, standing, payload: alarm })
