import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTestFolder, openTestDatabase, quiet } from '../../testing/hub-parts.ts'
import { followVillages } from './follow-villages.ts'
import { loadVillages, parseVillages } from './villages.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
const { folder, remove } = makeTestFolder('follow-villages')
const path = join(folder, 'villages.csv')
const head = 'code;kind;name;district_code;district'
const row = (village: number, name = 'Uji') => `351001${village};desa;${name};351001;Pesanggaran`

/** As a spreadsheet saves it. */
const save = (...rows: string[]): void => writeFileSync(path, [head, ...rows].join('\r\n'))

beforeAll(async () => {
  opened = await openTestDatabase()
}, 30_000)
afterAll(async () => {
  await opened.close()
  remove()
})

const names = async () =>
  (
    await opened.database.query<{ name: string }>('SELECT name FROM village WHERE valid_to IS NULL ORDER BY village')
  ).rows
    .map(({ name }) => name)
    .join(' ')

test('a changed villages.csv is taken without a restart; mistakes and a file that would end villages are told', async () => {
  save(row(2001, 'Sarongan'), row(2002, 'Kandangan'))
  const taken = readFileSync(path)
  await loadVillages(opened.database, parseVillages(taken), '2026-11-23')
  const today = () => '2026-11-24'
  const followed = followVillages({ database: opened.database, path, today, log: quiet, taken, count: 2 })
  /** The first look at a change only sees it: it may be half a file. */
  const villages = { ...followed, look: () => followed.look().then(() => followed.look()) }
  expect([await villages.look(), villages.count()]).toEqual([[], 2])

  save(row(2001, 'Sarongan'), row(2002, 'Kandangan Baru'), row(2003, 'Sumberagung'))
  expect(await villages.look()).toEqual([])
  expect([await names(), villages.count()]).toEqual(['Sarongan Kandangan Baru Sumberagung', 3])
  const { rows } = await opened.database.query(
    "SELECT data FROM audit WHERE action = 'villages.changed' ORDER BY id DESC",
  )
  expect(rows[0]?.data).toEqual({ added: 1, changed: 1, ended: 0 })

  save(row(2001, 'Sarongan'), '3510012002;dusun;Kandangan;351001;Pesanggaran')
  expect(await villages.look()).toEqual([
    {
      ...{ village: '', code: 'villages.unread' },
      details: { mistakes: 1, first: 'villages: line 3: kind is "dusun"; allowed: desa, kelurahan' },
    },
  ])
  save()
  const wouldEnd = [{ village: '', code: 'villages.would-end', details: { ended: 3 } }]
  expect([await villages.look(), await villages.look()]).toEqual([wouldEnd, wouldEnd])
  rmSync(path)
  expect(await villages.look()).toMatchObject([{ code: 'villages.unread' }])
  expect([await names(), villages.count()]).toEqual(['Sarongan Kandangan Baru Sumberagung', 3])

  // As `balai hub villages --drop 1` does it: what had been told is over.
  save(row(2001, 'Sarongan'), row(2002, 'Kandangan Baru'))
  expect(await villages.look()).toEqual([{ village: '', code: 'villages.would-end', details: { ended: 1 } }])
  await loadVillages(opened.database, parseVillages(readFileSync(path)), today(), { drop: 1 })
  expect([await villages.look(), villages.count()]).toEqual([[], 2])
})
