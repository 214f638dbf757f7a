import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DrivenBrowser, DrivenOptions, Tab } from './driven-browser.ts'
import { endChild, tie } from './end-child.ts'
import { freePort, reach } from './servers.ts'
import { startSilentSound } from './silent-sound.ts'

/*
 * WebKitGTK's small browser on a screen of memory (Xvfb), by WebDriver (https://www.w3.org/TR/webdriver2/).
 */

const element = 'element-6066-11e4-a52e-4f735466cecf'

/** WebDriver hears no console: the page notes its errors itself, from when it is there. */
const note = `if (!window.walkErrors) {
  window.walkErrors = []
  const say = console.error
  console.error = (...words) => { walkErrors.push(words.join(' ')); say(...words) }
  addEventListener('error', ({ message }) => message && walkErrors.push(message))
  addEventListener('unhandledrejection', ({ reason }) => walkErrors.push(String(reason)))
}`

/** Of MiniBrowser, which Debian keeps in a folder named after the processor and the version. */
function findMiniBrowser(): string {
  for (const machine of readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu')))
    for (const version of ['webkit2gtk-4.1', 'webkit2gtk-4.0']) {
      const path = join('/usr/lib', machine, version, 'MiniBrowser')
      if (existsSync(path)) return path
    }
  throw new Error('There is no MiniBrowser of WebKitGTK.')
}

export async function openWebKit(program: string, { keepsCookies = true }: DrivenOptions = {}): Promise<DrivenBrowser> {
  const home = mkdtempSync(join(tmpdir(), 'balai-webkit-'))
  const tabs: Tab[] = []
  const errors: string[] = []
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  tie(screen)
  const display = await new Promise<string>((resolve, reject) => {
    screen.stdio[3]?.once('data', (data) => resolve(String(data).trim()))
    screen.once('error', reject)
    screen.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}.`)))
  })
  const sound = await startSilentSound(home)
  const port = await freePort()
  const driver = spawn(program, [`--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      ...sound.env,
      DISPLAY: `:${display}`,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      LANG: 'C.UTF-8',
      LIBGL_ALWAYS_SOFTWARE: '1',
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', // which root may not have
    },
  })
  tie(driver)
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; ; tries++) {
    try {
      await reach(port)
      break
    } catch (error) {
      if (tries > 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async function send<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(url + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
    const { value } = (await response.json()) as { value: T & { message?: string } }
    if (!response.ok) throw new Error(`${method} ${path}: ${value.message}`)
    return value
  }

  const { sessionId, capabilities } = await send<{ sessionId: string; capabilities: { browserVersion: string } }>(
    'POST',
    '/session',
    {
      capabilities: {
        alwaysMatch: {
          'webkitgtk:browserOptions': {
            binary: findMiniBrowser(),
            args: ['--automation', `--cookies-policy=${keepsCookies ? 'always' : 'never'}`],
          },
        },
      },
    },
  )
  const session = `/session/${sessionId}`
  let first: string | null = await send<string>('GET', `${session}/window`)
  let current = first

  async function openTab(): Promise<Tab> {
    const handle = first ?? (await send<{ handle: string }>('POST', `${session}/window/new`, { type: 'window' })).handle
    first = null
    /** One command after another, each to its tab. */
    async function within<T>(method: string, path: string, body?: object): Promise<T> {
      if (current !== handle) await send('POST', `${session}/window`, { handle })
      current = handle
      return await send<T>(method, session + path, body)
    }
    const run = <T>(script: string) => within<T>('POST', '/execute/sync', { script, args: [] })

    const tab: Tab = {
      async goto(url) {
        errors.push(...(await run<string[]>('return window.walkErrors ?? []')))
        await within('POST', '/url', { url })
        await run(note)
      },
      async evaluate<T>(expression: string): Promise<T> {
        return JSON.parse(await run<string>(`return JSON.stringify(${expression}) ?? 'null'`)) as T
      },
      async click(find) {
        const found = await run<Record<string, string> | null>(
          `const found = ${find}; found?.scrollIntoView({ block: 'center' }); return found`,
        )
        if (!found?.[element]) throw new Error(`Nothing to click: ${find}`)
        await within('POST', `/element/${found[element]}/click`, {})
      },
      async type(text) {
        const keys = [...text.replaceAll('\n', '\uE007')].flatMap((value) => [
          { type: 'keyDown', value },
          { type: 'keyUp', value },
        ])
        await within('POST', '/actions', { actions: [{ type: 'key', id: 'keys', actions: keys }] })
      },
      async resize(width, height) {
        const frame = await run<[number, number]>('return [outerWidth - innerWidth, outerHeight - innerHeight]')
        await within('POST', '/window/rect', { width: width + frame[0], height: height + frame[1] })
      },
      async picture() {
        return Buffer.from(await within<string>('GET', '/screenshot'), 'base64')
      },
    }
    tabs.push(tab)
    return tab
  }

  return {
    version: capabilities.browserVersion,
    openTab,
    async errors() {
      const open: string[][] = []
      for (const tab of tabs) open.push(await tab.evaluate<string[]>('window.walkErrors ?? []'))
      return [...errors, ...open.flat()]
    },
    async close() {
      await send('DELETE', session).catch(() => {})
      for (const child of [driver, screen, sound.child]) await endChild(child)
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
