import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { SystemClock } from '../appliance/base/clock.ts'
import { newId } from '../appliance/base/ids.ts'
import type { HubRole } from '../appliance/base/web/callers.ts'
import { hubItself } from '../regency/base/audit.ts'
import type { HubConfig } from '../regency/base/config.ts'
import { type Hub, openHub } from '../regency/hub.ts'
import { makeTestFolder, openTestDatabase, quiet } from './hub-parts.ts'
import { freePort } from './servers.ts'
import { testPinCost } from './test-box.ts'

export const consolePin = '605138'

type Options = { villages?: string[]; columns?: string; config?: Partial<HubConfig>; system?: SystemClock }

/** A whole hub without a broker, with two villages, and who calls its console. For tests only. */
export async function openTestConsole({
  villages = ['35.10.01.2001,desa,Sarongan,35.10.01,Pesanggaran', '35.10.01.2002,desa,Kandangan,35.10.01,Pesanggaran'],
  columns = 'code,kind,name,district_code,district',
  config = {},
  system,
}: Options = {}) {
  const opened = await openTestDatabase()
  const { folder, remove } = makeTestFolder('console')
  const csv = join(folder, 'villages.csv')
  writeFileSync(csv, [columns, ...villages].join('\n'))
  const hub = await openHub(
    {
      ...{ name: 'Kabupaten Uji', zone: 'Asia/Jakarta', data: join(folder, 'data'), villages: csv, log: 'silent' },
      mqtt: { url: `mqtt://127.0.0.1:${await freePort()}`, client_id: 'hub' },
      postgres: { url: opened.server.url, pool: 2 },
      console: { host: '127.0.0.1', port: 0 },
      ...config,
    },
    { log: quiet, pinCost: testPinCost, ...(system ? { system } : {}) },
  )
  const url = `http://127.0.0.1:${hub.http.port}`

  const send = (method: string, path: string, body?: object, cookie = '') =>
    fetch(url + path, {
      method,
      headers: { 'x-balai': '1', cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })

  async function ask(method: string, path: string, body?: object, cookie = '') {
    const response = await send(method, path, body, cookie)
    const set = response.headers.get('set-cookie')?.split(';')[0] ?? ''
    return { status: response.status, answer: (await response.json()) as Record<string, unknown>, cookie: set }
  }

  const add = (role: HubRole, name = `${role} ${newId()}`) =>
    hub.accounts.add({ name, pin: consolePin, role }, hubItself)

  return {
    hub,
    url,
    database: opened.database,
    send,
    ask,
    add,
    /** A new account of this role, logged in. */
    async logIn(role: HubRole) {
      const account = await add(role)
      return { ...account, ...(await ask('POST', '/api/session', { account: account.account, pin: consolePin })) }
    },
    async close(): Promise<void> {
      await hub.close()
      await opened.close()
      remove()
    },
  }
}

/** The console in a browser of one's own, logged in; what the page throws is put into `faults`. */
export async function openConsolePage(
  browser: Browser,
  { hub }: { hub: Hub },
  name: string,
  { faults, pin = consolePin }: { faults: string[]; pin?: string },
): Promise<Page> {
  const page = await (await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 768 } })).newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`http://localhost:${hub.http.port}/hub`)
  await enter(page, name, pin)
  return page
}

/** Name, Enter, PIN: the console lists nobody. */
export async function enter(page: Page, name: string, pin: string): Promise<void> {
  await page.getByLabel('Nama', { exact: true }).fill(name)
  await page.keyboard.press('Enter')
  await page.keyboard.type(pin)
}
