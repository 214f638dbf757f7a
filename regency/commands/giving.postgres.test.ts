import { afterAll, beforeAll, expect, test } from 'vitest'
import { hourMs } from '../../appliance/base/time.ts'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { type Given, giveCommand } from './giving.ts'

/* What any door of the hub gives, checked once more behind all of them. */

let opened: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  opened = await openTestDatabase()
}, 60_000)
afterAll(() => opened.close())

const by = { account: null, actor: 'command line (rina)' }
const give = (type: string, data: object) =>
  opened.database.inTransaction((client) =>
    giveCommand(
      client,
      { command: { type, data } as Given, places: 'all', expiresMs: hourMs, now: 1_796_000_000_000 },
      by,
    ),
  )

test.each([
  ['answer', { answer: 'accepted' }, 'proposal', /^proposal: the twelve characters/],
  ['answer', { proposal: 'x'.repeat(12) }, 'answer', /^answer: accepted, refused, papers$/],
  ['answer', { proposal: 'x'.repeat(12), answer: 'papers', text: '3510014107800001' }, 'text', /goes in clear/],
  ['message', { text: '', from: 'Dinas' }, 'text', /^text: 1 to 500 characters$/],
  ['message', { text: 'Rapat', from: '' }, 'from', /^from: who writes/],
  ['move-broker', { brokers: [] }, 'brokers', /^brokers: one to four addresses/],
  ['set', { value: 3 }, 'setting', /^setting: earlyMinutes, /],
  ['set', { setting: 'earlyMinutes', value: 241 }, 'value', /^value: 0 to 240, a whole number$/],
  ['set', { setting: 'none', value: 'x' }, 'setting', /^setting: earlyMinutes, /],
])('what a command lacks is said by its name: %s %j', async (type, data, field, said) => {
  await expect(give(type, data)).rejects.toMatchObject({
    ...{ kind: 'invalid', code: 'commands.wrong-data', details: { field } },
    message: expect.stringMatching(said),
  })
  expect((await opened.database.query('SELECT FROM command_given')).rowCount).toBe(0)
})
