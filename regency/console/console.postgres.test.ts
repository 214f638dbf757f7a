import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../appliance/base/ids.ts'
import { boxHealth } from '../../testing/box-health.ts'
import { makeTestFolder } from '../../testing/hub-parts.ts'
import { testPinCost } from '../../testing/test-box.ts'
import { consolePin, openTestConsole } from '../../testing/test-console.ts'
import { createAccounts } from '../base/accounts.ts'
import { hubItself } from '../base/audit.ts'
import type { Hub } from '../hub.ts'
import { HubView } from './view.ts'

let place: Awaited<ReturnType<typeof openTestConsole>>
let hub: Hub
let base: string
const { folder, remove } = makeTestFolder('console-token')
const pin = consolePin
const now = { at: Date.UTC(2026, 10, 23, 3), ms: 0 }

beforeAll(async () => {
  writeFileSync(join(folder, 'metrics-token'), 'token-of-the-test\n')
  place = await openTestConsole({
    villages: ['35.10.01.2001,desa,Sarongan,35.10.01,Pesanggaran'],
    config: { console: { host: '127.0.0.1', port: 0, metrics_token_file: join(folder, 'metrics-token') } },
    system: { wall: () => now.at + now.ms, monotonic: () => now.ms },
  })
  hub = place.hub
  base = place.url
}, 30_000)
afterAll(async () => {
  await place.close()
  remove()
})

const ask: typeof place.ask = (...asked) => place.ask(...asked)
const logIn = () => place.logIn('reader')

/** The first view of the live stream, or the status when it is refused. */
async function firstView(cookie: string): Promise<Record<string, unknown> | number> {
  const response = await fetch(`${base}/live/hub`, { headers: { cookie } })
  if (!response.ok || !response.body) return response.status
  let text = ''
  for await (const chunk of response.body) {
    text += Buffer.from(chunk).toString()
    const view = /event: view\ndata: (.*)\n/.exec(text)
    if (view?.[1]) return JSON.parse(view[1])
  }
  return 0
}

test('a reader logs in by name and PIN and sees the villages live', async () => {
  const { answer, cookie, name } = await logIn()
  expect(answer).toMatchObject({
    me: { name, role: 'reader' },
    locked: false,
    setup: false,
    office: { name: 'Kabupaten Uji' },
  })
  const view = await firstView(cookie)
  expect(Compile(HubView).Check(view)).toBe(true)
  expect(view).toMatchObject({
    name: 'Kabupaten Uji',
    now: now.at + now.ms,
    villages: [
      {
        village: '3510012001',
        name: 'Sarongan',
        kind: 'desa',
        state: 'never',
        cursor: null,
        backlog: null,
        alarms: [],
      },
    ],
    arrivals: Array.from({ length: 24 }, () => 0),
    medianWaitMinutes: null,
  })
})

test('a village shows its alarms with what fills them, the worst first and then the oldest, also of a box that says codes only', async () => {
  const say = (alarms: object[]) =>
    place.database.query(
      `INSERT INTO contact (village, state, since, health) VALUES ('3510012001', 'connected', now(), $1)
       ON CONFLICT (village) DO UPDATE SET health = excluded.health`,
      [JSON.stringify({ ...boxHealth(), alarms })],
    )
  const { cookie } = await logIn()
  const seen = async () => {
    now.ms += 20_000
    const { villages } = (await firstView(cookie)) as HubView
    return villages[0]?.alarms.map(({ code, severity, details }) => ({ code, severity, details }))
  }
  await say([
    { code: 'print.lost', since: 1, severity: 'warning', details: { number: 'A012', more: [1] } },
    { code: 'disk.scarce', since: 3, severity: 'action', details: { free: 210 } },
    { code: 'card.failing', since: 2, severity: 'notice' },
  ])
  expect(await seen()).toEqual([
    { code: 'card.failing', severity: 'action', details: {} },
    { code: 'disk.scarce', severity: 'action', details: { free: 210 } },
    { code: 'print.lost', severity: 'warning', details: { number: 'A012' } },
  ])
  await say([
    { code: 'voice.silent', since: 1 },
    { code: 'disk.scarce', since: 3 },
  ])
  expect(await seen()).toEqual([
    { code: 'disk.scarce', severity: 'action', details: {} },
    { code: 'voice.silent', severity: 'warning', details: {} },
  ])
  await place.database.query('DELETE FROM contact')
})

test('nobody sees anything without a log-in, after logging out, or while locked', async () => {
  expect(await firstView('')).toBe(401)
  const { cookie } = await logIn()
  await ask('POST', '/api/session/lock', {}, cookie)
  expect(await firstView(cookie)).toBe(403)
  expect((await ask('POST', '/api/session/unlock', { pin: '000000' }, cookie)).status).toBe(403)
  expect((await ask('POST', '/api/session/unlock', { pin }, cookie)).answer).toMatchObject({ locked: false })
  expect(await firstView(cookie)).toMatchObject({ villages: [{}] })
  await ask('DELETE', '/api/session', {}, cookie)
  expect(await firstView(cookie)).toBe(401)
})

