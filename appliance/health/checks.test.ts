import { describe, expect, test } from 'vitest'
import { healthy, now, sound } from '../../testing/healthy-box.ts'
import { openCatalogues } from '../base/messages/catalogues.ts'
import { alarmChecksOf } from '../base/rooms/room.ts'
import { rooms } from '../rooms.ts'
import { type CheckFacts, listChecks } from './checks.ts'
import { sayAdvice, sayFacts, writeChecks } from './describe-checks.ts'
import { findMachineAlarms, machineAlarms } from './machine-alarms.ts'
import { describeEncryption, nothingRead, type Readings } from './readings.ts'
import type { Check } from './views.ts'

const say = openCatalogues().speak('id')
const words = { say, locale: 'id-ID', zone: 'Asia/Jakarta', now }

const stateOf = (checks: readonly Check[]) => Object.fromEntries(checks.map(({ code, state }) => [code, state]))
const alarmsOf = (readings: Readings) => findMachineAlarms(readings).map((trouble) => ({ ...trouble, since: now }))

test('an office where all is well is green throughout', () => {
  expect(new Set(Object.values(stateOf(listChecks(healthy))))).toEqual(new Set(['good']))
})

test('a box that has taken its enrolment file is not all well before its certificates are here', () => {
  const waiting = { ...healthy, isEnrolling: true, readings: { ...sound, certificateDaysLeft: null } }
  const certificate = listChecks(waiting).find(({ code }) => code === 'certificate')
  expect(certificate).toMatchObject({ state: 'attention', facts: [{ key: 'check.certificate-asked' }] })
})

test('what a machine cannot say is missing, never green', () => {
  const unknown: CheckFacts = {
    ...{
      now,
      alarms: [],
      alarmChecks: alarmChecksOf(rooms),
      readings: nothingRead,
      sizes: null,
      clock: null,
      relay: null,
      printer: null,
      documents: null,
    },
    ...{
      journal: null,
      screens: null,
      sound: null,
      program: { version: '0.2.0', upSpan: null, box: null },
      waitScores: null,
      flows: null,
    },
  }
  const { program, ...rest } = stateOf(listChecks(unknown))
  expect(program).toBe('attention')
  expect(new Set(Object.values(rest))).toEqual(new Set(['missing']))
})

test('a box on a fall-back broker says which one, and why not the first', () => {
  const away = (why: string): string => {
    const relay = {
      ...(healthy.relay as NonNullable<CheckFacts['relay']>),
      fallback: { first: 'mqtts://a.go.id', why },
    }
    const found = listChecks({ ...healthy, relay }).find(({ code }) => code === 'broker')
    return found ? sayFacts(found, words) : ''
  }
  expect(away('offline')).toMatch(
    /^tersambung; mqtts:\/\/broker\.go\.id; lewat alamat cadangan, bukan mqtts:\/\/a\.go\.id; alamat itu tidak terjangkau;/,
  )
  expect(away('connect-refused')).toMatch(/bukan mqtts:\/\/a\.go\.id; broker menolak masuk;/)
})

