import { Problem, showState } from './node-words.js'
import { onInput, register } from './on-input.js'

/** @param {import('./red.d.ts').Red} RED */
export default function balaiDone(RED) {
  register(RED, 'balai done', (node) => {
    onInput(RED, node, async ({ balai }) => {
      if (!isPlace(balai)) throw new Problem('no-entry')
      const reader = /** @type {{ entryDone?: (n: number) => boolean } | null} */ (RED.nodes.getNode(balai.reader))
      if (!reader?.entryDone) throw new Problem('no-entry')
      showState(RED, node, 'good', reader.entryDone(balai.n) ? 'done' : 'late')
      return null
    })
  })
}

/** @param {unknown} value @returns {value is { reader: string, n: number }} */
const isPlace = (value) =>
  value !== null && typeof value === 'object' && 'reader' in value && 'n' in value && typeof value.n === 'number'