test('a stranger learns no name: nobody is listed, and a name that nobody has is answered like a wrong PIN', async () => {
  await place.add('administrator', 'Rina')
  expect((await ask('GET', '/api/session')).answer).toMatchObject({ people: [] })
  const tries = async (account: string) => {
    const said = []
    for (let tried = 0; tried < 6; tried++)
      said.push((await ask('POST', '/api/session', { account, pin: '111222' })).answer)
    return JSON.stringify(said)
  }
  expect(await tries('Rani')).toBe(await tries('Rina'))
  now.ms += 61_000
  expect((await ask('POST', '/api/session', { account: 'rINA', pin })).answer).toMatchObject({ me: { name: 'Rina' } })
})

test('five wrong PINs lock the account for a minute, then for two', async () => {
  const { account } = await place.add('reader', 'Lupa')
  const wrong = () => ask('POST', '/api/session', { account, pin: '111222' })
  for (const left of [4, 3, 2, 1])
    expect((await wrong()).answer).toMatchObject({ code: 'people.wrong-pin', details: { left } })
  expect((await wrong()).answer).toMatchObject({ code: 'people.locked-out', details: { seconds: 60 } })
  expect((await ask('POST', '/api/session', { account, pin })).status).toBe(429)
  now.ms += 61_000
  for (let tries = 0; tries < 4; tries++) await wrong()
  expect((await wrong()).answer).toMatchObject({ details: { seconds: 120 } })
  now.ms += 121_000
  expect((await ask('POST', '/api/session', { account, pin })).status).toBe(200)
})

test('what nobody sees and no PostgreSQL stores is left out of names and notes, and refused as a filter', async () => {
  const { cookie } = await place.logIn('administrator')
  const [broken, whole] = ['A\0\ud800\u202e', 'A']
  const added = { name: broken, role: 'operator', pin, key: newId() }
  expect((await ask('POST', '/api/accounts', added, cookie)).status).toBe(200)
  await place.database.query(`INSERT INTO alarm (village, code) VALUES ('', 'backup.old')`)
  const taken = { village: '', code: 'hub.backup.old', note: broken, from: null }
  expect((await ask('POST', '/api/alarms/take', taken, cookie)).status).toBe(200)
  const { answer } = await ask('GET', '/api/audit', undefined, cookie)
  const [note, name] = answer.rows as { data: object }[]
  expect([note?.data, name?.data]).toMatchObject([{ note: whole }, { name: whole }])
  for (const filter of ['action=%00', 'village=%00', 'before=x', 'before=99999999999999999999'])
    expect((await ask('GET', `/api/audit?${filter}`, undefined, cookie)).status, filter).toBe(400)
})

test('a hundred guesses at once are five tries, also at the console, and many addresses have one budget', async () => {
  const { account } = await place.add('reader', 'Ditebak')
  const guess = (typed: string, device: string) =>
    hub.accounts.assertPin(account, typed, device).then(
      () => 'right',
      (error) => error.code as string,
    )
  const guesses = Array.from({ length: 110 }, (_, index) => (index === 60 ? pin : String(990_000 + index)))
  const answers = await Promise.all(guesses.map((typed) => guess(typed, '10.0.0.1')))
  expect(answers.filter((code) => code === 'people.wrong-pin')).toHaveLength(4)
  expect(answers[60]).toBe('people.locked-out')
  now.ms += 61_000
  expect(await guess(pin, '10.0.0.2')).toBe('right')
  await Promise.all(guesses.map((_, index) => guess(String(980_000 + index), `10.0.1.${index % 40}`)))
  expect(await guess(pin, '10.0.0.3')).toBe('people.locked-out')
  expect(await guess(pin, '10.0.0.2')).toBe('right')
  await hub.alarms.look()
  // This hub's clock is the test's own, which the hub says, too.
  expect(hub.alarms.list()).toMatchObject([
    { village: '', code: 'clock.differs' },
    { village: '', code: 'account.guessed', details: { accounts: account } },
  ])
  hub.accounts.unlock(account)
  await hub.alarms.look()
})

/** A live page; `ended` resolves when the hub ends it. */
async function openPage(cookie: string) {
  const response = await fetch(`${base}/live/hub`, { headers: { cookie } })
  expect(response.status).toBe(200)
  const ended = (async () => {
    for await (const chunk of response.body ?? []) if (chunk.length === 0) break
  })()
  return { ended }
}

