import { linkOf } from './box-link.js'
import { startEntryStream } from './entry-stream.js'
import { createHold, patienceMs } from './hold.js'
import { say, showProblem, showState } from './node-words.js'
import { register } from './on-input.js'

/** @param {import('./red.d.ts').Red} RED */
export default function balaiEntries(RED) {
  register(RED, 'balai entries', (node, config) => {
    const held = createHold()
    Object.assign(node, { entryDone: held.release })
    const stream = open()
    node.on('close', (_removed, done) => {
      held.release()
      if (stream) void stream.stop().then(done)
      else done()
    })

    function open() {
      try {
        return startEntryStream({
          link: linkOf(RED, config),
          reader: node.id,
          types: typesOf(config.types),
          take,
          onOpen: (moved) => {
            if (moved) node.warn(say(RED, 'problem.other-journal'))
            showState(RED, node, moved ? 'attention' : 'good', moved ? 'moved' : 'connected')
          },
          onTrouble: (error) => void showProblem(RED, node, error),
        })
      } catch (error) {
        node.error(showProblem(RED, node, error))
        return null
      }
    }

    /** @param {import('./entry-stream.js').Entry} entry @param {number} n */
    async function take(entry, n) {
      const patience = config.wait ? held.until(n, patienceMs) : null
      node.send({ topic: entry.type, payload: entry.data, entry, balai: { reader: node.id, n } })
      showState(RED, node, 'good', patience ? 'waits' : 'entry', { type: entry.type })
      if (!patience) return
      const inTime = await patience
      showState(RED, node, inTime ? 'good' : 'attention', inTime ? 'entry' : 'not-done', { type: entry.type })
    }
  })
}

/** `queue.ticket-called, queue.ticket-recalled`, on one line or several. @param {unknown} said */
const typesOf = (said) =>
  String(said ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)
    .join(',')
