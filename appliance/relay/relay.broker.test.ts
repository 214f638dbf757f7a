import { connectAsync } from 'mqtt'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { startMosquitto } from '../../testing/servers.ts'
import { openTestBox, testVillage } from '../../testing/test-box.ts'
import { openIdentity } from '../base/broker/identity.ts'
import { packFrame, unpackFrame } from '../wire/frame.ts'
import type { Batch, Hello } from '../wire/messages.ts'
import { villageTopics } from '../wire/topics.ts'
import { createRelay } from './relay.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A relay at a real broker, and a hub that has everything and takes everything, and says whose the village is. */
async function openRelay({ owner = null }: { owner?: string | null } = {}) {
  const broker = await startMosquitto()
  closers.push(broker.stop)
  const box = await openTestBox()
  closers.push(box.remove)
  const { store, journal, alarms, clock, folder } = box
  const topics = villageTopics(testVillage)
  const hub = await connectAsync(broker.url)
  closers.push(() => hub.endAsync())
  let ack: Buffer | null = null
  const answer = () => ack && hub.publish(topics.ack, ack, { qos: 1 })
  hub.on('message', (topic, payload) => {
    if (topic === topics.up) {
      const { session, n, epoch } = unpackFrame(payload) as Batch
      const { seq, hash } = journal.head()
      const place = { epoch, seq, hash: hash.toString('base64url') }
      hub.publish(topics.ack, packFrame({ session, re: n, window: 1, now: Date.now(), ...place }), { qos: 1 })
      return
    }
    const { session, n, epochs } = unpackFrame(payload) as Hello
    const held = epochs.map(({ epoch, last }) => ({
      ...{ epoch, seq: last, common: last },
      hash: journal.hashAt(epoch, last)?.toString('base64url') ?? '',
    }))
    ack = packFrame({ session, re: n, owner, window: 1, now: Date.now(), epochs: held })
    answer()
  })
  await hub.subscribeAsync([topics.hello, topics.up], { qos: 1 })
  const told = { changes: 0, times: 0, said: [] as string[] }
  const note = (_details: object, what: string) => told.said.push(what)
  const relay = createRelay(
    { brokers: () => [broker.url], clientId: testVillage, credentials: () => ({}), time: clock.belief },
    {
      ...{ store, journal, alarms, clock, certificates: null, version: 'test', hubKey: null },
      identity: openIdentity(folder, { serial: 'test', card: 'test' }),
      health: () => ({}) as never,
      onChange: () => told.changes++,
      datasets: null,
      files: null,
      onCommand: () => {},
      onTime: () => told.times++,
      log: Object.assign(pino({ level: 'silent' }), { error: note, warn: note }),
    },
  )
  closers.push(relay.stop)
  return { box, relay, told, answer }
}

test('a card that takes nothing when the regency names another box is said, and tried again at the next input', async () => {
  const { box, relay, told } = await openRelay({ owner: 'x'.repeat(22) })
  const { store, journal, office } = box
  store.db.pragma('query_only = ON') // a worn card becomes read-only
  relay.start()
  await expect.poll(() => told.said).toContain('the disk failed beside the line to the regency')
  expect(told.said).not.toContain('a message of the broker was not understood')
  store.db.pragma('query_only = OFF')
  expect(journal.numbersHeld()).toBeNull()
  office.changeNotice({ text: 'pagi', actor: 'box', key: null })
  expect(journal.numbersHeld()).toBe('not-owner')
})

test('an answer that changes nothing that is shown makes no view anew', async () => {
  const { relay, told, answer } = await openRelay()
  relay.start()
  await expect.poll(() => relay.view().sentAsOf).not.toBeNull()
  const { changes, times } = told
  for (let again = 0; again < 3; again++) answer()
  await expect.poll(() => told.times).toBe(times + 3)
  expect(told.changes).toBe(changes)
})

test('what the regency has confirmed is on the disk once the line has been closed', async () => {
  const { box, relay } = await openRelay()
  const stored = () => box.store.db.prepare<[], number>('SELECT seq FROM cursor').pluck().get()
  relay.start()
  await expect.poll(stored).toBe(box.journal.head().seq)
  box.office.changeNotice({ text: 'siang', actor: 'box', key: null })
  const { seq } = box.journal.head()
  await expect.poll(() => relay.view().waiting).toBe(0)
  expect(stored()).toBe(seq - 1)
  await relay.stop()
  expect(stored()).toBe(seq)
})
