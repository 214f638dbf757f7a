import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { furnish, openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'
import { isWeakPin } from './pin.ts'

let box: TestBox
beforeEach(async () => {
  box = await openTestBox()
})
afterEach(() => box.remove())

const headers = { 'x-balai': '1' }
const logIn = (account: string, pin: string) =>
  box.app.inject({ method: 'POST', url: '/api/session', headers, payload: { account, pin } })

describe('the first start', () => {
  test('a setup code in a file that only its owner reads makes the first technician, once', async () => {
    const file = join(box.folder, 'setup-code')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const code = box.setupCode.read() ?? ''
    const setUp = (payload: object) => box.app.inject({ method: 'POST', url: '/api/setup', headers, payload })
    expect((await setUp({ code: '0000000000', name: 'Teknisi', pin: testPin })).json()).toMatchObject({
      code: 'people.setup-code-wrong',
    })
    expect((await setUp({ code, name: 'Teknisi', pin: '111111' })).json()).toMatchObject({ code: 'people.pin-weak' })
    const made = await setUp({ code: `${code.slice(0, 5)} ${code.slice(5)}`, name: 'Teknisi', pin: testPin })
    expect(made.json()).toMatchObject({ me: { name: 'Teknisi', role: 'technician' }, setup: false })
    expect(existsSync(file)).toBe(false)
    expect((await setUp({ code, name: 'Lain', pin: testPin })).json()).toMatchObject({ code: 'people.setup-done' })
  })
})

describe('PINs', () => {
  test('five wrong ones lock for a minute, doubling to 15, for this account and device', async () => {
    const { clerks } = await furnish(box)
    const locks: number[] = []
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 4; i++)
        expect((await logIn(clerks[0], '999998')).json()).toMatchObject({
          code: 'people.wrong-pin',
          details: { left: 4 - i },
        })
      locks.push((await logIn(clerks[0], '999998')).json().details.seconds)
      expect((await logIn(clerks[0], testPin)).json()).toMatchObject({ code: 'people.locked-out' })
      box.time.advance((locks.at(-1) ?? 0) * 1_000)
    }
    expect(locks).toEqual([60, 120, 240, 480, 900, 900])
    expect((await logIn(clerks[1], testPin)).statusCode).toBe(200)
  })

  test('a hundred guesses at once are five tries, and what is answered while locked says nothing of the PIN', async () => {
    const { clerks } = await furnish(box)
    const guesses = Array.from({ length: 110 }, (_, index) => (index === 60 ? testPin : String(990_000 + index)))
    const answers = (await Promise.all(guesses.map((pin) => logIn(clerks[0], pin)))).map((one) => one.json())
    expect(answers.filter(({ code }) => code === 'people.wrong-pin').map(({ details }) => details.left)).toEqual([
      4, 3, 2, 1,
    ])
    expect(answers.filter(({ code }) => code === 'people.locked-out')).toHaveLength(106)
    expect(answers[60]).toEqual(answers[61])
  })

  test('many devices have one budget for an account, with an alarm; who logged in at his own desk before still does', async () => {
    const { clerks, technician } = await furnish(box)
    expect((await logIn(clerks[0], testPin)).statusCode).toBe(200)
    const people = Array.from({ length: 160 }, (_, index) =>
      box.people.assertPin(clerks[0], String(990_000 + index), `10.0.0.${index % 40}`).catch((error) => error.code),
    )
    const codes = await Promise.all(people)
    // The thirtieth locks them all; the PIN itself opens nothing from there any more.
    expect(codes.filter((code) => code === 'people.wrong-pin')).toHaveLength(29)
    await expect(box.people.assertPin(clerks[0], testPin, '10.0.0.99')).rejects.toMatchObject({
      code: 'people.locked-out',
    })
    expect(box.alarms.list().map(({ code }) => code)).toContain('people.guessed')
    expect((await logIn(clerks[0], testPin)).statusCode).toBe(200)
    box.people.unlock({ as: 'technician', account: clerks[0], actor: technician, key: null })
    expect(box.alarms.list().map(({ code }) => code)).not.toContain('people.guessed')
    await box.people.assertPin(clerks[0], testPin, '10.0.0.99')
  })

  test('one setup code makes one technician, also when it is typed three times at once', async () => {
    const code = box.setupCode.read() ?? ''
    const tries = ['A', 'B', 'C'].map((name) => box.people.setUp({ code, name, pin: testPin, device: '10.0.0.1' }))
    const made = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled')
    expect(made).toHaveLength(1)
    expect(box.people.accounts().filter(({ role }) => role === 'technician')).toHaveLength(1)
  })

  test('of two that change a PIN at once, both by the old one, the first does', async () => {
    const { clerks } = await furnish(box)
    const change = (newPin: string) =>
      box.people.changeOwnPin({ account: clerks[0], pin: testPin, newPin, device: '10.0.0.1', key: null })
    const pins = ['925814', '825914']
    const ends = (await Promise.allSettled(pins.map(change))).map(({ status }) => status)
    expect(ends.toSorted()).toEqual(['fulfilled', 'rejected'])
    await box.people.assertPin(clerks[0], pins[ends.indexOf('fulfilled')] ?? '', '10.0.0.1')
  })

  test('a PIN that is set anew, or an account that is closed, while the old PIN is compared opens nothing', async () => {
    const { clerks, technician } = await furnish(box)
    const by = { as: 'technician', actor: technician, key: null } as const
    const before = box.people.assertPin(clerks[0], testPin, '10.0.0.1')
    await setImmediate()
    box.store.db.prepare(`UPDATE pin SET hash = 'argon2id$another$one' WHERE account = ?`).run(clerks[0])
    await expect(before).rejects.toMatchObject({ code: 'people.wrong-pin' })
    const other = box.people.assertPin(clerks[1], testPin, '10.0.0.1')
    await setImmediate()
    box.people.setAccountOpen({ ...by, account: clerks[1], open: false })
    await expect(other).rejects.toMatchObject({ code: 'people.unknown' })
  })

  test('whoever becomes a technician while a secretary gives a new PIN keeps the own one', async () => {
    const { clerks, technician } = await furnish(box)
    const reset = box.people.resetPin({ as: 'secretary', account: clerks[0], pin: '925814', actor: 'x', key: null })
    box.people.changeAccount({
      ...{ as: 'technician', account: clerks[0], name: 'Petugas 1', role: 'technician', actor: technician, key: null },
    })
    await expect(reset).rejects.toMatchObject({ code: 'people.may-not' })
    await box.people.assertPin(clerks[0], testPin, '10.0.0.1')
  })

  test('one name, asked for three times at once, is one account; a repeated command answers the account that it made', async () => {
    const { technician } = await furnish(box)
    const add = (key: string | null) =>
      box.people.addAccount({ as: 'technician', name: 'Baru', role: 'clerk', pin: testPin, actor: technician, key })
    const ends = await Promise.allSettled([add(null), add(null), add(null)])
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const named = { as: 'technician', role: 'clerk', pin: testPin, actor: technician, key: 'key-of-a-person' } as const
    const first = await box.people.addAccount({ ...named, name: 'Lagi' })
    expect(await box.people.addAccount({ ...named, name: 'Lagi' })).toBe(first)
    expect(box.people.account(first).name).toBe('Lagi')
  })

  test('a lock outlives a restart, a technician ends it', async () => {
    const { clerks, technician } = await furnish(box)
    for (let i = 0; i < 5; i++) await logIn(clerks[0], '999998')
    await box.close()
    box = await openTestBox({ folder: box.folder })
    expect((await logIn(clerks[0], testPin)).json()).toMatchObject({ code: 'people.locked-out' })
    box.people.unlock({ as: 'technician', account: clerks[0], actor: technician, key: null })
    expect((await logIn(clerks[0], testPin)).statusCode).toBe(200)
  })

  test('an entry says who logged in and who was locked out, never a PIN or its hash', async () => {
    const { clerks } = await furnish(box)
    await logIn(clerks[0], testPin)
    for (let i = 0; i < 5; i++) await logIn(clerks[1], '999998')
    const entries = box.journal.readBehind(box.journal.head().epoch, 0, 1_000)
    expect(entries.map(({ type }) => type)).toEqual(expect.arrayContaining(['people.logged-in', 'people.locked-out']))
    const text = JSON.stringify(entries)
    expect(text).not.toContain(testPin)
    expect(text).not.toContain('argon2')
  })

  test.each([
    ['123456', true],
    ['654321', true],
    ['000000', true],
    ['12345', true],
    ['246802', false],
    ['258014', false],
  ])('%s is weak: %s', (pin, weak) => {
    expect(isWeakPin(pin)).toBe(weak)
  })
})

