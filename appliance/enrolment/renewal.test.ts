import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createTestClock, testVillage } from '../../testing/test-box.ts'
import { openIdentity } from '../base/broker/identity.ts'
import { createClock } from '../base/clock.ts'
import { openLanCertificate } from '../base/web/lan-certificate.ts'
import { type Member, openMembership } from './membership.ts'
import { createRenewal } from './renewal.ts'

const folder = mkdtempSync(join(tmpdir(), 'balai-renewal-'))
afterAll(() => rmSync(folder, { recursive: true }))
const issued = Date.UTC(2026, 10, 28)
const day = 86_400_000

test.each([
  ['2036', Date.UTC(2036, 0, 1)],
  ['ten months ahead', issued + 300 * day],
])('a date mistyped as %s asks for no certificate; the same said by a source does', async (_name, date) => {
  const data = mkdtempSync(join(folder, 'data-'))
  mkdirSync(join(data, 'member'))
  // Only the village of the member is looked at here.
  const membership = openMembership(data, { village: testVillage } as Member)
  const { cert: certificate, key } = await openLanCertificate(data, ['balai.local'], {
    ...{ doubtful: false, floor: issued, now: issued },
  })
  for (const purpose of ['identity', 'lan'] as const)
    membership.keepPair(purpose, { certificate, key }, { atOnce: true })
  const system = createTestClock(issued)
  const clock = createClock(system)
  const renewal = createRenewal({
    ...{ membership, clock, identity: openIdentity(data, { serial: 'test', card: 'test' }) },
    ...{ lanNames: () => [], servesLan: () => true, onRenewed: () => {} },
    log: { info: () => {}, warn: () => {} },
  })
  clock.confirm(date)
  expect(await renewal.due('first')).toBeNull()
  system.advance(3_600_000)
  clock.syncWithHub(date)
  expect(await renewal.due('second')).not.toBeNull()
})
