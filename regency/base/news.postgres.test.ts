import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, quiet, until } from '../../testing/hub-parts.ts'
import { startNews } from './news.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  opened = await openTestDatabase()
  await opened.database.query('CREATE TABLE heard (n bigint, village text)')
}, 30_000)
afterAll(() => opened.close())

test('A6: one village that cannot be sent its own keeps nothing from the others', async () => {
  const sent: string[] = []
  const news = startNews(
    { database: opened.database, log: quiet, serves: () => true },
    {
      ...{ what: 'tests', newest: 'SELECT max(n)::text AS newest FROM heard' },
      since: 'SELECT DISTINCT village FROM heard WHERE n > $1 ORDER BY village',
      async send(village) {
        if (village === 'b') throw new TypeError('poison')
        sent.push(village)
      },
    },
  )
  await news.look()
  await opened.database.query(`INSERT INTO heard VALUES (1, 'a'), (1, 'b'), (1, 'c')`)
  await news.look()
  expect(sent).toEqual(['a', 'c'])
  await news.look()
  expect(sent).toEqual(['a', 'c'])
  news.greet('b')
  news.greet('a')
  await until(() => sent.length === 3)
  await news.stop()
})
