import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestConsole } from '../../testing/test-console.ts'
import { listStanding } from './standing.ts'

/* What the console's routes for datasets answer; what people see of it stands in console/datasets.browser.test.ts. */

let place: Awaited<ReturnType<typeof openTestConsole>>
let cookie: string
beforeAll(async () => {
  place = await openTestConsole({
    villages: ['2001', '2002', '2003']
      .map((end) => `35.10.01.${end},desa,Desa ${end},35.10.01,Pesanggaran`)
      .concat('35.10.02.2001,desa,Grajagan,35.10.02,Purwoharjo'),
  })
  cookie = (await place.logIn('administrator')).cookie
}, 30_000)
afterAll(() => place.close())

const base64 = (text: string) => Buffer.from(text).toString('base64')
const post = (action: string, body: object) => place.ask('POST', `/api/datasets/${action}`, body, cookie)
const publish = (dataset: string, text: string, more: object = {}) =>
  post('publish', { dataset, file: base64(text), places: 'all', stage: 'all', note: '', expected: null, ...more })
const standingOf = async (dataset: string) =>
  (await listStanding(place.database)).find((row) => row.dataset === dataset)?.newest

test('a file with mistakes, one that nobody checked, is not published', async () => {
  const { status, answer } = await publish('holidays', 'day,name\n2026-02-30,Tak ada')
  expect([status, answer.code]).toEqual([400, 'datasets.file'])
  expect(await standingOf('holidays')).toBeNull()
})

test('a file of a mebibyte is taken, one far larger is refused, and so is a mebibyte anywhere else', async () => {
  const rows = Array.from({ length: 900 }, (_, n) => `kode-${n},Layanan ${n},${'x'.repeat(1_100)},5`)
  const large = base64(['code,name,requires,minutes', ...rows].join('\n'))
  const { status, answer } = await post('check', { dataset: 'services', file: large })
  expect([status, answer.problemsInAll]).toEqual([200, 900])
  expect(answer.problems).toHaveLength(200)
  expect((await post('check', { dataset: 'services', file: large.repeat(3) })).status).toBe(413)
  expect((await post('roll-back', { dataset: 'services', expected: 1, file: large })).status).toBe(413)
})

test('a version is extended to the places that it was published for, and only by whoever has seen it', async () => {
  const first = await publish('agencies', 'code,name\ndinsos,Dinas Sosial', { places: '35.10.01', stage: '1' })
  expect(first.answer).toEqual({ version: 1, villages: 1, of: 3 })
  expect((await post('extend', { dataset: 'agencies', stage: 'all', expected: 2 })).answer.code).toBe('datasets.newer')
  const { answer } = await post('extend', { dataset: 'agencies', stage: 'all', expected: 1 })
  expect(answer).toEqual({ version: 1, villages: 3, of: 3 })
  expect(await standingOf('agencies')).toMatchObject({ places: ['351001'], meant: 3, offered: 3, have: 0 })
  const { answer: refusal } = await publish('agencies', 'code,name\na,A', { places: '35.10.99', expected: 1 })
  expect(refusal).toMatchObject({ code: 'places.nowhere', details: { place: '351099' } })
})

test('a village that refused a version and has it by now is no trouble', async () => {
  await publish('indicators', 'code,name,value,period\nipm,IPM,"71,6",2026')
  await place.database.query(`
    INSERT INTO dataset_state (village, dataset, current, refused, why)
    VALUES ('3510012001', 'indicators', 1, 1, 'checksum'), ('3510022001', 'indicators', NULL, 1, 'checksum')`)
  expect(await standingOf('indicators')).toMatchObject({
    ...{ offered: 4, have: 1 },
    troubles: [{ village: '3510022001', name: 'Grajagan', why: 'checksum' }],
  })
})