describe('each trouble of the machine', () => {
  const bad: Record<(typeof machineAlarms)[number], [check: string, Partial<Readings>]> = {
    'power.low': ['power', { power: { low: true, before: true } }],
    'power.was-low': ['power', { power: { low: false, before: true } }],
    'card.failing': ['card', { card: { ...(sound.card as NonNullable<Readings['card']>), errors: 2 } }],
    'card.worn': ['card', { card: { ...(sound.card as NonNullable<Readings['card']>), wearPercent: 90 } }],
    'disk.low': ['disk', { diskFreeBytes: 3e8 }],
    'disk.scarce': ['disk', { diskFreeBytes: 9e7 }],
    'disk.full': ['disk', { diskFreeBytes: 9e6 }],
    'memory.full': ['memory', { memoryUsedMb: 1_000 }],
    'temperature.high': ['temperature', { temperatureC: 82 }],
    'network.none': ['network', { network: null }],
    'certificate.ending': ['certificate', { certificateDaysLeft: 12 }],
    'certificate.ended': ['certificate', { certificateDaysLeft: -3 }],
  }

  test.each(machineAlarms)('%s turns its check, and it alone, and says what to do', (code) => {
    const [check, readings] = bad[code]
    const all = { ...sound, ...readings }
    const checks = listChecks({ ...healthy, readings: all, alarms: alarmsOf(all) })
    expect(checks.filter(({ state }) => state !== 'good').map((one) => one.code)).toEqual([check])
    const [advice] = checks.flatMap((one) => sayAdvice(one, words))
    expect(advice?.title).not.toMatch(/alarm\.|\{/)
    expect(advice?.remedy).not.toMatch(/alarm\.|\{/)
  })
})

test.each<[string, Partial<CheckFacts>]>([
  ['clock', { clock: { trust: 'doubtful', offsetMs: 0 } }],
  ['broker', { relay: { ...(healthy.relay as NonNullable<CheckFacts['relay']>), state: 'offline', waiting: 3 } }],
  ['printer', { printer: { target: 'x', state: 'offline', reason: 'cover-open', waiting: 1 } }],
  [
    'display',
    {
      screens: [
        { device: 'display:1', name: 'TV', connected: false },
        { device: 'kiosk:1', name: 'Kiosk', connected: true },
      ],
    },
  ],
  ['sound', { sound: { speaker: 'box', volumePercent: 70, heard: false } }],
  ['backups', { readings: { ...sound, backups: { ...sound.backups, unsavedMs: 4 * 86_400_000 } } }],
  ['stick', { readings: { ...sound, backups: { ...sound.backups, recovery: 'unseen' } } }],
  [
    'journal',
    {
      journal: {
        damaged: [{ epoch: 'abcdefghijkl', seq: 12, type: 'queue.ticket-taken', found_at: now }],
        unfolded: [{ row: 40, type: 'queue.ticket-called', reason: 'queue.ticket-unknown' }],
      },
    },
  ],
  ['program', { program: { version: '0.2.0', upSpan: null, box: null } }],
])('%s says what to do also where no alarm is raised', (code, facts) => {
  const checks = listChecks({ ...healthy, ...facts })
  expect(checks.filter(({ state }) => state === 'attention').map((one) => one.code)).toEqual([code])
  const [advice] = checks.flatMap((one) => sayAdvice(one, words))
  expect(advice?.remedy).not.toMatch(/check\.|\{/)
})

test.each([
  [null, null, null, 'nobody can say'],
  [false, null, 'none', 'tidak terenkripsi'],
  [false, 'BALAI_PARTITION=/dev/sda4\nBALAI_KEY=usb\n', 'none', 'tidak terenkripsi'],
  [true, 'BALAI_PARTITION=/dev/sda4\nBALAI_KEY=usb\n', 'usb', 'stik BALAI-KEY'],
  [true, 'BALAI_PARTITION=/dev/mmcblk0p4\nBALAI_KEY=otp\n', 'otp', 'memori kunci Pi'],
  [true, 'BALAI_PARTITION=/dev/sda4\nBALAI_KEY=tpm\n', 'tpm', 'TPM PC ini'],
  [true, null, 'own', 'terenkripsi'],
] as const)('where the key of the data lies: encrypted %s, %j is %s', (encrypted, opened, encryption, said) => {
  expect(describeEncryption(encrypted, opened)).toBe(encryption)
  const found = listChecks({ ...healthy, readings: { ...sound, encryption } }).find(({ code }) => code === 'card')
  const facts = found ? sayFacts(found, words) : ''
  if (encryption === null) expect(facts).not.toContain('enkripsi')
  else expect(facts).toContain(said)
})

test('every alarm stands at a check, one that nobody claims at the box itself', () => {
  const codes = [
    'relay.refused-connection',
    'backup.stick',
    'backup.failed',
    'print.paper-out',
    'voice.silent',
    'hub.x',
  ]
  const alarms = codes.map((code) => ({ code, since: now, severity: 'action' as const, details: {} }))
  const checks = listChecks({ ...healthy, alarms })
  const places = checks.flatMap((check) => check.alarms.map((alarm) => `${alarm.code} at ${check.code}`))
  expect(places).toEqual([
    'relay.refused-connection at broker',
    'print.paper-out at printer',
    'voice.silent at sound',
    'backup.failed at backups',
    'backup.stick at stick',
    'hub.x at program',
  ])
})

test('facts are said with their units, in the office’s language and zone', () => {
  const checks = listChecks(healthy)
  const said = (code: string) => checks.filter((one) => one.code === code).map((one) => sayFacts(one, words))[0]
  expect(said('broker')).toBe(
    'tersambung; mqtts://broker.go.id; pulang-pergi 84 ms; semua terkirim 09.42; sampai catatan 3482 (jurnal abcdefghijkl)',
  )
  expect(said('disk')).toBe('19 GB kosong dari 32 GB; data 18 MB, WAL 4 MB')
  expect(said('program')).toBe('menyala 3 hari; Raspberry Pi 4 Model B; Balai 0.2.0; tanda b0x')
})

test.each(openCatalogues().languages())('every check is said in %s without a key or a placeholder left', (language) => {
  const speak = openCatalogues().speak(language)
  const text = writeChecks(listChecks(healthy), { ...words, say: speak, locale: speak.locale }).join('\n')
  expect(text).not.toMatch(/check\.|\{/)
})
