import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../appliance/base/ids.ts'

/*
 * A hostile phone, in a process of its own: it holds streams open and books every place that is offered, then leaves the
 * line and takes that back without end, then asks for codes and views as well, as fast as it is let. Told what to do by
 * its parent: { url, address, tickets, seconds }; answers what it got.
 */

type Wanted = { url: string; address: string; tickets: string[]; seconds: number }
type Window = { service: string; day: string; from: number; left: number }

process.on('message', (wanted: Wanted) => {
  void attack(wanted).then((got) => process.send?.(got))
})

async function attack({ url, address, tickets, seconds }: Wanted) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, localAddress: address })
  const began = performance.now()
  const got = { booked: 0, steps: 0, asked: 0, streams: 0 }

  function send(method: string, path: string, body?: object): Promise<{ status: number; text: string }> {
    got.asked++
    return new Promise((resolve) => {
      const sent = request(
        url + path,
        { agent, method, headers: { 'x-balai': '1', ...(body ? { 'content-type': 'application/json' } : {}) } },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8')
          answer.on('data', (chunk: string) => {
            text += chunk
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
          answer.on('error', () => resolve({ status: 0, text: '' }))
        },
      )
      sent.once('error', () => resolve({ status: 0, text: '' }))
      sent.end(body ? JSON.stringify(body) : undefined)
    })
  }

  async function readOffers(): Promise<Window[]> {
    const { status, text } = await send('GET', '/api/booking-offers')
    if (status !== 200) return []
    type Offered = { services: { service: string; days: { day: string; windows: Window[] }[] }[] }
    return (JSON.parse(text) as Offered).services.flatMap(({ service, days }) =>
      days.flatMap(({ day, windows }) => windows.map(({ from, left }) => ({ service, day, from, left }))),
    )
  }

  /** Who is told to wait tries again at once, and spends no more on it than it must. */
  async function insist(path: string, body: () => object): Promise<boolean> {
    const { status } = await send('POST', path, body())
    if (status === 429) await sleep(100)
    return status >= 200 && status < 300
  }

  async function book(until: number): Promise<void> {
    while (performance.now() < until)
      for (const { service, day, from, left } of await readOffers())
        for (let i = 0; i < left && performance.now() < until; i++) {
          const body = () => ({ service, day, from, phone: newId(), key: newId() })
          if (await insist('/api/bookings', body)) got.booked++
        }
  }

  async function churn(until: number): Promise<void> {
    while (performance.now() < until)
      for (const ticket of tickets)
        for (const step of ['cancel', 'undo'])
          if (await insist(`/api/tickets/${ticket}/${step}`, () => ({ key: newId() }))) got.steps++
  }

  async function ask(until: number, method: string, path: string, body?: object): Promise<void> {
    while (performance.now() < until) await send(method, path, body)
  }

  const open = Array.from({ length: 300 }, () => {
    const sent = request(`${url}/live/line`, { localAddress: address, agent: false }, (answer) => {
      if (answer.statusCode === 200) got.streams++
      answer.resume()
      answer.on('error', () => {})
    })
    sent.on('error', () => {})
    sent.end()
    return sent
  })
  const third = (n: number) => began + (n * seconds * 1_000) / 3
  await book(third(1))
  await churn(third(2))
  await Promise.all([
    churn(third(3)),
    ask(third(3), 'POST', '/api/device', { kind: 'kiosk' }),
    ...Array.from({ length: 8 }, () => ask(third(3), 'GET', '/api/booking-offers')),
    ...Array.from({ length: 4 }, () => ask(third(3), 'GET', `/api/tickets/${tickets[0]}`)),
  ])
  for (const one of open) one.destroy()
  agent.destroy()
  return got
}