describe('sessions', () => {
  const cookieOf = (answer: Awaited<ReturnType<typeof logIn>>) =>
    answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const me = (cookie: string) => box.app.inject({ url: '/api/session', headers: { cookie } })
  const act = (cookie: string) =>
    box.app.inject({ method: 'POST', url: '/api/session/active', headers: { ...headers, cookie } })

  test('a log-in replaces whatever token the browser brought along', async () => {
    const { clerks } = await furnish(box)
    const planted = `balai_session=${'p'.repeat(43)}`
    const answer = await box.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { ...headers, cookie: planted },
      payload: { account: clerks[0], pin: testPin },
    })
    expect(cookieOf(answer)).not.toContain('ppp')
    expect(answer.headers['set-cookie']).toMatch(/HttpOnly.*SameSite=Strict/)
    expect((await me(planted)).json()).toMatchObject({ me: null })
  })

  test('idle for over two minutes, the session is locked and the PIN opens it; with a ticket in service it is not', async () => {
    const { clerks, counters, services } = await furnish(box)
    const cookie = cookieOf(await logIn(clerks[0], testPin))
    expect((await act(cookie)).statusCode).toBe(200)
    box.time.advance(3 * 60_000)
    expect((await act(cookie)).json()).toMatchObject({ code: 'locked' })
    const unlocked = await box.app.inject({
      method: 'POST',
      url: '/api/session/unlock',
      headers: { ...headers, cookie },
      payload: { pin: testPin },
    })
    expect(unlocked.json()).toMatchObject({ locked: false })

    const command = { actor: clerks[0], account: clerks[0], key: null, counter: counters[0] }
    box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
    box.office.sit(command)
    box.queue.callNext(command)
    box.time.advance(3 * 60_000)
    expect((await act(cookie)).statusCode).toBe(200)
  })

  test('one that ends while the PIN is compared that would unlock it stays ended', async () => {
    const { clerks } = await furnish(box)
    const cookie = cookieOf(await logIn(clerks[0], testPin))
    const send = (method: 'POST' | 'DELETE', url: string, payload: object) =>
      box.app.inject({ method, url, headers: { ...headers, cookie }, payload })
    await send('POST', '/api/session/lock', {})
    const [unlocked] = await Promise.all([
      send('POST', '/api/session/unlock', { pin: testPin }),
      send('DELETE', '/api/session', {}),
    ])
    expect(unlocked.statusCode).toBe(401)
    expect((await me(cookie)).json()).toMatchObject({ me: null })
  })

  test('it outlives a restart of the box, and ends when the account is closed or its PIN set anew', async () => {
    const { clerks, technician } = await furnish(box)
    const cookie = cookieOf(await logIn(clerks[0], testPin))
    await box.close()
    box = await openTestBox({ folder: box.folder })
    expect((await me(cookie)).json()).toMatchObject({ me: { name: 'Petugas 1' } })
    const boss = cookieOf(await logIn(technician, testPin))
    const close = await box.app.inject({
      method: 'POST',
      url: `/api/people/${clerks[0]}/close`,
      headers: { ...headers, cookie: boss },
      payload: { key: 'aaaaaaaaaaaa' },
    })
    expect(close.statusCode).toBe(200)
    expect((await me(cookie)).json()).toMatchObject({ me: null })
  })
})

