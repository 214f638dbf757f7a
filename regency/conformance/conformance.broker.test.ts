import { connectAsync } from 'mqtt'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../appliance/base/clock.ts'
import { publicKeyOf, readPrivateKey } from '../../appliance/wire/sign.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import { type HubAndBoxes, hubSeed, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { furnish } from '../../testing/test-box.ts'
import { boxFaults, startWrongBox } from '../../testing/wrong-boxes.ts'
import { receiverFaults, startReceiver } from '../../testing/wrong-receivers.ts'
import { createFindings } from './finding.ts'
import { openLine } from './line.ts'
import { strangeIdentity } from './played-journal.ts'
import { tryBox } from './try-box.ts'
import { tryReceiver } from './try-receiver.ts'

/* The contract as a product: what holds it passes, and what is wrong in one way is found to be, by the rule. */

let place: HubAndBoxes
const villages = Array.from({ length: 13 }, (_, n) => `35102420${String(n + 1).padStart(2, '0')}`)
let used = 0
const newVillage = (): string => villages[used++] ?? ''
const closers: (() => unknown)[] = []
beforeAll(async () => {
  place = await openHubAndBoxes('conformance', villages)
}, 30_000)
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await place.closeOpened()
})
afterAll(() => place.close())

const now = systemClock.wall
const hubKey = readPrivateKey(hubSeed)

async function tryOneReceiver(village: string, key: string | null, restart: (() => Promise<void>) | null) {
  const { ack, chunk } = villageTopics(village)
  const line = await openLine(place.broker.url, [ack, chunk], { clientId: village })
  closers.push(line.close)
  const findings = createFindings(() => {})
  await tryReceiver({
    ...{ line, village, identity: strangeIdentity(), hubKey: key, restart, now, findings },
    answerMs: 1_500,
    echoMs: 120,
  })
  return findings.findings
}

async function tryOneBox(village: string) {
  const { presence, health, hello, up, want } = villageTopics(village)
  const line = await openLine(place.broker.url, [presence, health, hello, up, want], { clientId: `hub-${village}` })
  closers.push(line.close)
  const findings = createFindings(() => {})
  const cut = async () => {
    const thief = await connectAsync(place.broker.url, { clientId: village, reconnectPeriod: 0 })
    await thief.endAsync(true)
  }
  await tryBox({ ...{ line, village, hubKey, cut, now, findings }, connectMs: 20_000, watchMs: 1_000 })
  return findings.findings
}

const broken = (findings: { rule: string; what: string; wrong: string | null }[]) =>
  findings.filter(({ wrong }) => wrong !== null).map(({ rule, what, wrong }) => `${rule} ${what}: ${wrong}`)

test('our hub holds every rule, also when it is restarted right behind its answers', async () => {
  await place.openReadyHub()
  const village = newVillage()
  const restart = async () => {
    await place.closeOpened()
    await place.openReadyHub()
  }
  const findings = await tryOneReceiver(village, publicKeyOf(hubKey), restart)
  expect(broken(findings)).toEqual([])
  expect(findings.length).toBeGreaterThan(17)
}, 120_000)

/** By which a fault is known. */
const receiverSigns: Record<(typeof receiverFaults)[number], RegExp> = {
  'acks before the commit': /^SYNC-005 what it acknowledges it has committed/,
  'does not check the chain with `head`': /^SYNC-005 a batch whose entries do not end in its `head`/,
  'ignores `origin`': /^SYNC-008 .*the `origin` is lost$/,
  'answers every batch twice': /^SYNC-001 a question is answered once/,
  'forgets `after`': /^SYNC-005 an epoch does not begin where what stands before it/,
  'takes entries of an unknown key': /^SYNC-005 a batch that is signed by a key that nobody enrolled/,
}

test.each([null, ...receiverFaults])(
  'a receiver: %s',
  async (wrong) => {
    const village = newVillage()
    const receiver = await startReceiver(place.broker.url, village, wrong)
    closers.push(receiver.stop)
    const found = broken(await tryOneReceiver(village, receiver.hubKey, receiver.kill))
    if (wrong === null) expect(found).toEqual([])
    else expect(found).toContainEqual(expect.stringMatching(receiverSigns[wrong]))
  },
  120_000,
)

test('our box holds every rule', async () => {
  const village = newVillage()
  const box = await place.openOffice(village, { system: systemClock })
  const { services } = await furnish(box)
  for (let n = 0; n < 700; n++) box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  const findings = await tryOneBox(village)
  expect(broken(findings)).toEqual([])
  expect(findings.length).toBeGreaterThan(7)
}, 120_000)

const boxSigns: Record<(typeof boxFaults)[number], RegExp> = {
  'moves its cursor on PUBACK': /^SYNC-002 nothing goes on before it is acknowledged/,
  'reuses a session': /^SYNC-001 each connection has a session of its own/,
  'sends unverified entries': /^SYNC-009 a batch ends in its `head`/,
  'carries out a retained command': /^SYNC-018 a retained command is not carried out/,
}

test.each(boxFaults)(
  'a box that %s',
  async (wrong) => {
    const village = newVillage()
    const box = await startWrongBox(place.broker.url, { village, hubKey: publicKeyOf(hubKey), wrong })
    closers.push(box.stop)
    expect(broken(await tryOneBox(village))).toContainEqual(expect.stringMatching(boxSigns[wrong]))
  },
  120_000,
)
