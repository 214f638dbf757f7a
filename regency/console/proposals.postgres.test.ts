import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestConsole } from '../../testing/test-console.ts'
import { proposalsAPage } from '../commands/proposals.ts'
import type { ProposalsView } from './proposals-view.ts'

/* Proposals at the regency's console: what it lists, and its answers as commands. */

let place: Awaited<ReturnType<typeof openTestConsole>>
let cookie: string
let name: string
const [sarongan, kandangan] = ['3510012001', '3510012002']
const idOf = (at: number) => `p${`${at}`.padStart(11, '0')}`

beforeAll(async () => {
  place = await openTestConsole()
  await place.database.query(
    `INSERT INTO resident_proposal (village, proposal, kind, on_day, made_at, state)
     SELECT village, 'p' || lpad(n::text, 11, '0'), 'died', '2026-11-20', to_timestamp(1796000000 + n), 'sent'
     FROM unnest($1::text[]) AS village, generate_series(1, 40) AS n`,
    [[kandangan, sarongan]],
  )
  await place.database.query(
    `UPDATE resident_proposal SET state = 'accepted', answered_at = to_timestamp(1796009999)
     WHERE village = $1 AND proposal = $2`,
    [sarongan, idOf(3)],
  )
  const operator = await place.logIn('operator')
  ;({ cookie, name } = operator)
}, 60_000)
afterAll(() => place.close())

const list = async (query: string) => {
  const { status, answer } = await place.ask('GET', `/api/proposals?${query}`, undefined, cookie)
  expect(status).toBe(200)
  return answer as ProposalsView
}
const answer = (body: object) =>
  place.ask(
    'POST',
    '/api/proposals/answer',
    { village: sarongan, proposal: idOf(1), answer: 'accepted', text: '', key: 'keyofanswer1', ...body },
    cookie,
  )

test('those that wait come village by village, the oldest first, a page at a time; each once', async () => {
  const first = await list('waiting=true')
  expect(first).toMatchObject({ more: true })
  expect(first.rows).toHaveLength(proposalsAPage)
  expect(first.rows[0]).toEqual({
    ...{ village: sarongan, name: 'Sarongan', proposal: idOf(1), kind: 'died', on: '2026-11-20' },
    ...{ made: 1_796_000_001_000, answered: null, state: 'sent', answering: null },
  })
  const last = first.rows.at(-1)
  const second = await list(`waiting=true&behind=${last?.village}-${last?.proposal}`)
  expect(second.more).toBe(false)
  const all = [...first.rows, ...second.rows].map((row) => `${row.village} ${row.proposal}`)
  expect(new Set(all).size).toBe(79)
  expect(all).not.toContain(`${sarongan} ${idOf(3)}`)
  expect(all.toSorted()).toEqual(all)
})

test('of one village all come, the newest first, also what was answered', async () => {
  const { rows, more } = await list(`village=${sarongan}`)
  expect(more).toBe(false)
  expect(rows.map(({ proposal }) => proposal)).toEqual(Array.from({ length: 40 }, (_, at) => idOf(40 - at)))
  expect(rows.find(({ proposal }) => proposal === idOf(3))).toMatchObject({
    state: 'accepted',
    answered: 1_796_009_999_000,
  })
})

test('an answer is a command to its village once, is audited, and stands beside the proposal until the box has it', async () => {
  expect((await answer({ answer: 'papers', text: ' Surat kematian tidak terbaca. ' })).status).toBe(200)
  expect((await answer({ answer: 'papers', text: ' Surat kematian tidak terbaca. ' })).status).toBe(200)
  const { rows: given } = await place.database.query(
    `SELECT c.village, g.type, g.data, g.doer FROM command c JOIN command_given g USING (given)`,
  )
  const data = { proposal: idOf(1), answer: 'papers', text: 'Surat kematian tidak terbaca.' }
  expect(given).toEqual([{ village: sarongan, type: 'answer', data, doer: name }])
  const { rows: audit } = await place.database.query(
    `SELECT actor, village, data FROM audit WHERE action = 'command.sent'`,
  )
  expect(audit).toEqual([{ actor: name, village: sarongan, data: { command: 'answer', villages: 1 } }])
  expect((await list('waiting=true')).rows.slice(0, 2)).toMatchObject([
    { proposal: idOf(1), state: 'sent', answering: 'papers' },
    { proposal: idOf(2), state: 'sent', answering: null },
  ])
  await place.database.query(
    `INSERT INTO command_outcome (village, id, at, outcome) SELECT village, id, now(), 'done' FROM command`,
  )
  expect((await list('waiting=true')).rows[0]).toMatchObject({ proposal: idOf(1), answering: null })
})

test('nobody’s number goes out in clear, and a village that is none gets nothing', async () => {
  const before = (await place.database.query('SELECT FROM command_given')).rowCount
  expect(await answer({ text: 'NIK 3510014107800001 tidak cocok', key: 'keyofanswer2' })).toMatchObject({
    status: 400,
    answer: { code: 'commands.wrong-data', details: { field: 'text' } },
  })
  expect(await answer({ village: '3510019999', key: 'keyofanswer3' })).toMatchObject({ status: 400 })
  expect((await place.database.query('SELECT FROM command_given')).rowCount).toBe(before)
})
