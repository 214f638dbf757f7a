import { expect, test } from 'vitest'
import type { Alarm } from '../base/alarms.ts'
import { limits, validators } from '../wire/messages.ts'
import { alarmsToSay } from './said-alarms.ts'

const alarm = (code: string, more: Partial<Alarm> = {}): Alarm => ({
  ...{ code, since: 1, severity: 'action', details: {} },
  ...more,
})
const health = (alarms: object[]) => ({
  ...{ session: 'a'.repeat(16), at: 1, clock: 'synced', backlog_entries: 0, disk_free_bytes: 1 },
  ...{ database_bytes: 1, wal_bytes: 1, temperature_c: null, undervoltage: null, printer: null },
  certificate_days_left: null,
  queue: { waiting: 0, serving: 0, taken_today: 0, completed_today: 0, median_wait_minutes: null },
  alarms,
})

test('an alarm travels with its severity and with what fills its sentence', () => {
  const said = alarmsToSay([
    alarm('disk.scarce', { details: { free: 210 } }),
    alarm('voice.silent', { severity: 'warning' }),
  ])
  expect(said).toEqual([
    { code: 'disk.scarce', since: 1, severity: 'action', details: { free: 210 } },
    { code: 'voice.silent', since: 1, severity: 'warning' },
  ])
  expect(validators.health.Check(health(said))).toBe(true)
})

test('what a box of an older or a newer program says is read as well', () => {
  for (const one of [
    { code: 'disk.scarce', since: 1 },
    { code: 'disk.scarce', since: 1, severity: 'notice', details: { free: 210, more: [1] }, owner: 'x' },
  ])
    expect(validators.health.Check(health([one])), JSON.stringify(one)).toBe(true)
})

test('however much there is to say, the message stays within its limit, and no alarm is left out for its details', () => {
  const details = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`detail${n}`, '\ud83d\ude00'.repeat(400)]))
  const said = alarmsToSay(Array.from({ length: 60 }, (_, n) => alarm(`room.code-${n}`, { details })))
  expect(said).toHaveLength(60)
  expect(said[0]?.details).toBeDefined()
  expect(Buffer.byteLength(JSON.stringify(health(said)))).toBeLessThan(limits.healthBytes)
  expect(validators.health.Check(health(said))).toBe(true)
})
