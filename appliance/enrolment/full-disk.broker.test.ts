import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startMosquitto } from '../../testing/servers.ts'
import { createTestClock, openTestBox, testVillage } from '../../testing/test-box.ts'
import { createAlarms } from '../base/alarms.ts'
import { openIdentity } from '../base/broker/identity.ts'
import { createClock } from '../base/clock.ts'
import { openLanCertificate } from '../base/web/lan-certificate.ts'
import { createRelay } from '../relay/relay.ts'
import { startEnrolment } from './enrolment.ts'
import { type Member, openMembership } from './membership.ts'
import { createRenewal } from './renewal.ts'

/*
 * A disk that takes nothing more when a certificate is due. Vitest fails a file in which a rejected promise is left to
 * itself; the program would end. A folder in the place of the file stands for the full disk.
 */

const folder = mkdtempSync(join(tmpdir(), 'balai-full-'))
const system = createTestClock()
const clock = createClock(system)
const hardware = { serial: 'test', card: 'test' }
const failures: string[] = []
const note = (_details: object, what: string) => failures.push(what)
let broker: Awaited<ReturnType<typeof startMosquitto>>
beforeAll(async () => {
  clock.setNtp(true)
  broker = await startMosquitto()
})
afterAll(async () => {
  await broker.stop()
  rmSync(folder, { recursive: true })
})

async function openFullMember(name: string) {
  const data = join(folder, name)
  mkdirSync(join(data, 'member'), { recursive: true })
  const member = { village: testVillage, enrolBroker: broker.url.replace('mqtt:', 'mqtts:') } as Member
  const membership = openMembership(data, member)
  const { cert: certificate, key } = await openLanCertificate(data, ['balai.local'], clock.belief())
  for (const purpose of ['identity', 'lan'] as const)
    membership.keepPair(purpose, { certificate, key }, { atOnce: true })
  membership.keepPair('identity', { certificate, key }, { atOnce: false })
  for (const purpose of ['identity', 'lan'])
    mkdirSync(join(data, 'member', `${purpose}-request.key.new`, 'full'), { recursive: true })
  return { data, membership, identity: openIdentity(data, hardware) }
}

test('a renewal that cannot write is said, and the line to the broker lives on', async () => {
  const box = await openTestBox({ folder: join(folder, 'box'), system })
  const { data, membership, identity } = await openFullMember('renewal')
  // The successor cannot take its place either.
  rmSync(join(data, 'member', 'identity.pem'))
  mkdirSync(join(data, 'member', 'identity.pem', 'full'), { recursive: true })
  const renewal = createRenewal({
    ...{ membership, clock, identity, lanNames: () => [], servesLan: () => false, onRenewed: () => {} },
    log: { info: () => {}, warn: note },
  })
  const relay = createRelay(
    { brokers: () => [broker.url], clientId: testVillage, credentials: membership.credentials, time: clock.belief },
    {
      ...{ store: box.store, journal: box.journal, alarms: box.alarms, clock, identity, certificates: renewal },
      datasets: null,
      files: null,
      onCommand: () => {},
      ...{ version: 'test', hubKey: null, health: () => ({}) as never, onChange: () => {}, onTime: () => {} },
      log: Object.assign(pino({ level: 'silent' }), { error: note }),
    },
  )
  membership.credentials() // the successor's turn
  relay.start()
  await expect.poll(() => failures.filter((what) => what.includes('could not be kept')).length).toBeGreaterThan(1)
  await expect.poll(() => relay.view().state).toBe('connected')
  await relay.stop()
  await box.close()
})

test('an enrolment that cannot write is tried again', async () => {
  const { data, membership, identity } = await openFullMember('enrolment')
  writeFileSync(join(data, 'member', 'claim.json'), JSON.stringify({ token: 't', certificate: 'c', key: 'k' }))
  failures.length = 0
  const enrolment = startEnrolment({
    ...{ membership, identity, clock, lanNames: () => [], onDone: () => {} },
    alarms: createAlarms(clock.monotonicMs, clock.monotonicMs, () => {}),
    log: { info: () => {}, warn: note },
  })
  await expect.poll(() => failures).toContain('asking for the certificates failed')
  await enrolment.stop()
})

test('what follows on a finished enrolment and fails is said', async () => {
  const { membership, identity } = await openFullMember('finished')
  failures.length = 0
  const enrolment = startEnrolment({
    ...{ membership, identity, clock, lanNames: () => [] },
    alarms: createAlarms(clock.monotonicMs, clock.monotonicMs, () => {}),
    log: { info: () => {}, warn: note },
    onDone: () => {
      throw new Error('full')
    },
  })
  await expect.poll(() => failures).toContain('the enrolment did not go on')
  await enrolment.stop()
})
