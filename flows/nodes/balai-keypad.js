import { join } from 'node:path'
import { createKeyReader } from './evdev.js'
import { listKeypads, pickKeypad } from './find-keypad.js'
import { Problem, say, showProblem, showState } from './node-words.js'
import { offer, register } from './on-input.js'
import { startProgram } from './program.js'

const againMs = 3_000
const usualDebounceMs = 80

/** @param {import('./red.d.ts').Red} RED */
export default function balaiKeypad(RED) {
  const { input = '/dev/input', inputClass = '/sys/class/input' } = RED.settings.balaiDevices ?? {}
  offer(RED, 'keypads', async () =>
    (await listKeypads(inputClass)).map(({ name, port }) => ({ value: name, label: `${name} (${port})` })),
  )

  register(RED, 'balai keypad', (node, config) => {
    const wanted = { name: String(config.device ?? '').trim(), port: String(config.port ?? '').trim() }
    const debounceMs = Number(config.debounce ?? usualDebounceMs)
    let stopped = false
    let last = { key: '', at: 0 }
    /** @type {NodeJS.Timeout | undefined} */
    let timer
    /** @type {ReturnType<typeof startProgram> | undefined} */
    let reading

    const press = (/** @type {string} */ key, /** @type {number} */ code) => {
      const at = performance.now()
      const bounced = key === last.key && at - last.at < debounceMs
      last = { key, at }
      if (bounced) return
      showState(RED, node, 'good', 'key', { key })
      node.send({ topic: node.name || wanted.name || 'keypad', payload: key, code })
    }

    const fail = (/** @type {unknown} */ problem) => {
      if (stopped) return
      showProblem(RED, node, problem)
      timer = setTimeout(start, againMs)
    }
    const open = async () => {
      const all = await listKeypads(inputClass).catch(() => [])
      if (stopped) return
      const keypad = pickKeypad(all, wanted)
      if (!keypad) {
        const found = all.map(({ name }) => name).join(', ') || say(RED, 'status.none')
        throw new Problem('no-keypad', { wanted: wanted.name, found })
      }
      // By `cat` in a process of its own: a read of Node's would hold one of its four threads for as long as nobody presses.
      // Nothing is grabbed; other programs hear the same keys.
      reading = startProgram('cat', ['--', join(input, keypad.event)], {
        onOutput: createKeyReader(press),
        onEnd: (said) => fail(new Problem('keypad', { said })),
      })
      showState(RED, node, 'good', 'keypad', { name: keypad.name })
    }
    const start = () => {
      opening = open().catch(fail)
    }
    /** @type {Promise<void>} */
    let opening
    start()

    node.on('close', (_removed, done) => {
      stopped = true
      clearTimeout(timer)
      void opening.then(() => reading?.stop()).then(() => done())
    })
  })
}
