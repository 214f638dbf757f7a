import { linkOf } from './box-link.js'
import { showState } from './node-words.js'
import { onInput, register } from './on-input.js'

/** @param {import('./red.d.ts').Red} RED */
export default function balaiOffice(RED) {
  register(RED, 'balai office', (node, config) => {
    onInput(RED, node, async (message) => {
      const office = await linkOf(RED, config).ask('GET', '/api/flows/office', node.id)
      showState(RED, node, 'good', office.open ? 'office-open' : 'office-shut')
      return { ...message, payload: office }
    })
  })
}
