import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { issueEnrolments } from '../../provisioning/fleet/issue.ts'
import { furnish, openTestBox, testPin } from '../../testing/test-box.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { createChainIndex } from '../base/journal/chain-index.ts'
import { verifyChains } from '../base/journal/verify.ts'
import { readEnrolment } from '../wire/enrolment.ts'
import { findEnrolmentFile } from './find-file.ts'
import { adopt, openMembership, readMember } from './membership.ts'
import { countUnsent, endMove, setOldJournalAside } from './move-office.ts'
import { checkFile } from './routes.ts'

const now = Date.now()
const [old, fresh] = ['3510242001', '3510242002'] as const
const data = mkdtempSync(join(tmpdir(), 'balai-move-'))
const made = await openTestFleet({ now })
afterAll(() => {
  made.remove()
  rmSync(data, { recursive: true, force: true })
})
const offices = testOffices(2)
await issueEnrolments(made.fleet, offices.slice(0, 1), { now, days: 30 })
await issueEnrolments(made.fleet, offices.slice(1), { now: now + 1, days: 30, movedFrom: old })
const read = (village: string) => {
  const { file } = readEnrolment(made.read(`villages/balai-enrol-${village}.json`), now)
  if (!file) throw new TypeError('No file.')
  return file
}

test('a village goes on under another code: what was set up is there by the same ids, its tickets are not, the old journal stays whole', async () => {
  adopt(data, read(old))
  const before = await openTestBox({ folder: data, village: old })
  const { services, counters, clerks } = await furnish(before)
  before.queue.takeTicket({ service: services[0], key: null, actor: 'kiosk:1' })
  const entries = before.journal.lastRow()
  await before.close()

  const member = adopt(data, read(fresh))
  expect(member.village).toBe(fresh)
  expect(openMembership(data, member).identity()).toBeNull()
  const aside = setOldJournalAside(data)
  expect(aside).toBe(join(data, `balai-${old}.db`))
  // As after a power cut between the two: asked again, it answers the same.
  expect(setOldJournalAside(data)).toBe(aside)
  const box = await openTestBox({ folder: data, village: fresh, oldJournal: aside })
  endMove(data)
  expect(box.office.services().map(({ service }) => service)).toEqual(services)
  expect(box.office.counters().map(({ counter }) => counter)).toEqual(counters)
  expect(await box.people.assertPin(clerks[0], testPin, '127.0.0.1')).toMatchObject({ account: clerks[0] })
  expect(box.people.needsSetup()).toBe(false)
  expect(box.queue.takeTicket({ service: services[0], key: null, actor: 'kiosk:1' }).label).toBe('A001')
  const rows = box.journal.lastRow()
  await box.close()

  expect(setOldJournalAside(data)).toBeNull()
  const again = await openTestBox({ folder: data, village: fresh, oldJournal: aside })
  expect(again.office.services()).toHaveLength(services.length)
  expect(again.journal.lastRow()).toBeLessThanOrEqual(rows + 1)
  await again.close()
  const kept = new Database(join(data, `balai-${old}.db`), { readonly: true })
  expect(verifyChains(old, createChainIndex(kept))).toMatchObject({ entries, broken: [] })
  expect(countUnsent(kept)).toBe(entries)
  kept.close()
  expect(existsSync(join(data, 'member', 'moved-from'))).toBe(false)
})

test('the file of a new code is taken by the box of the old one only, and not before the regency has all of it', () => {
  const text = made.read(`villages/balai-enrol-${fresh}.json`)
  const here = { village: old, member: null, certain: now }
  expect(checkFile(text, here).village).toBe(fresh)
  expect(() => checkFile(text, { ...here, unsent: () => 3 })).toThrow(
    expect.objectContaining({ code: 'enrolment.file-unsent' }),
  )
  expect(() => checkFile(text, { ...here, village: '3510249999' })).toThrow(
    expect.objectContaining({ code: 'enrolment.file-other-village' }),
  )
  const folder = made.path('villages')
  rmSync(join(folder, `balai-enrol-${old}.json`))
  expect(findEnrolmentFile([folder], here)?.file?.village).toBe(fresh)
  expect(findEnrolmentFile([folder], { ...here, village: '3510249999' })?.trouble).toBe('other-village')
})

test('a file that is older than the one taken says so', () => {
  const member = { ...readMember(data), issuedAt: now + 10, fileHash: 'other' } as Parameters<
    typeof checkFile
  >[1]['member']
  const here = { village: fresh, member, certain: now }
  expect(() => checkFile(made.read(`villages/balai-enrol-${fresh}.json`), here)).toThrow(
    expect.objectContaining({ code: 'enrolment.file-older' }),
  )
  expect(findEnrolmentFile([made.path('villages')], here)?.trouble).toBe('older')
})
