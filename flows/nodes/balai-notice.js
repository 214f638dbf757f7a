import { linkOf, textOf } from './box-link.js'
import { commandKey } from './command-key.js'
import { Problem, showState } from './node-words.js'
import { onInput, register } from './on-input.js'

/** @param {import('./red.d.ts').Red} RED */
export default function balaiNotice(RED) {
  register(RED, 'balai notice', (node, config) => {
    onInput(RED, node, async (message) => {
      if (typeof message.payload !== 'string') throw new Problem('no-text')
      const text = message.payload.trim()
      const until = textOf(message.until, config.until)
      if (until && !/^\d{4}-\d{2}-\d{2}$/.test(until)) throw new Problem('bad-day', { said: until })
      await linkOf(RED, config).ask('POST', '/api/flows/notice', node.id, {
        text,
        until: until || null,
        key: commandKey(node.id, message),
      })
      showState(RED, node, 'good', text ? 'noticed' : 'notice-gone')
      return message
    })
  })
}
