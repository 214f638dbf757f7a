import { linkOf, textOf } from './box-link.js'
import { Problem, showState } from './node-words.js'
import { onInput, register } from './on-input.js'

/** @param {import('./red.d.ts').Red} RED */
export default function balaiDataset(RED) {
  register(RED, 'balai dataset', (node, config) => {
    onInput(RED, node, async (message) => {
      const name = textOf(message.dataset, config.dataset)
      if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) throw new Problem('bad-dataset', { said: name })
      const { content, ...about } = await linkOf(RED, config).ask('GET', `/api/flows/datasets/${name}`, node.id)
      showState(RED, node, 'good', 'dataset', { name, version: about.version })
      return { ...message, payload: content, dataset: about }
    })
  })
}
