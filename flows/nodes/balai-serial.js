import { Problem, showProblem, showState } from './node-words.js'
import { offer, onInput, register } from './on-input.js'
import { createCutter, listPorts, openPort, parseDelimiter, parsePort } from './serial-port.js'

const againMs = 3_000
const mostBytes = 4_096

/** @param {import('./red.d.ts').Red} RED */
export default function balaiSerial(RED) {
  offer(RED, 'serial-ports', async () => (await listPorts()).map((path) => ({ value: path, label: path })))

  register(RED, 'balai serial', (node, config) => {
    const text = config.bytes !== true
    const ending = parseDelimiter(config.append)
    let stopped = false
    /** @type {NodeJS.Timeout | undefined} */
    let timer
    /** @type {import('node:tty').ReadStream | undefined} */
    let port

    const fail = (/** @type {unknown} */ problem) => {
      port = undefined
      if (stopped) return
      showProblem(RED, node, problem)
      timer = setTimeout(start, againMs)
    }
    const open = async () => {
      const settings = parsePort(config)
      const opened = await openPort(settings)
      if (stopped) return void opened.destroy()
      const gone = (/** @type {string} */ said) =>
        opened === port && fail(new Problem('serial', { path: settings.path, said }))
      opened.on('data', createCutter(parseDelimiter(config.delimiter), tell))
      opened.on('error', (error) => gone(error.message))
      opened.on('close', () => gone('EOF'))
      port = opened
      showState(RED, node, 'good', 'port', { path: settings.path, speed: settings.speed })
    }
    const start = () => {
      opening = open().catch(fail)
    }
    /** @type {Promise<void>} */
    let opening
    start()

    /** @param {Buffer} line */
    function tell(line) {
      const payload = text ? line.toString('latin1').replace(/\r$/, '') : Buffer.from(line)
      if (payload.length > 0) node.send({ topic: node.name || String(config.path), payload })
    }

    onInput(RED, node, async (message) => {
      const bytes = bytesOf(message.payload)
      await opening
      const to = port
      if (!to) throw new Problem('port-closed', { path: String(config.path) })
      await write(to, Buffer.concat([bytes, ending]))
      showState(RED, node, 'good', 'written', { count: bytes.length + ending.length })
      return null
    })

    node.on('close', (_removed, done) => {
      stopped = true
      clearTimeout(timer)
      void opening.then(() => {
        port?.destroy()
        done()
      })
    })
  })
}

/** Text goes out one byte a character; what a board speaks is older than Unicode. @param {unknown} payload */
function bytesOf(payload) {
  const bytes = Buffer.isBuffer(payload) || Array.isArray(payload) ? Buffer.from(payload) : null
  const all =
    bytes ??
    (typeof payload === 'string' || typeof payload === 'number' ? Buffer.from(String(payload), 'latin1') : null)
  if (!all || all.length > mostBytes) throw new Problem('bad-bytes', { count: mostBytes })
  return all
}

/** @param {import('node:tty').ReadStream} to @param {Buffer} bytes @returns {Promise<void>} */
const write = (to, bytes) =>
  new Promise((resolve, reject) => {
    to.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
