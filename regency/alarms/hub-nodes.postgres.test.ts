import { hostname } from 'node:os'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { loadVillages } from '../base/villages.ts'
import { createHubNodes } from './hub-nodes.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>

beforeAll(async () => {
  opened = await openTestDatabase()
  const row = { kind: 'desa', name: 'Uji' } as const
  await loadVillages(
    opened.database,
    [
      { ...row, village: '3510012001', district_code: '351001', district: 'Pesanggaran' },
      { ...row, village: '3510022001', district_code: '351002', district: 'Bangorejo' },
    ],
    '2026-11-23',
  )
}, 30_000)
afterAll(() => opened.close())
beforeEach(() => opened.database.query('DELETE FROM hub_node'))

const nodeOf = (clientId: string, districts: string[] | null = null) =>
  createHubNodes(opened.database, { clientId, districts })
const stamp = { village: '', code: 'backup.absent', details: { stamp: '/nowhere' } } as const

test('N24: two hubs of one client id are told, as long as both live; one that was killed and came again is one', async () => {
  const killed = nodeOf('balai-hub')
  await killed.share([])
  const first = nodeOf('balai-hub')
  expect(await first.share([])).toEqual([])
  const second = nodeOf('balai-hub')
  await second.share([])
  await first.share([])
  const told = [
    { village: '', code: 'hub.twice', details: { client: 'balai-hub', hosts: `${hostname()}, ${hostname()}` } },
  ]
  expect(await second.share([])).toEqual(told)
  expect(await nodeOf('balai-hub-2').share([])).toEqual([])
  await first.leave()
  expect(await second.share([])).toEqual([])
})

test('N17: a district that no hub serves is told, and one that there is not', async () => {
  const one = nodeOf('one', ['351001'])
  expect(await one.share([])).toEqual([
    { village: '', code: 'districts.unserved', details: { districts: '351002 Bangorejo' } },
  ])
  const two = nodeOf('two', ['351002', '359999'])
  expect(await two.share([])).toEqual([{ village: '', code: 'districts.unknown', details: { districts: '359999' } }])
  await two.leave()
  await nodeOf('all').share([])
  expect(await one.share([])).toEqual([])
})

test('what one hub sees alone every hub tells, until that hub is gone', async () => {
  const [one, two] = [nodeOf('one'), nodeOf('two')]
  await one.share([stamp])
  expect(await two.share([])).toEqual([stamp])
  expect(await two.share([{ ...stamp, details: { stamp: '/mine' } }])).toEqual([
    { ...stamp, details: { stamp: '/mine' } },
  ])
  await opened.database.query("UPDATE hub_node SET seen_at = now() - interval '6 minutes' WHERE client_id = 'one'")
  expect(await two.share([])).toEqual([])
})
