import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectVillage } from '../../regency/folds/folding.ts'
import { folds } from '../../regency/folds.ts'
import { createTestBox } from '../../testing/hub-client-box.ts'
import { openTestDatabase, openTestReceiver } from '../../testing/hub-parts.ts'
import { furnish, openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { rooms } from '../rooms.ts'
import { packFrame } from '../wire/frame.ts'

let box: TestBox
let hub: Awaited<ReturnType<typeof openTestDatabase>>
let cookie = ''
beforeAll(async () => {
  box = await openTestBox()
  hub = await openTestDatabase()
  const { clerks } = await furnish(box)
  const answer = await send('/api/session', { account: clerks[0], pin: testPin })
  cookie = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
})
afterAll(async () => {
  await box?.close()
  if (box) rmSync(box.folder, { recursive: true, force: true })
  await hub?.close()
})

const send = (url: string, payload: object) =>
  box.app.inject({ method: 'POST', url, headers: { 'x-balai': '1', cookie }, payload })

test('its verb writes an entry and its table, once for each key, and rebuild gives the same table', async () => {
  const key = newId()
  for (const stars of [4, 4]) expect((await send('/api/guestbook', { stars, key })).statusCode).toBe(200)
  expect((await send('/api/guestbook', { stars: 1, key: newId() })).statusCode).toBe(200)
  const view = await box.app.inject({ url: '/api/live/guestbook', headers: { cookie } })
  expect(view.json()).toEqual({ visits: 2, services: 2 })
  const again = new Database(':memory:')
  migrate(again, 'again')
  expect(tablesOf(rooms)).toContain('guestbook_visit')
  expect(rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))).toMatchObject({
    differences: [],
    failed: [],
  })
  expect(again.prepare('SELECT count(*) FROM guestbook_visit').pluck().get()).toBe(2)
})

test('its page is served, the home page leads to it, and its alarm stands at the check that it names', async () => {
  const page = await box.app.inject({ url: '/guestbook' })
  expect([page.statusCode, page.body]).toEqual([200, expect.stringContaining('<title>Buku tamu</title>')])
  const home = await box.app.inject({ url: '/' })
  const script = /src="(\/assets\/home-[^"]+)"/.exec(home.body)?.[1] ?? ''
  expect((await box.app.inject({ url: script })).body).toContain('guestbook')
  const doctor = await (await fetch(`http://127.0.0.1:${box.http.port}/api/doctor`)).json()
  const program = doctor.checks.find(({ code }: { code: string }) => code === 'program')
  expect(program.alarms.map(({ code }: { code: string }) => code)).toContain('guestbook.unhappy')
})

test('the hub folds it by a cursor of its own, and what the others have folded stays as it is', async () => {
  const { database } = hub
  const { receiver, ask } = openTestReceiver(database)
  const village = '3510242077'
  const visit = newId()
  const entry = { type: 'guestbook.visit-rated', at: 1, actor: 'box', key: newId(), data: { visit, stars: 5 } }
  const client = createTestBox({ village, entries: [{ ...entry, clock: 'synced' }] })
  await ask(village, 'hello', packFrame(client.hello()))
  await ask(village, 'up', client.packBatch(1, 1))
  const cursors = async () =>
    (
      await database.query<{ fold: string; seq: string }>(
        'SELECT fold, seq FROM projection_cursor WHERE village = $1 ORDER BY fold',
        [village],
      )
    ).rows.map(({ fold, seq }) => [fold, Number(seq)])
  const others = folds.filter(({ room }) => room !== 'guestbook')
  while (await projectVillage(database, village, others));
  const before = await cursors()
  expect(before.map(([fold]) => fold)).not.toContain('guestbook')
  while (await projectVillage(database, village, folds));
  expect((await cursors()).filter(([fold]) => fold !== 'guestbook')).toEqual(before)
  expect((await database.query('SELECT visit, stars FROM guestbook_visit WHERE village = $1', [village])).rows).toEqual(
    [{ visit, stars: 5 }],
  )
  await receiver.close()
})
