import { linkOf } from './box-link.js'
import { commandKey } from './command-key.js'
import { Problem, showState } from './node-words.js'
import { onInput, register } from './on-input.js'

/** @param {import('./red.d.ts').Red} RED */
export default function balaiSummary(RED) {
  register(RED, 'balai summary', (node, config) => {
    onInput(RED, node, async (message) => {
      if (typeof message.payload !== 'string' || !message.payload.trim()) throw new Problem('no-text')
      const key = commandKey(node.id, message)
      await linkOf(RED, config).ask('POST', '/api/flows/summary', node.id, { text: message.payload.trim(), key })
      showState(RED, node, 'good', 'summarised')
      return message
    })
  })
}
