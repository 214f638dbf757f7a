import { expect, onTestFinished, test } from 'vitest'
import { openTestBox } from '../../testing/test-box.ts'
import { minuteMs } from '../base/time.ts'
import { setUpOffice } from './demo-office.ts'
import { endLivePlay, openLivePlay, playedClerks } from './play-live.ts'

/** The demo's office, played for so many minutes of its box's clock, looked at each second. */
async function openPlayed({ seed = 1, speed = 10 } = {}) {
  const box = await openTestBox()
  onTestFinished(box.remove)
  await setUpOffice(box)
  const play = await openLivePlay(box, { speed, seed })
  const count = (type: string) =>
    box.store.db.prepare('SELECT count(*) FROM entry WHERE type = ?').pluck().get(type) as number
  return {
    ...box,
    count,
    pass(minutes: number) {
      for (let second = 0; second < minutes * 60; second++) {
        box.time.advance(minuteMs / 60)
        play.look()
      }
    },
    accountOf: (name: string) => box.people.accounts().find((one) => one.name === name)?.account ?? '',
  }
}

test('people come, are called, called again, served, missed, and say how it was', async () => {
  const { pass, count, queue } = await openPlayed()
  pass(90)
  for (const type of ['taken', 'called', 'recalled', 'completed', 'missed', 'closed'])
    expect(count(`queue.ticket-${type}`), type).toBeGreaterThan(0)
  expect(count('queue.survey-answered')).toBeGreaterThan(0)
  expect(count('queue.ticket-completed')).toBeGreaterThan(count('queue.ticket-missed'))
  expect(queue.openTickets().filter(({ state }) => state === 'waiting').length).toBeLessThanOrEqual(14)
})

test('twice the speed is about twice the visitors', async () => {
  const slow = await openPlayed({ speed: 10 })
  slow.pass(60)
  const fast = await openPlayed({ speed: 20 })
  fast.pass(60)
  const times = fast.count('queue.ticket-completed') / slow.count('queue.ticket-completed')
  expect(times).toBeGreaterThan(1.6)
  expect(times).toBeLessThan(2.4)
})

test('a seed brings the same visitors each time', async () => {
  const visitorsOf = async () => {
    const { pass, queue, office } = await openPlayed({ seed: 7 })
    pass(20)
    expect(queue.openTickets().length).toBeGreaterThan(0)
    return queue
      .openTickets()
      .map(({ label, state, counter }) => [label, state, counter && office.counter(counter).name])
  }
  expect(await visitorsOf()).toEqual(await visitorsOf())
})

test('a counter where a person sits is not played, until they leave; two are free from the beginning', async () => {
  const { pass, office, queue, accountOf } = await openPlayed()
  const [first, second, third, fourth] = office.counters().map(({ counter }) => counter) as [
    string,
    string,
    string,
    string,
  ]
  const me = { account: accountOf('Petugas 1'), actor: accountOf('Petugas 1'), key: null }
  office.sit({ ...me, counter: first })
  pass(10)
  expect(office.counter(first).account).toBe(me.account)
  expect(queue.ticketAt(first)).toBeNull()
  expect(office.counter(second).account).toBe(accountOf(playedClerks[1]))
  expect([third, fourth].map((counter) => office.counter(counter).account)).toEqual([null, null])

  const mine = queue.callNext({ ...me, counter: first })
  pass(10)
  expect(queue.ticket(mine.ticket).state).toBe('called')
  queue.start({ ...me, ticket: mine.ticket })
  queue.complete({ ...me, ticket: mine.ticket, result: 'done' })
  office.leave({ ...me, counter: first })
  pass(10)
  expect(office.counter(first).account).toBe(accountOf(playedClerks[0]))
})

test('people come for what a person serves, too', async () => {
  const { pass, office, queue, accountOf } = await openPlayed()
  const only = office.services().find(({ prefix }) => prefix === 'E')?.service
  pass(20)
  expect(queue.openTickets().some(({ service }) => service === only)).toBe(false)
  const me = { account: accountOf('Petugas 1'), actor: accountOf('Petugas 1'), key: null }
  office.sit({ ...me, counter: office.counters()[2]?.counter ?? '' })
  pass(60)
  expect(queue.openTickets().some(({ service }) => service === only)).toBe(true)
})

test('nobody comes before the office knows what day it is', async () => {
  const box = await openTestBox({ trusted: false })
  onTestFinished(box.remove)
  await setUpOffice(box)
  const play = await openLivePlay(box, { speed: 10, seed: 1 })
  box.time.advance(minuteMs)
  play.look()
  expect(box.office.counters().map(({ account }) => account)).toEqual([null, null, null, null])
})

test('its end leaves no ticket at a counter and nobody of those who played, and it can begin again', async () => {
  const box = await openPlayed()
  box.pass(30)
  endLivePlay(box)
  expect(box.office.counters().map(({ account }) => account)).toEqual([null, null, null, null])
  expect(box.queue.openTickets().every(({ counter }) => counter === null)).toBe(true)
  const played = () => box.people.accounts().filter(({ name }) => playedClerks.some((one) => one === name))
  expect(played().map(({ active }) => active)).toEqual([false, false])

  const again = await openLivePlay(box, { speed: 10, seed: 1 })
  again.look()
  expect(played().map(({ active }) => active)).toEqual([true, true])
  expect(box.office.counters()[0]?.account).toBe(box.accountOf(playedClerks[0]))
})