describe('managing people', () => {
  test('a secretary may not touch technicians, and the last technician stays', async () => {
    const { technician } = await furnish(box)
    const managing = { actor: technician, key: null }
    expect(() => box.people.setAccountOpen({ as: 'secretary', account: technician, open: false, ...managing })).toThrow(
      expect.objectContaining({ code: 'people.may-not' }),
    )
    expect(() =>
      box.people.setAccountOpen({ as: 'technician', account: technician, open: false, ...managing }),
    ).toThrow(expect.objectContaining({ code: 'people.last-technician' }))
    expect(() =>
      box.people.changeAccount({ as: 'technician', account: technician, name: 'T', role: 'clerk', ...managing }),
    ).toThrow(expect.objectContaining({ code: 'people.last-technician' }))
    await expect(
      box.people.addAccount({ as: 'secretary', name: 'X', role: 'technician', pin: testPin, ...managing }),
    ).rejects.toMatchObject({ code: 'people.may-not' })
    await expect(
      box.people.addAccount({ as: 'secretary', name: 'Petugas 1', role: 'clerk', pin: testPin, ...managing }),
    ).rejects.toMatchObject({ code: 'people.name-taken' })
  })

  test('the head signs while there is exactly one; the name of whoever left stays with what they did', async () => {
    await furnish(box)
    const addHead = (name: string) =>
      box.people.addAccount({ as: 'technician', name, role: 'head', pin: testPin, actor: 'x', key: null })
    expect(box.people.headName()).toBeNull()
    const first = await addHead('Kepala')
    expect(box.people.headName()).toBe('Kepala')
    await addHead('Penjabat kepala')
    expect(box.people.headName()).toBeNull()
    box.people.setAccountOpen({ as: 'technician', account: first, open: false, actor: 'x', key: null })
    expect(box.people.headName()).toBe('Penjabat kepala')
    expect(box.people.names().get(first)).toBe('Kepala')
  })
})
