import { Problem, showProblem } from './node-words.js'

const mostWaiting = 100

/**
 * Takes messages one after the other, in their order: "done" must not overtake "next". What `work` answers is sent on;
 * what it throws is shown and handed to the flow’s catch node. `done` is called in every case, once.
 * @param {import('./red.d.ts').Red} RED @param {import('./red.d.ts').RedNode} node
 * @param {(message: import('./red.d.ts').Message) => Promise<import('./red.d.ts').Message | null>} work
 */
export function onInput(RED, node, work) {
  let waiting = 0
  /** @type {Promise<void>} */
  let last = Promise.resolve()

  /** @param {import('./red.d.ts').Message} message @param {import('./red.d.ts').Send} send @param {import('./red.d.ts').Done} done */
  const take = async (message, send, done) => {
    try {
      const answer = await work(message)
      if (answer) send(answer)
    } catch (error) {
      return done(new Error(showProblem(RED, node, error), { cause: error }))
    } finally {
      waiting -= 1
    }
    done()
  }

  node.on('input', (message, send, done) => {
    if (waiting >= mostWaiting)
      return done(new Error(showProblem(RED, node, new Problem('too-many', { count: mostWaiting }))))
    waiting += 1
    last = last.then(() => take(message, send, done))
  })
}

/**
 * Registers a type: makes the node, then lets `start` work with it.
 * @param {import('./red.d.ts').Red} RED @param {string} type
 * @param {(node: import('./red.d.ts').RedNode, config: import('./red.d.ts').Config) => void} start
 * @param {Parameters<import('./red.d.ts').Red['nodes']['registerType']>[2]} [options]
 */
export function register(RED, type, start, options) {
  RED.nodes.registerType(
    type,
    function create(config) {
      RED.nodes.createNode(this, config)
      start(this, config)
    },
    options,
  )
}

/**
 * What a dialog offers to choose from: `<editor>/balai/<name>`, for whoever may see flows.
 * @param {import('./red.d.ts').Red} RED @param {string} name
 * @param {() => Promise<readonly { value: string, label: string }[]>} find
 */
export function offer(RED, name, find) {
  RED.httpAdmin.get(`/balai/${name}`, RED.auth.needsPermission('flows.read'), (_request, reply) => {
    find().then(
      (found) => reply.json(found),
      () => reply.json([]),
    )
  })
}
