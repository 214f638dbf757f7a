import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Server, startMosquitto } from '../../testing/servers.ts'
import { tab } from '../testing/node-red.ts'
import { type OfficeWithFlows, openOfficeWithFlows, shipped } from '../testing/office-with-flows.ts'

/* Flows that speak with a broker of the office: flows.nodes = ["mqtt"]. The broker is real, relay and camera are clients. */

let all: OfficeWithFlows
let broker: Server
let device: MqttClient
const heard: string[] = []
const place = 'ruang-tunggu/orang'
/** Kept by the broker: the flow is connected before it has subscribed. */
const tell = (said: string) => device.publishAsync(place, said, { retain: true })

beforeAll(async () => {
  broker = await startMosquitto()
  all = await openOfficeWithFlows()
  device = await connectAsync(`mqtt://127.0.0.1:${broker.port}`)
  device.on('message', (topic, bytes) => heard.push(`${topic} ${bytes}`))
  await device.subscribeAsync('cmnd/#')
})
afterEach(async () => {
  await all.red.deploy([tab])
  all.red.forget()
  await device.publishAsync(place, '', { retain: true })
})
afterAll(async () => {
  await device.endAsync()
  await all.close()
  await broker.stop()
})

test('2: a Tasmota relay is told to light when its counter calls, and to go dark when its time is over', async () => {
  const { red } = all
  await red.deploy(
    shipped('02-lampu-panggilan-tasmota', {
      'balai-f2t-broker': { port: String(broker.port) },
      'balai-f2t-five': { duration: '50', units: 'ms' },
    }),
  )
  await red.status('balai-f2t-called', /baru di sini/)
  await red.status('balai-f2t-relay', /connected/)
  all.take()
  all.next(1)
  await expect.poll(() => heard).toEqual(['cmnd/loket-2/POWER ON', 'cmnd/loket-2/POWER OFF'])
})

test.each([
  ['7', 7],
  ['{"count": 4}', 4],
  ['{"in": 12, "out": 5}', 7],
  ['{"in": 3, "out": 5}', 0],
])('8: %s people in the room stand in the box’s health as %i', async (said, people) => {
  const { red, box } = all
  await red.deploy(shipped('08-kamera-antrean', { 'balai-f8-broker': { port: String(broker.port) } }))
  await red.status('balai-f8-sensor', /connected/)
  await tell(said)
  await red.completed('balai-f8-reading')
  expect(box.automation.view().readings).toEqual([{ name: 'orang di ruang tunggu', value: people, unit: 'orang' }])
  red.give('balai-f8-again')
  expect((await red.received('balai-f8-reading', 2)).at(-1)).toMatchObject({ payload: people })
})

test('8: what is no number of people changes nothing', async () => {
  const { red, box } = all
  const before = box.automation.view().readings
  await red.deploy(shipped('08-kamera-antrean', { 'balai-f8-broker': { port: String(broker.port) } }))
  await red.status('balai-f8-sensor', /connected/)
  await tell('offline')
  await red.completed('balai-f8-people')
  expect(red.receivedSoFar('balai-f8-reading')).toEqual([])
  expect(box.automation.view().readings).toEqual(before)
})
