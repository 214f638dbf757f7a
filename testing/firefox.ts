import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DrivenBrowser, DrivenOptions, Tab } from './driven-browser.ts'
import { endChild, tie } from './end-child.ts'
import { startSilentSound } from './silent-sound.ts'

/*
 * Firefox without a window, by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which it speaks itself.
 * Playwright's own way to it asks for what ESR 153 does not know yet.
 */

type Answer = { id?: number; type: string; result?: unknown; message?: string; method?: string; params?: unknown }
type Evaluated = { type: string; result?: { value?: unknown; sharedId?: string }; exceptionDetails?: { text: string } }

export async function openFirefox(
  program: string,
  { keepsCookies = true }: DrivenOptions = {},
): Promise<DrivenBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'balai-firefox-'))
  const settings = { 'network.cookie.cookieBehavior': keepsCookies ? 0 : 2, 'ui.prefersReducedMotion': 1 }
  writeFileSync(
    join(profile, 'user.js'),
    Object.entries(settings)
      .map(([name, value]) => `user_pref('${name}', ${value});\n`)
      .join(''),
  )
  const sound = await startSilentSound(profile)
  const child = spawn(
    program,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0', 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...sound.env, HOME: profile, LANG: 'C.UTF-8' } },
  )
  tie(child)
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      const found = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1]
      if (found) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Firefox ended with ${code}.`)))
  })
  const socket = new WebSocket(`${address}/session`)
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('Firefox does not answer.'))
  })

  const errors: string[] = []
  const open = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  socket.onmessage = ({ data }) => {
    const { id, type, result, message, method, params } = JSON.parse(String(data)) as Answer
    if (method === 'log.entryAdded') {
      const { level, text } = params as { level: string; text: string }
      if (level === 'error') errors.push(text)
      return
    }
    const asked = open.get(id ?? 0)
    open.delete(id ?? 0)
    if (type === 'success') asked?.resolve(result)
    else asked?.reject(new Error(message))
  }
  function send<T>(method: string, params: object): Promise<T> {
    const id = ++last
    socket.send(JSON.stringify({ id, method, params }))
    return new Promise<T>((resolve, reject) => open.set(id, { resolve: resolve as (result: unknown) => void, reject }))
  }

  const { capabilities } = await send<{ capabilities: { browserVersion: string } }>('session.new', { capabilities: {} })
  await send('session.subscribe', { events: ['log.entryAdded'] })

  async function openTab(): Promise<Tab> {
    const { context } = await send<{ context: string }>('browsingContext.create', { type: 'window' })

    async function run(expression: string): Promise<NonNullable<Evaluated['result']>> {
      const { result, exceptionDetails } = await send<Evaluated>('script.evaluate', {
        expression,
        target: { context },
        awaitPromise: true,
        userActivation: false,
      })
      if (!result) throw new Error(`${expression}: ${exceptionDetails?.text}`)
      return result
    }

    return {
      async goto(url) {
        await send('browsingContext.navigate', { context, url, wait: 'complete' })
      },
      async evaluate<T>(expression: string): Promise<T> {
        const { value } = await run(`JSON.stringify(${expression}) ?? 'null'`)
        return JSON.parse(String(value)) as T
      },
      async click(find) {
        const { sharedId } = await run(
          `(() => { const found = ${find}; found?.scrollIntoView({ block: 'center' }); return found })()`,
        )
        if (!sharedId) throw new Error(`Nothing to click: ${find}`)
        const move = { type: 'pointerMove', x: 0, y: 0, origin: { type: 'element', element: { sharedId } } }
        await send('input.performActions', {
          context,
          actions: [
            {
              type: 'pointer',
              id: 'finger',
              parameters: { pointerType: 'touch' },
              actions: [move, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }],
            },
          ],
        })
      },
      async type(text) {
        const keys = [...text.replaceAll('\n', '\uE007')].flatMap((value) => [
          { type: 'keyDown', value },
          { type: 'keyUp', value },
        ])
        await send('input.performActions', { context, actions: [{ type: 'key', id: 'keys', actions: keys }] })
      },
      async resize(width, height) {
        await send('browsingContext.setViewport', { context, viewport: { width, height } })
      },
      async picture() {
        const { data } = await send<{ data: string }>('browsingContext.captureScreenshot', { context })
        return Buffer.from(data, 'base64')
      },
    }
  }

  return {
    version: capabilities.browserVersion,
    openTab,
    errors: async () => [...errors],
    async close() {
      socket.close()
      await endChild(child)
      await endChild(sound.child)
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
