import { request } from 'node:https'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { furnish, openTestBox, type TestBox, testPin } from '../../../testing/test-box.ts'
import { newId } from '../ids.ts'
import { createBuckets } from './buckets.ts'
import { networkOf } from './budgets.ts'

describe('buckets', () => {
  const allowance = { most: 2, everyS: 10 }

  test('give what they hold, say when there is more, and fill up again to what they hold', () => {
    let now = 0
    const { spend } = createBuckets(() => now)
    const one = () => spend([{ key: 'a', units: 1, allowance }])
    expect([one(), one(), one()]).toEqual([0, 0, 10])
    now += 4_000
    expect(one()).toBe(6)
    now += 3_600_000
    expect([one(), one(), one()]).toEqual([0, 0, 10])
  })

  test('are spent together or not at all', () => {
    const { spend } = createBuckets(() => 0)
    const both = [
      { key: 'own', units: 1, allowance },
      { key: 'all', units: 1, allowance },
    ]
    spend([{ key: 'all', units: 2, allowance }])
    expect(spend(both)).toBe(10)
    expect(spend([{ key: 'own', units: 2, allowance }])).toBe(0)
  })

  test('stay few, and a flood of new ones empties the oldest and not those in use', () => {
    let now = 0
    const { spend, size } = createBuckets(() => now)
    const slow = { most: 1, everyS: 1_000_000 }
    const office = () => spend([{ key: 'office', units: 1, allowance: { most: 20_000, everyS: 1_000_000 } }])
    for (let i = 0; i < 15_000; i++) {
      now += 1
      office()
      spend([{ key: `fd00::${i.toString(16)}`, units: 1, allowance: slow }])
    }
    expect(size()).toBeLessThanOrEqual(10_000)
    for (let i = 0; i < 5_000; i++) expect(office()).toBe(0)
    expect(office()).toBeGreaterThan(0)
  })
})

