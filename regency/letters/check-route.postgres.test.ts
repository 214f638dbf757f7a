import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestConsole } from '../../testing/test-console.ts'

let place: Awaited<ReturnType<typeof openTestConsole>>
beforeAll(async () => {
  place = await openTestConsole()
}, 30_000)
afterAll(() => place.close())

test('the hub hands out a page that checks letters by itself, with the keys of all boxes and what counts no more', async () => {
  const key = 'A'.repeat(43)
  await place.database.query(
    `INSERT INTO signing_key (village, key, box, revoked_at)
     VALUES ('3510012001', $1, 'x', NULL), ('3510012001', $2, 'y', '2026-11-20 12:00+07')`,
    [key, 'B'.repeat(43)],
  )
  await place.database.query(
    `INSERT INTO letter (village, letter, voided_at) VALUES ('3510012001', 'aaaaaaaaaaaa', '2026-11-21 12:00+07')`,
  )
  const { cookie } = await place.logIn('reader')
  const answer = await place.send('GET', '/api/letters/check.html', undefined, cookie)
  expect([answer.status, answer.headers.get('content-disposition')]).toEqual([
    200,
    'attachment; filename="periksa-surat.html"',
  ])
  const [, text = ''] = /id="list">(.*?)<\/script>/.exec(await answer.text()) ?? []
  expect(JSON.parse(text)).toMatchObject({
    asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    keys: [
      { village: '3510012001', key },
      { village: '3510012001', key: 'B'.repeat(43), until: '2026-11-20' },
    ],
    voided: [{ letter: 'aaaaaaaaaaaa', on: '2026-11-21' }],
    names: { '3510012001': 'Desa Sarongan' },
  })
})
