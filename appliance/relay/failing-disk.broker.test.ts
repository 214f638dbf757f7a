import { connectAsync } from 'mqtt'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startMosquitto } from '../../testing/servers.ts'
import { openTestBox, testVillage } from '../../testing/test-box.ts'
import { openIdentity } from '../base/broker/identity.ts'
import { packFrame, unpackFrame } from '../wire/frame.ts'
import type { Hello } from '../wire/messages.ts'
import { villageTopics } from '../wire/topics.ts'
import { createRelay } from './relay.ts'

test('a card that takes nothing when the regency names another box is said, and tried again at the next input', async () => {
  const broker = await startMosquitto()
  const box = await openTestBox()
  const { store, journal, alarms, clock, folder } = box
  const topics = villageTopics(testVillage)
  const hub = await connectAsync(broker.url)
  hub.on('message', (_topic, payload) => {
    const { session, n, epochs } = unpackFrame(payload) as Hello
    const held = epochs.map(({ epoch, last }) => ({
      ...{ epoch, seq: last, common: last },
      hash: journal.hashAt(epoch, last)?.toString('base64url') ?? '',
    }))
    const ack = { session, re: n, owner: 'x'.repeat(22), window: 1, now: Date.now(), epochs: held }
    hub.publish(topics.ack, packFrame(ack), { qos: 1 })
  })
  await hub.subscribeAsync(topics.hello, { qos: 1 })
  const said: string[] = []
  const note = (_details: object, what: string) => said.push(what)
  const relay = createRelay(
    { url: broker.url, clientId: testVillage, credentials: () => ({}), time: clock.belief },
    {
      ...{ store, journal, alarms, clock, certificates: null, version: 'test', hubKey: null },
      identity: openIdentity(folder, { serial: 'test', card: 'test' }),
      ...{ health: () => ({}) as never, onChange: () => {} },
      log: Object.assign(pino({ level: 'silent' }), { error: note, warn: note }),
    },
  )
  store.db.pragma('query_only = ON') // a worn card becomes read-only
  relay.start()
  await expect.poll(() => said).toContain('the disk failed beside the line to the regency')
  expect(said).not.toContain('a message of the broker was not understood')
  store.db.pragma('query_only = OFF')
  expect(journal.numbersHeld()).toBeNull()
  box.office.changeNotice({ text: 'pagi', actor: 'box', key: null })
  expect(journal.numbersHeld()).toBe('not-owner')
  await relay.stop()
  await hub.endAsync()
  await box.remove()
  await broker.stop()
})