test.each([
  ['192.168.1.7', '192.168.1'],
  ['::ffff:192.168.1.7', '192.168.1'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['2001:0db8:0:12:aaaa::1', '2001:db8:0:12'],
  ['::1', '0:0:0:0'],
])('the network of %s is %s', (address, network) => expect(networkOf(address)).toBe(network))

describe('a hostile phone', () => {
  let box: TestBox
  let office: Awaited<ReturnType<typeof furnish>>
  let kiosk = ''
  beforeEach(async () => {
    box = await openTestBox()
    office = await furnish(box)
    const day = [{ from: 480, until: 930 }]
    const week = [[], day, day, day, day, day, []]
    box.office.changeHours({ service: null, week, actor: office.technician, key: null })
    const here = await send('127.0.0.1', 'POST', '/api/device', { kind: 'kiosk' })
    kiosk = here.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  })
  afterEach(() => box.remove())

  const send = (remoteAddress: string, method: 'GET' | 'POST', url: string, payload?: object, cookie = '') =>
    box.app.inject({
      ...{ method, url, remoteAddress },
      headers: { 'x-balai': '1', host: '192.168.1.5', cookie },
      ...(payload ? { payload } : {}),
    })
  const command = (from: string, path: string) => send(from, 'POST', path, { key: newId() })
  const entries = () => box.journal.head().seq

  async function offers(from = '192.168.1.200') {
    const answer = await send(from, 'GET', '/api/booking-offers')
    type Offered = {
      services: { service: string; days: { day: string; windows: { from: number; left: number }[] }[] }[]
    }
    return (answer.json() as Offered).services.flatMap(({ service, days }) =>
      days.flatMap(({ day, windows }) => windows.map((window) => ({ service, day, ...window }))),
    )
  }

  async function bookAll(addresses: readonly string[]): Promise<number> {
    let booked = 0
    let asked = 0
    for (const { service, day, from, left } of await offers())
      for (let i = 0; i < left; i++) {
        const body = { service, day, from, phone: newId(), key: newId() }
        const answer = await send(addresses[asked++ % addresses.length] ?? '', 'POST', '/api/bookings', body)
        if (answer.statusCode === 201) booked++
        else expect(['budget.booking', 'queue.window-full', 'too-many']).toContain(answer.json().code)
      }
    return booked
  }

  test('books no more than its own few, however many phones it says to be', async () => {
    expect(await bookAll(['192.168.1.66'])).toBe(3)
    box.time.advance(10_000)
    const refused = await send('192.168.1.66', 'POST', '/api/bookings', {
      ...{ service: office.services[0], day: '2026-11-24', from: 480, phone: newId(), key: newId() },
    })
    expect(refused.json()).toMatchObject({ code: 'budget.booking', details: { minutes: 5 } })
    expect(refused.headers['retry-after']).toBe('290')
  })

  test('with every address of its network and a week of patience it leaves kiosk and desk their share', async () => {
    const addresses = Array.from({ length: 250 }, (_, index) => `192.168.1.${index + 2}`)
    expect(await bookAll(addresses)).toBeLessThanOrEqual(30)
    for (let hour = 0; hour < 12; hour++) {
      box.time.advance(3_600_000 / 2)
      await bookAll(addresses)
    }
    const places = (await offers('127.0.0.1')).length // as a stranger on the box itself: the phones' share
    expect(places).toBeGreaterThan(0)
    const forOffice = office.services.flatMap((service) => box.bookings.offers(service, box.clock.read(), 'office'))
    const left = forOffice.flatMap(({ windows }) => windows).reduce((sum, window) => sum + window.left, 0)
    const all = forOffice.flatMap(({ windows }) => windows).length * 2
    expect(left / all).toBeGreaterThan(0.35)
  })

  test('makes a few entries an hour of one ticket and of all that it finds, and a phone elsewhere goes on', async () => {
    const tickets = Array.from(
      { length: 30 },
      () => box.queue.takeTicket({ service: office.services[0], actor: 'kiosk:1', key: null }).ticket,
    )
    const [own = '', ...others] = tickets
    const before = entries()
    for (let minute = 0; minute < 60; minute++) {
      for (const path of ['cancel', 'undo', 'give-way', 'undo'])
        for (const address of ['192.168.1.66', '10.0.0.66', '172.16.0.66'])
          await command(address, `/api/tickets/${own}/${path}`)
      box.time.advance(60_000)
    }
    // Six at once and six an hour: whoever they are, of one ticket.
    expect(entries() - before).toBeLessThanOrEqual(13)

    const then = entries()
    for (let minute = 0; minute < 60; minute++) {
      for (const ticket of others)
        for (const path of ['cancel', 'undo']) await command('192.168.1.66', `/api/tickets/${ticket}/${path}`)
      box.time.advance(60_000)
    }
    expect(entries() - then).toBeLessThanOrEqual(6 + 240)
    const fresh = box.queue.takeTicket({ service: office.services[0], actor: 'kiosk:1', key: null }).ticket
    expect((await command('192.168.1.67', `/api/tickets/${fresh}/cancel`)).statusCode).toBe(200)
  })

  test('asks for PINs no faster than twelve at once, and keeps no clerk elsewhere from logging in', async () => {
    const ask = (localAddress: string, account: string, pin: string) =>
      new Promise<number>((resolve, reject) => {
        const sent = request(
          `https://127.0.0.1:${box.https.port}/api/session`,
          {
            method: 'POST',
            rejectUnauthorized: false, // whose certificate it is, tests of certificates ask
            headers: { 'x-balai': '1', 'content-type': 'application/json' },
            ...{ localAddress, agent: false },
          },
          (answer) => {
            answer.resume()
            resolve(answer.statusCode ?? 0)
          },
        )
        sent.once('error', reject)
        sent.end(JSON.stringify({ account, pin }))
      })
    // An account that nobody has: no PIN is looked at, the budget is.
    const answers = []
    for (let i = 0; i < 15; i++) answers.push(await ask('127.0.0.9', newId(), '111222'))
    expect(answers).toEqual([...Array.from({ length: 12 }, () => 404), 429, 429, 429])
    expect(await ask('127.0.0.8', office.clerks[0], testPin)).toBe(200)
  })

  test('leaves the kiosk all of its numbers', async () => {
    await bookAll(['192.168.1.66'])
    for (let i = 0; i < 100; i++) await send('192.168.1.66', 'GET', '/api/booking-offers')
    const taken = await send('127.0.0.1', 'POST', '/api/tickets', { service: office.services[0], key: newId() }, kiosk)
    expect(taken.statusCode).toBe(201)
  })
})
