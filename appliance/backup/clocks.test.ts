import { copyFileSync, existsSync, mkdtempSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { by, furnish, monday, openTestBox, testVillage } from '../../testing/test-box.ts'
import { databasePath } from '../base/store/folder.ts'
import { readMachine } from '../health/readings.ts'
import { writeBackup } from './backup.ts'
import { backupFolder, listBackups, newestBackup } from './files.ts'
import { restoreFromStick } from './restore-from-stick.ts'
import { findUnsaved } from './unsaved.ts'

/* R3: whatever the clock says, the backup that was made last is the newest, stays, and is the one that is taken. */

const day = 86_400_000
const hour = 3_600_000
const december = Date.UTC(2026, 11, 1)
const clocks: [string, number][] = [
  ['1970', 0],
  ['2020', Date.UTC(2020, 0, 1)],
  ['2036', Date.UTC(2036, 5, 1)],
  ['a month back', december - 30 * day],
  ['a month ahead', december + 37 * day],
  ['the same second again', december + 6 * day],
]

const removers: (() => unknown)[] = []
afterEach(async () => {
  for (const remove of removers.splice(0).reverse()) await remove()
})
async function openOffice() {
  const box = await openTestBox()
  removers.push(box.remove)
  const { services } = await furnish(box)
  return { box, take: () => box.queue.takeTicket({ service: services[0], ...by('kiosk:1') }) }
}

/** One for the tests that leave its clock alone. */
let office: Awaited<ReturnType<typeof openOffice>>
const makeFolder = () => mkdtempSync(join(office.box.folder, 'folder-'))
beforeAll(async () => {
  office = await openOffice()
  removers.pop()
})
afterAll(() => office.box.remove())

test.each(clocks)('a backup made at %s is the newest of its folder and stays', async (_name, at) => {
  const { box, take } = office
  const folder = makeFolder()
  for (let n = 0; n < 7; n++) {
    take()
    await writeBackup(box.store.db, folder, december + n * day, 'data')
  }
  take()
  const made = await writeBackup(box.store.db, folder, at, 'data')
  expect(newestBackup(folder)).toMatchObject({ path: made.path, at })
  expect(findUnsaved(box.store.db, made.path)).toBeNull()
  take()
  const next = await writeBackup(box.store.db, folder, december + 8 * day, 'data')
  expect(listBackups(folder).slice(0, 2), 'once the clock is right').toEqual([next.path, made.path])
  expect(listBackups(folder)).toHaveLength(7)
})

test.each(clocks)('a swap takes the backup that was made last, also at %s', async (_name, at) => {
  const { box, take } = office
  const stick = makeFolder()
  take()
  await writeBackup(box.store.db, stick, december, 'stick')
  take()
  const { entries } = await writeBackup(box.store.db, stick, at, 'stick')
  const data = makeFolder()
  const log = { info: () => {}, warn: () => {} }
  const restored = await restoreFromStick({
    ...{ target: databasePath(data), stickFolder: stick, village: testVillage, key: null, now: at, log },
  })
  expect(restored?.entries).toBe(entries)
})

test('backups of a program that named them by their date alone go by their journals, behind those with a number', async () => {
  const { box, take } = office
  const folder = makeFolder()
  const old = async (date: string) => {
    take()
    const { path } = await writeBackup(box.store.db, folder, monday, 'data')
    const renamed = join(folder, `balai-${testVillage}-${date}T02-00-00Z.db`)
    renameSync(path, renamed)
    return renamed
  }
  const first = await old('2036-01-01')
  const second = await old('2026-12-01')
  const third = await old('1970-01-01')
  expect(listBackups(folder)).toEqual([third, second, first])
  const { path } = await writeBackup(box.store.db, folder, 0, 'data')
  expect(listBackups(folder)).toEqual([path, third, second, first])
})

test('another village’s backups on one stick are not the ones that go', async () => {
  const { box } = office
  const folder = makeFolder()
  const { path } = await writeBackup(box.store.db, folder, monday, 'data')
  const other = join(folder, `balai-3510152004-000001-2026-11-01T02-00-00Z.db`)
  copyFileSync(path, other)
  for (let n = 0; n < 8; n++) await writeBackup(box.store.db, folder, monday, 'data')
  expect(listBackups(folder, testVillage)).toHaveLength(7)
  expect(existsSync(other)).toBe(true)
})

test('a date that jumped ahead and came back costs no night', async () => {
  const { box, take } = await openOffice()
  const folder = backupFolder(box.folder)
  await box.look()
  box.time.setWall(Date.UTC(2036, 0, 1))
  await box.look()
  const made = () => readdirSync(folder).length
  expect(made()).toBe(1)
  box.time.setWall(monday)
  for (let night = 1; night <= 3; night++) {
    take()
    box.time.advance(day)
    await box.look()
    await box.look()
    expect(made(), `night ${night} after the clock was right again`).toBe(1 + night)
  }
})

test('a date that goes to and fro makes no backup each time', async () => {
  const { box } = await openOffice()
  await box.look()
  for (let n = 0; n < 10; n++) {
    box.time.setWall(n % 2 === 0 ? Date.UTC(2036, 0, 1) : monday)
    await box.look()
  }
  expect(listBackups(backupFolder(box.folder))).toHaveLength(1)
})

test('a box whose date nobody knows makes its backups by the hours that it runs', async () => {
  const box = await openTestBox({ trusted: false })
  removers.push(box.remove)
  const made = () => listBackups(backupFolder(box.folder)).length
  box.time.setWall(0)
  await box.look()
  box.time.advance(5 * hour)
  await box.look()
  expect(made()).toBe(0)
  box.time.advance(hour)
  await box.look()
  await box.look()
  expect(made()).toBe(1)
  box.time.advance(day)
  await box.look()
  expect(made()).toBe(2)
})

test('what the newest backup lacks is counted by what was synced, and an office that was shut needs none', async () => {
  const { box, take } = await openOffice()
  const folder = backupFolder(box.folder)
  take()
  await writeBackup(box.store.db, folder, Date.UTC(2036, 0, 1), 'data')
  const read = async () =>
    (
      await readMachine(
        {
          folder: box.folder,
          model: null,
          certificateFile: null,
          recoveryOf: () => null,
          stickFolder: '/nonexistent',
          db: box.store.db,
        },
        { setNtp: () => {}, certain: box.clock.certain },
        box.health.readings(),
      )
    ).backups.unsavedMs
  box.time.advance(4 * day)
  expect(await read(), 'shut').toBe(0)
  take()
  box.time.advance(3 * day)
  expect(await read()).toBe(3 * day)
})
