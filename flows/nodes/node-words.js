import { LinkError } from './link.js'

/* What nodes say: below themselves in the editor, and to a catch node. The sentences stand in balai-box.json. */

/** What is wrong with a message or a setting: a key below `problem` and what fills its sentence. */
export class Problem extends Error {
  /** @param {string} key @param {Record<string, unknown>} [values] */
  constructor(key, values = {}) {
    super(key)
    this.name = 'Problem'
    this.key = key
    this.values = values
  }
}

/** @param {import('./red.d.ts').Red} RED @param {string} key @param {Record<string, unknown>} [values] */
export const say = (RED, key, values) => RED._(`@balai/node-red-balai/balai-box:${key}`, values)

/** @param {import('./red.d.ts').Red} RED @param {unknown} error @returns {string} */
export function sayProblem(RED, error) {
  if (error instanceof Problem) return say(RED, `problem.${error.key}`, error.values)
  if (!(error instanceof LinkError)) return error instanceof Error ? error.message : String(error)
  if (error.message && error.status > 0) return error.message
  const own = ['not-https', 'other-certificate', 'not-json', 'too-long'].includes(error.code)
  if (own) return say(RED, `problem.${error.code}`)
  return say(RED, error.status > 0 ? 'problem.refused' : 'problem.offline', { reason: error.status || error.code })
}

/** By the clock and zone of this machine: 09.42. */
export const timeNow = () => new Intl.DateTimeFormat('id', { hour: '2-digit', minute: '2-digit' }).format(new Date())

const looks = /** @type {const} */ ({
  good: { fill: 'green', shape: 'dot' },
  waiting: { fill: 'yellow', shape: 'ring' },
  attention: { fill: 'yellow', shape: 'dot' },
  bad: { fill: 'red', shape: 'ring' },
})

/**
 * Shows a state below the node, with the time since when it stands.
 * @param {import('./red.d.ts').Red} RED @param {import('./red.d.ts').RedNode} node
 * @param {keyof typeof looks} look @param {string} key below `status` @param {Record<string, unknown>} [values]
 */
export const showState = (RED, node, look, key, values) =>
  node.status({ ...looks[look], text: say(RED, `status.${key}`, { ...values, time: timeNow() }) })

/**
 * @param {import('./red.d.ts').Red} RED @param {import('./red.d.ts').RedNode} node @param {unknown} error
 * @returns {string} the sentence
 */
export function showProblem(RED, node, error) {
  const text = sayProblem(RED, error)
  node.status({ ...looks.bad, text: say(RED, 'status.problem', { problem: text, time: timeNow() }) })
  return text
}
