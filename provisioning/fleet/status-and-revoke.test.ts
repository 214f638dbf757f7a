import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../appliance/base/errors.ts'
import { adopt, ageOf } from '../../appliance/enrolment/membership.ts'
import { readEnrolment } from '../../appliance/wire/enrolment.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { openFleet } from './fleet.ts'
import { issueCertificates, issueEnrolments, reissueEnrolment } from './issue.ts'
import { deliverLists } from './push-revocations.ts'
import { readRegister } from './register.ts'
import { revokeVillage } from './revoke.ts'
import { rotateServers } from './rotate.ts'
import { listDue, statusOf } from './status.ts'

/* What a fleet needs in the years after it was made. */

const now = Date.now()
const day = 24 * 60 * 60_000
const [open, carried, gone] = ['3510242001', '3510242002', '3510242003']
let made: Awaited<ReturnType<typeof openTestFleet>>
beforeAll(async () => {
  made = await openTestFleet({ now })
  const [first, second, third] = testOffices(3)
  if (!first || !second || !third) throw new TypeError('Three offices are needed.')
  await issueEnrolments(made.fleet, [first, second, third], { now, days: 30 })
  await issueCertificates(made.fleet, [second], { now })
  await revokeVillage(made.fleet, third.village, now)
})
afterAll(() => made.remove())

const names = (n: number) => ({ name: `Desa Desa ${n}`, district: 'Licin' })

test('status says of each village what it holds and until when', () => {
  const register = readRegister(made.folder)
  expect(statusOf(made.folder, register, now)).toEqual([
    {
      ...names(1),
      village: open,
      file: { state: 'open', at: now + 30 * day },
      certificate: { state: 'none', at: null },
    },
    {
      ...{ ...names(2), village: carried },
      file: { state: 'open', at: now + 30 * day },
      certificate: { state: 'good', at: now + 825 * day },
    },
    { ...names(3), village: gone, file: { state: 'revoked', at: now }, certificate: { state: 'none', at: null } },
  ])
  expect(statusOf(made.folder, register, now + 31 * day)[0]?.file.state).toBe('ended')
  expect(statusOf(made.folder, register, now + 826 * day)[1]?.certificate.state).toBe('ended')
})

test('what is due is named in the order of its end, and what was taken back is not', () => {
  const soon = listDue(made.fleet, { now, until: now + 31 * day })
  expect(soon.map(({ what, kind }) => [what, kind])).toEqual([
    [open, 'file'],
    [carried, 'file'],
  ])
  const later = listDue(made.fleet, { now, until: now + 826 * day }).map(({ what }) => what)
  expect(later).toContain('broker/broker.pem')
  expect(later).toContain('hub-2/console.pem')
  expect(later).not.toContain('root-ca.pem')
  expect(later).not.toContain(gone)
})

const revokedIn = (list: string): string =>
  spawnSync('openssl', ['crl', '-noout', '-text', '-in', made.path(`broker/${list}`)], { encoding: 'utf8' }).stdout

test('the certificates of one box are taken back, and those of the village’s other ones stay', async () => {
  const village = '3510242004'
  const [office] = testOffices(4).slice(3)
  if (!office) throw new TypeError('There is no fourth office.')
  for (const one of [1, 2]) await issueCertificates(made.fleet, [office], { now: now + one, again: true })
  const certificates = () => readRegister(made.folder).villages[village]?.certificates ?? []
  const [first, second] = certificates()
  await expect(revokeVillage(made.fleet, village, now, 'ffffffffffff')).rejects.toThrow(/no certificate whose serial/)
  await expect(revokeVillage(made.fleet, village, now, '')).rejects.toThrow(/beginning of more than one box/)
  expect(await revokeVillage(made.fleet, village, now + 3, first?.serial.slice(0, 12))).toBe(1)
  expect(certificates().map(({ revokedAt }) => revokedAt)).toEqual([now + 3, undefined])
  expect(revokedIn('ca.crl')).toContain(first?.serial.toUpperCase())
  expect(revokedIn('ca.crl')).not.toContain(second?.serial.toUpperCase())
})

test('a village whose box is replaced gets another file that says so, of the same office; its last one opens nothing more', async () => {
  const before = readEnrolment(made.read(`villages/balai-enrol-${open}.json`), now).file
  await reissueEnrolment(made.fleet, open, { now: now + 1, days: 10 })
  const after = readEnrolment(made.read(`villages/balai-enrol-${open}.json`), now).file
  expect(after).toMatchObject({ reissue: true, name: before?.name, district: before?.district, village: open })
  expect(after?.token).not.toBe(before?.token)
  const { claims } = readRegister(made.folder).villages[open] ?? { claims: [] }
  expect(claims.map(({ revokedAt }) => revokedAt)).toEqual([now + 1, undefined])
  // Both boxes have one client id at the broker: the old one has to stay out.
  const { serial } = readRegister(made.folder).villages[carried]?.certificates[0] ?? { serial: '' }
  await reissueEnrolment(made.fleet, carried, { now: now + 2, days: 10 })
  expect(readRegister(made.folder).villages[carried]?.certificates.map(({ revokedAt }) => revokedAt)).toEqual([now + 2])
  expect(revokedIn('ca.crl')).toContain(serial.toUpperCase())
  await expect(reissueEnrolment(made.fleet, '3510249999', { now, days: 10 })).rejects.toThrow(/has had no file here/)
})

