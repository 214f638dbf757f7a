import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DrivenBrowser, Tab } from './driven-browser.ts'
import { endChild, tie } from './end-child.ts'

/* Chromium 87 without a window, by the DevTools protocol as it was then: Playwright speaks with newer ones only. */

type Answer = {
  id?: number
  result?: unknown
  error?: { message: string }
  method?: string
  params?: unknown
  sessionId?: string
}
type Evaluated = {
  result: { value?: unknown }
  exceptionDetails?: { text: string; exception?: { description?: string } }
}

export async function openOldChromium(program: string): Promise<DrivenBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'balai-chromium-87-'))
  const child = spawn(
    program,
    [
      ...['--headless', '--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-dev-shm-usage', '--mute-audio'],
      ...['--remote-debugging-port=0', `--user-data-dir=${profile}`, '--force-prefers-reduced-motion', 'about:blank'],
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LD_LIBRARY_PATH: join(dirname(program), 'lib'), HOME: profile, LANG: 'C.UTF-8' },
    },
  )
  tie(child)
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      const found = /DevTools listening on (ws:\S+)/.exec(line)?.[1]
      if (found) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Chromium 87 ended with ${code}.`)))
  })
  const socket = new WebSocket(address)
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('Chromium 87 does not answer.'))
  })

  const errors: string[] = []
  const loads = new Map<string, () => void>()
  const open = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  socket.onmessage = ({ data }) => {
    const { id, result, error, method, params, sessionId = '' } = JSON.parse(String(data)) as Answer
    if (method === 'Runtime.exceptionThrown') {
      const { exceptionDetails: thrown } = params as { exceptionDetails: Evaluated['exceptionDetails'] }
      errors.push(thrown?.exception?.description ?? thrown?.text ?? 'an error')
    } else if (method === 'Log.entryAdded') {
      const { entry } = params as { entry: { level: string; text: string } }
      if (entry.level === 'error') errors.push(entry.text)
    } else if (method === 'Page.loadEventFired') loads.get(sessionId)?.()
    const asked = open.get(id ?? 0)
    open.delete(id ?? 0)
    if (error) asked?.reject(new Error(error.message))
    else asked?.resolve(result)
  }
  function send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++last
    socket.send(JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) }))
    return new Promise<T>((resolve, reject) => open.set(id, { resolve: resolve as (result: unknown) => void, reject }))
  }

  async function openTab(): Promise<Tab> {
    const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
    const ask = <T>(method: string, params: object = {}) => send<T>(method, params, sessionId)
    for (const domain of ['Page', 'Runtime', 'Log']) await ask(`${domain}.enable`)
    const resize = (width: number, height: number) =>
      ask<void>('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    await resize(1366, 768)

    async function evaluate<T>(expression: string): Promise<T> {
      const { result, exceptionDetails: thrown } = await ask<Evaluated>('Runtime.evaluate', {
        expression: `(async () => JSON.stringify(await (${expression})) ?? 'null')()`,
        awaitPromise: true,
        returnByValue: true,
      })
      if (thrown) throw new Error(`${expression}: ${thrown.exception?.description ?? thrown.text}`)
      return JSON.parse(String(result.value)) as T
    }

    return {
      async goto(url) {
        const loaded = new Promise<void>((resolve) => loads.set(sessionId, resolve))
        await ask('Page.navigate', { url })
        await loaded
      },
      evaluate,
      async click(find) {
        const at = await evaluate<{ x: number; y: number } | null>(
          `(() => { const found = ${find}; if (!found) return null; found.scrollIntoView({ block: 'center' }); const { x, y, width, height } = found.getBoundingClientRect(); return { x: x + width / 2, y: y + height / 2 } })()`,
        )
        if (!at) throw new Error(`Nothing to click: ${find}`)
        for (const type of ['mousePressed', 'mouseReleased'])
          await ask('Input.dispatchMouseEvent', { type, ...at, button: 'left', clickCount: 1 })
      },
      async type(text) {
        for (const one of text) {
          const isEnter = one === '\n'
          const key = isEnter ? { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 } : { key: one }
          await ask('Input.dispatchKeyEvent', { type: 'keyDown', ...key, text: isEnter ? '\r' : one })
          await ask('Input.dispatchKeyEvent', { type: 'keyUp', ...key })
        }
      },
      resize,
      async picture() {
        const { data } = await ask<{ data: string }>('Page.captureScreenshot')
        return Buffer.from(data, 'base64')
      },
    }
  }

  const { product } = await send<{ product: string }>('Browser.getVersion')
  return {
    version: product,
    openTab,
    errors: async () => [...errors],
    async close() {
      socket.close()
      await endChild(child)
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
