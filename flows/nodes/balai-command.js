import { linkOf, textOf } from './box-link.js'
import { commandKey } from './command-key.js'
import { Problem, showState } from './node-words.js'
import { onInput, register } from './on-input.js'

const commands = ['next', 'recall', 'start', 'done', 'no-show', 'pause', 'resume']

/** @param {import('./red.d.ts').Red} RED */
export default function balaiCommand(RED) {
  register(RED, 'balai command', (node, config) => {
    onInput(RED, node, async (message) => {
      const what = textOf(message.do, config.do)
      if (!commands.includes(what)) throw new Problem('unknown-command', { said: what, known: commands.join(', ') })
      const counter = textOf(message.counter, config.counter)
      if (!counter) throw new Problem('no-counter')
      const result = textOf(message.result, config.result)
      const minutes = textOf(message.minutes, config.minutes)
      const answer = await linkOf(RED, config).ask('POST', '/api/flows/commands', node.id, {
        do: what,
        counter,
        ...(what === 'done' && result ? { result } : {}),
        ...(what === 'pause' && minutes ? { until: Date.now() + parseMinutes(minutes) * 60_000 } : {}),
        key: commandKey(node.id, message),
      })
      showState(RED, node, 'good', 'commanded', { counter, number: answer.number ?? what })
      return { ...message, payload: answer }
    })
  })
}

/** @param {string} said */
function parseMinutes(said) {
  const minutes = Number(said)
  if (!(minutes >= 1 && minutes <= 480)) throw new Problem('bad-minutes', { said })
  return Math.round(minutes)
}
