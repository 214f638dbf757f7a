import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HubRole } from '../../appliance/base/web/callers.ts'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { testPinCost } from '../../testing/test-box.ts'
import { createAccounts } from './accounts.ts'
import type { Doer } from './audit.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
let accounts: ReturnType<typeof createAccounts>
let monotonic = 0
const pin = '605138'
const by: Doer = { account: null, actor: 'command line (root)' }

beforeAll(async () => {
  opened = await openTestDatabase()
  accounts = createAccounts(opened.database, () => monotonic, { pinCost: testPinCost })
})
afterAll(() => opened.close())

const add = (name: string, role: HubRole) => accounts.add({ name, pin, role }, by)
const newest = async () => (await opened.database.query('SELECT * FROM audit ORDER BY id DESC LIMIT 1')).rows[0]
const countRows = async () => (await opened.database.query('SELECT count(*)::int AS n FROM audit')).rows[0]?.n

test('the last administrator keeps the role and the account, and of two who take it from each other one is refused', async () => {
  const rina = await add('Rina', 'administrator')
  const refused = { kind: 'conflict', code: 'hub.last-administrator', details: { name: 'Rina' } }
  await expect(accounts.setRole(rina.account, 'operator', by)).rejects.toMatchObject(refused)
  await expect(accounts.close(rina.account, by)).rejects.toMatchObject(refused)
  const dewi = await add('Dewi', 'administrator')
  const both = await Promise.allSettled([
    accounts.setRole(rina.account, 'reader', by),
    accounts.close(dewi.account, by),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('each change of an account is a row that tells who did it, and no PIN', async () => {
  const { account } = await add('Tono', 'reader')
  const about = { account, name: 'Tono' }
  expect(await newest()).toMatchObject({ ...by, action: 'account.added', data: { ...about, role: 'reader' } })
  await accounts.setRole(account, 'operator', { account: 'wwwwwwwwwwww', actor: 'Wati' })
  expect(await newest()).toMatchObject({
    ...{ account: 'wwwwwwwwwwww', actor: 'Wati', action: 'account.role-changed', village: null },
    data: { ...about, from: 'reader', to: 'operator' },
  })
  await accounts.setPin(account, '824601', by)
  expect(await newest()).toMatchObject({ action: 'account.pin-changed', data: about })
  await accounts.logIn({ account, pin: '824601' }, '10.0.0.1')
  expect(await newest()).toMatchObject({
    ...{ account, actor: 'Tono', action: 'account.logged-in', data: { address: '10.0.0.1' } },
  })
  await accounts.close(account, by)
  expect(await newest()).toMatchObject({ action: 'account.closed', data: about })
  const { rows } = await opened.database.query('SELECT * FROM audit')
  expect(JSON.stringify(rows)).not.toMatch(/605138|824601|argon2/)
})

test('what is refused, what changes nothing and what is sent twice leave no row', async () => {
  const { account } = await add('Sari', 'reader')
  const before = await countRows()
  await expect(add('SARI', 'reader')).rejects.toMatchObject({ code: 'people.name-taken' })
  await expect(accounts.setPin(account, '123456', by)).rejects.toMatchObject({ code: 'people.pin-weak' })
  await expect(accounts.setPin('nnnnnnnnnnnn', pin, by)).rejects.toMatchObject({ code: 'people.unknown' })
  await accounts.setRole(account, 'reader', by)
  await accounts.add({ account, name: 'Sari', pin, role: 'reader' }, by)
  expect(await countRows()).toBe(before)
})

test('a stranger who guesses from thirty addresses all day leaves a handful of rows', async () => {
  const { account } = await add('Ditebak', 'reader')
  const before = await countRows()
  const guess = async () => {
    for (let n = 0; n < 60; n++) await accounts.assertPin(account, '111222', `10.0.0.${n % 30}`).catch(() => {})
  }
  await guess()
  expect((await countRows()) - before).toBe(1)
  for (let quarters = 0; quarters < 96; quarters++) {
    monotonic += 15 * 60_000
    await guess()
  }
  expect((await countRows()) - before).toBeLessThan(100)
  expect(await newest()).toMatchObject({
    ...{ account: null, actor: 'hub', action: 'account.locked-out' },
    data: { account, name: 'Ditebak', address: expect.stringMatching(/^10\.0\.0\./), seconds: 14_400 },
  })
}, 60_000)
