import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestConsole, consolePin as pin } from '../../testing/test-console.ts'

/* A code of an app besides the PIN: who wants one, who must have one, and who has lost the phone. */

const now = { ms: 0 }
const at = Date.UTC(2026, 10, 23, 3)
const system = { wall: () => at + now.ms, monotonic: () => now.ms }
let free: Awaited<ReturnType<typeof openTestConsole>>
let strict: Awaited<ReturnType<typeof openTestConsole>>

beforeAll(async () => {
  free = await openTestConsole({ system })
  strict = await openTestConsole({
    system,
    config: { console: { host: '127.0.0.1', port: 0, second_factor: 'required' } },
  })
}, 60_000)
afterAll(async () => {
  await free.close()
  await strict.close()
})

/** What an app with this key shows now, or so many half minutes later. */
function codeOf(secret: unknown, later = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(String(secret)) })
  return totp.generate({ timestamp: at + now.ms + later * 30_000 })
}

const passed = () => {
  now.ms += 61_000
}

test('whoever turns it on gets in by PIN and code only, and each code is good once', async () => {
  const { account, name, cookie } = await free.logIn('administrator')
  const logIn = (body: object) => free.ask('POST', '/api/session', { account, pin, ...body })
  expect((await free.ask('POST', '/api/session/second-factor', { account, pin: '111222' })).status).toBe(403)
  const { answer } = await free.ask('POST', '/api/session/second-factor', { account, pin })
  expect(answer.uri).toMatch(/^otpauth:\/\/totp\/Balai%20Kabupaten%20Uji:administrator.*secret=/)
  // Begun is not on: whoever closes the page at the QR is not shut out.
  expect((await logIn({})).answer).toMatchObject({ me: { name }, secondFactor: 'off' })
  expect((await logIn({ code: '000000' })).answer).toMatchObject({ code: 'factor.wrong', details: { left: 4 } })
  const code = codeOf(answer.secret)
  const inside = await logIn({ code })
  expect(inside.answer).toMatchObject({ me: { name }, secondFactor: 'on' })
  expect((await logIn({})).answer).toMatchObject({ code: 'factor.needed' })
  expect((await logIn({ code })).answer).toMatchObject({ code: 'factor.wrong' })
  expect((await free.ask('POST', '/api/session/second-factor', { account, pin })).answer.code).toBe('factor.on')
  expect((await free.ask('GET', '/api/accounts', undefined, cookie)).answer.accounts).toContainEqual(
    expect.objectContaining({ account, secondFactor: true }),
  )
  // The app is half a minute ahead; an hour old is over.
  expect((await logIn({ code: codeOf(answer.secret, -120) })).status).toBe(403)
  expect((await logIn({ code: codeOf(answer.secret, 1) })).status).toBe(200)
  passed()
  const off = (typed: string) => free.ask('DELETE', '/api/session/second-factor', { code: typed }, inside.cookie)
  expect((await off('000000')).answer).toMatchObject({ code: 'factor.wrong' })
  expect((await off(codeOf(answer.secret))).status).toBe(200)
  expect((await logIn({})).status).toBe(200)
})

test('guessing codes is locked by a count of its own, which a right PIN does not set back', async () => {
  const { account } = await free.add('reader')
  const { answer } = await free.ask('POST', '/api/session/second-factor', { account, pin })
  const logIn = (body: object) => free.ask('POST', '/api/session', { account, pin, ...body })
  expect((await logIn({ code: codeOf(answer.secret) })).status).toBe(200)
  for (let tried = 0; tried < 5; tried++) {
    expect((await logIn({})).answer).toMatchObject({ code: 'factor.needed' })
    await logIn({ code: '000000' })
  }
  passed()
  now.ms -= 30_000
  expect((await logIn({ code: codeOf(answer.secret) })).answer).toMatchObject({ code: 'people.locked-out' })
  now.ms += 30_000
  expect((await logIn({ code: codeOf(answer.secret) })).status).toBe(200)
})

test('where it is demanded nobody is in without one, and an administrator helps who has lost the phone', async () => {
  const boss = await strict.logIn('administrator')
  expect(boss.answer).toMatchObject({ code: 'factor.due' })
  const enter = async (account: string) => {
    const begun = await strict.ask('POST', '/api/session/second-factor', { account, pin })
    const code = codeOf(begun.answer.secret)
    return { ...(await strict.ask('POST', '/api/session', { account, pin, code })), secret: begun.answer.secret }
  }
  const inside = await enter(boss.account)
  expect(inside.answer).toMatchObject({ me: { role: 'administrator' }, secondFactor: 'demanded' })
  passed()
  const off = await strict.ask('DELETE', '/api/session/second-factor', { code: codeOf(inside.secret) }, inside.cookie)
  expect(off.answer).toMatchObject({ code: 'factor.demanded' })
  const reader = await strict.add('reader', 'Wati')
  await enter('wati')
  passed()
  const path = `/api/accounts/${reader.account}/second-factor`
  expect((await strict.ask('DELETE', path, undefined, inside.cookie)).status).toBe(200)
  expect((await strict.ask('POST', '/api/session', { account: 'Wati', pin })).answer).toMatchObject({
    code: 'factor.due',
  })
  expect((await enter('Wati')).answer).toMatchObject({ me: { name: 'Wati' } })
  const { rows } = await strict.database.query('SELECT action, actor FROM audit ORDER BY id DESC LIMIT 3')
  expect(rows.map(({ action }) => action)).toEqual(['account.logged-in', 'account.factor-on', 'account.factor-off'])
})
