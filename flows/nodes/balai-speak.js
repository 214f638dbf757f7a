import { linkOf, textOf } from './box-link.js'
import { commandKey } from './command-key.js'
import { Problem, showState } from './node-words.js'
import { onInput, register } from './on-input.js'

/** @param {import('./red.d.ts').Red} RED */
export default function balaiSpeak(RED) {
  register(RED, 'balai speak', (node, config) => {
    onInput(RED, node, async (message) => {
      const number = textOf(message.number, typeof message.payload === 'string' ? message.payload : '').toUpperCase()
      if (!/^[A-Z]?\d{1,3}$/.test(number)) throw new Problem('bad-number', { said: number })
      const counter = textOf(message.counter, config.counter)
      if (!counter) throw new Problem('no-counter')
      const key = commandKey(node.id, message)
      await linkOf(RED, config).ask('POST', '/api/flows/speak', node.id, { number, counter, key })
      showState(RED, node, 'good', 'spoken', { number, counter })
      return message
    })
  })
}