test('an open page ends with its account, with its PIN, with its role, and when nobody was at it for minutes', async () => {
  // As `balai hub-account` does it: another process on the same database.
  const elsewhere = createAccounts(place.database, () => 0, { pinCost: testPinCost })
  const closed = await logIn()
  const closedPage = await openPage(closed.cookie)
  await elsewhere.close(closed.account, hubItself)
  await closedPage.ended

  const changed = await logIn()
  const changedPage = await openPage(changed.cookie)
  await elsewhere.setPin(changed.account, '824601', hubItself)
  await changedPage.ended
  expect(await firstView(changed.cookie)).toBe(401)

  const other = await logIn()
  const otherPage = await openPage(other.cookie)
  await elsewhere.setRole(other.account, 'administrator', hubItself)
  await otherPage.ended
  expect(await firstView(other.cookie)).toBe(401)

  const left = await logIn()
  const leftPage = await openPage(left.cookie)
  now.ms += 180_000
  hub.refreshPages()
  await leftPage.ended
  expect(await firstView(left.cookie)).toBe(403)
}, 20_000)

test('a wall screen shows for weeks without locking, does nothing, and ends with its account’s PIN', async () => {
  const { account, cookie } = await place.logIn('administrator')
  const made = await ask('POST', '/api/session/watch', {}, cookie)
  expect(made.answer).toMatchObject({ watch: true, me: { role: 'watcher' }, locked: false })
  expect(await firstView(cookie)).toBe(401)
  for (let day = 0; day < 30; day++) now.ms += 86_400_000
  expect(await firstView(made.cookie)).toMatchObject({ villages: [{}] })
  for (const [method, path, body] of [
    ['POST', '/api/alarms/take', { village: '', code: 'hub.backup.old', note: '', from: null }],
    ['GET', '/api/accounts', undefined],
    ['GET', '/api/villages/3510012001', undefined],
    ['POST', '/api/session/pin', { pin, newPin: '824601' }],
    ['POST', '/api/session/unlock', { pin }],
  ] as const)
    expect((await ask(method, path, body, made.cookie)).answer, path).toMatchObject({ code: 'hub.may-not' })
  const page = await openPage(made.cookie)
  await createAccounts(place.database, () => 0, { pinCost: testPinCost }).setPin(account, '824601', hubItself)
  await page.ended
  expect(await firstView(made.cookie)).toBe(401)
})

test('a wall screen is over after a month', async () => {
  const { cookie } = await logIn()
  const made = await ask('POST', '/api/session/watch', {}, cookie)
  now.ms += 32 * 86_400_000
  expect(await firstView(made.cookie)).toBe(401)
})

test('whoever changes his PIN stays logged in here and nowhere else', async () => {
  const { account, cookie } = await logIn()
  const other = await ask('POST', '/api/session', { account, pin })
  const otherPage = await openPage(other.cookie)
  expect((await ask('POST', '/api/session/pin', { pin, newPin: '824601' }, cookie)).status).toBe(200)
  await otherPage.ended
  expect(await firstView(other.cookie)).toBe(401)
  await hub.lookAtAccounts()
  expect(await firstView(cookie)).toMatchObject({ villages: [{}] })
})

test('a closed account is out at the next request, and its name is free', async () => {
  const { account, name, cookie } = await logIn()
  await expect(place.add('reader', name.toUpperCase())).rejects.toMatchObject({
    code: 'people.name-taken',
  })
  await hub.accounts.close(account, hubItself)
  expect(await firstView(cookie)).toBe(401)
  expect((await ask('GET', '/api/session', undefined, cookie)).answer).toMatchObject({ me: null })
  await place.add('reader', name)
})

test('one’s own PIN can be changed, but not to a weak one', async () => {
  const { account, cookie } = await logIn()
  expect((await ask('POST', '/api/session/pin', { pin, newPin: '123456' }, cookie)).answer).toMatchObject({
    code: 'people.pin-weak',
  })
  expect((await ask('POST', '/api/session/pin', { pin, newPin: '824601' }, cookie)).status).toBe(200)
  expect((await ask('POST', '/api/session', { account, pin: '824601' })).status).toBe(200)
})

test('Prometheus reads the state of the hub', async () => {
  const text = await (await fetch(`${base}/metrics`)).text()
  expect(text).toContain('balai_hub_database_up 1\n')
  expect(text).toContain('balai_hub_villages{state="never"} 1\n')
  expect(text).toContain('balai_village_tickets_today{village="3510012001"} 0\n')
})

test('the figures of villages are read on the hub itself or with its token, and by no stranger', async () => {
  const read = (headers: Record<string, string>, remoteAddress = '192.168.1.9') =>
    hub.app.inject({ url: '/metrics', headers, remoteAddress })
  expect((await read({})).statusCode).toBe(403)
  expect((await read({ authorization: 'Bearer wrong' })).statusCode).toBe(403)
  expect((await read({ 'x-forwarded-for': '192.168.1.9' }, '127.0.0.1')).statusCode).toBe(403)
  expect((await read({ authorization: 'Bearer token-of-the-test' })).statusCode).toBe(200)
})
