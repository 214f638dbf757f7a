import { linkOf, textOf } from './box-link.js'
import { commandKey } from './command-key.js'
import { Problem, showState } from './node-words.js'
import { onInput, register } from './on-input.js'

const looks = /** @type {const} */ ({ printed: 'good', waiting: 'waiting', failed: 'bad' })
const mostLines = 60

/** @param {import('./red.d.ts').Red} RED */
export default function balaiPrint(RED) {
  register(RED, 'balai print', (node, config) => {
    onInput(RED, node, async (message) => {
      const printer = textOf(message.printer, config.printer)
      const answer = await linkOf(RED, config).ask('POST', '/api/flows/print', node.id, {
        ...(printer ? { printer } : {}),
        lines: linesOf(message.payload, config),
        cut: message.cut === undefined ? config.cut !== false : message.cut === true,
        key: commandKey(node.id, message),
      })
      const state = answer.printed === 'waiting' || answer.printed === 'failed' ? answer.printed : 'printed'
      showState(RED, node, looks[state], state)
      return { ...message, payload: answer }
    })
  })
}

/** A text with line breaks, or a list of texts and `{text, bold, size, align}`. @param {unknown} payload @param {import('./red.d.ts').Config} config */
function linesOf(payload, config) {
  const said = typeof payload === 'string' || typeof payload === 'number' ? String(payload).split(/\r?\n/) : payload
  if (!Array.isArray(said) || said.length === 0) throw new Problem('no-lines')
  if (said.length > mostLines) throw new Problem('too-many-lines', { count: mostLines })
  const usual = {
    ...(config.bold ? { bold: true } : {}),
    ...(config.size ? { size: Number(config.size) } : {}),
    ...(config.align ? { align: config.align } : {}),
  }
  return said.map((line) => {
    if (typeof line === 'string' || typeof line === 'number') return { ...usual, text: String(line) }
    if (line && typeof line === 'object' && typeof line.text === 'string') return { ...usual, ...line }
    throw new Problem('bad-line', { line: JSON.stringify(line) ?? String(line) })
  })
}