test('R3: a file that is made after this machine’s clock was set back is newer all the same, to the box as well', async () => {
  const [office] = testOffices(4).slice(3)
  if (!office) throw new TypeError('An office is needed.')
  const file = () => readEnrolment(made.read(`villages/balai-enrol-${office.village}.json`), 0).file
  await issueEnrolments(made.fleet, [office], { now, days: 30 })
  const first = file()
  await reissueEnrolment(made.fleet, office.village, { now: now - 2_000 * day, days: 10 })
  const second = file()
  await reissueEnrolment(made.fleet, office.village, { now: now - 1_000 * day, days: 10 })
  const third = file()
  if (!first || !second || !third) throw new TypeError('A file does not read.')
  expect([second.issuedAt, third.issuedAt]).toEqual([first.issuedAt + 1, first.issuedAt + 2])
  expect(ageOf(adopt(made.path('box'), first), third)).toBe('new')
})

test('rotated servers have new keys below the same authority, and the old ones are kept', async () => {
  const before = made.read('broker/broker.pem')
  const files = await rotateServers(made.fleet, now)
  expect(files).toHaveLength(10)
  const after = made.read('broker/broker.pem')
  const keyOf = (pem: string) => new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' })
  expect(keyOf(after)).not.toBe(keyOf(before))
  const verified = spawnSync('openssl', [
    ...['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', made.path('root-ca.pem')],
    ...['-untrusted', made.path('issuing-ca.pem'), made.path('broker/broker.pem')],
  ])
  expect(verified.status).toBe(0)
  const attic = join('old', new Date(now).toISOString().slice(0, 10))
  expect(made.read(join(attic, 'broker/broker.pem'))).toBe(before)
  expect(readdirSync(made.path('hub-1'))).not.toContainEqual(expect.stringMatching(/\.new$/))
})

describe('bringing the lists to the broker', () => {
  const withSettings = (settings: object) => ({ ...made.fleet, settings: { ...made.fleet.settings, ...settings } })

  test('a broker on another machine is left to people', () => {
    expect(deliverLists(withSettings({ broker_folder: '/nowhere/mosquitto' }), { cut: true })).toBe('not-here')
  })

  test('here the lists are copied, and the commands of fleet.toml are run', () => {
    const broker_folder = made.path('installed')
    mkdirSync(broker_folder)
    copyFileSync(made.path('root-ca.pem'), join(broker_folder, 'ca.crl'))
    const trace = join(broker_folder, 'trace')
    const commands = {
      broker_folder,
      broker_reload: ['touch', `${trace}-reload`],
      broker_restart: ['touch', `${trace}-restart`],
    }
    expect(deliverLists(withSettings({ broker_folder }), { cut: false })).toBe('copied')
    expect(deliverLists(withSettings(commands), { cut: false })).toBe('reloaded')
    expect(deliverLists(withSettings(commands), { cut: true })).toBe('restarted')
    expect(made.read('installed/ca.crl')).toBe(made.read('broker/ca.crl'))
    expect(readdirSync(broker_folder).sort()).toEqual(['ca.crl', 'claim-ca.crl', 'trace-reload', 'trace-restart'])
    const failing = withSettings({ broker_folder, broker_restart: ['false'] })
    expect(() => deliverLists(failing, { cut: true })).toThrow(AppError)
  })
})

describe('N14: a file of the folder that is damaged is named, with where the right one is', () => {
  const [office] = testOffices(1)
  const names = [
    ...['issuing-ca.key', 'claim-ca.pem', 'lan-ca.key', 'root-ca.pem', 'lan-root.pem', 'hub-key.pem'],
    ...['sealing.key', 'wipe.key', 'recovery/3510242001.key'],
  ]
  test.each(
    names.flatMap((name) => [
      [name, ''],
      [name, 'rubbish\n'],
    ]),
  )('%s, which says %j', async (name, text) => {
    const before = made.read(name)
    writeFileSync(made.path(name), text)
    const issue = async () =>
      issueEnrolments(await openFleet(made.folder), office ? [office] : [], { now, days: 30, again: true })
    await expect(issue()).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(new RegExp(`${name}.*\\. Take it from the copy of this folder in the safe\\.$`)),
    })
    expect(made.read(name)).toBe(text)
    writeFileSync(made.path(name), before)
    await issue()
  })
})
