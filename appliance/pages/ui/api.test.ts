import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { ask, createSender, newKey, Refusal } from './api.ts'

afterEach(() => vi.unstubAllGlobals())

/** A network that answers in turn; an Error is a connection that breaks. Returns the keys that were sent. */
function answer(...answers: (Response | Error)[]): string[] {
  const keys: string[] = []
  vi.stubGlobal('fetch', async (_path: string, { body }: { body: string }) => {
    keys.push(JSON.parse(body).key)
    const next = answers.shift()
    if (next instanceof Response) return next
    throw next
  })
  return keys
}
const ok = () => Response.json({})
const refused = (status: number) => Response.json({ code: 'x', message: '', details: {} }, { status })
const cut = () => new TypeError('cut')

test('a key is twelve base64url characters', () => {
  expect(newKey()).toMatch(/^[A-Za-z0-9_-]{12}$/)
})

test.each([
  ['a broken connection', cut()],
  ['a fault of the server', refused(500)],
])('the same command after %s carries the same key', async (_name, broken) => {
  const keys = answer(broken, ok(), ok())
  const send = createSender()
  await expect(send('POST', '/api/x', { a: 1 })).rejects.toThrow()
  await send('POST', '/api/x', { a: 1 })
  await send('POST', '/api/x', { a: 1 })
  expect(keys[1]).toBe(keys[0])
  expect(keys[2]).not.toBe(keys[0])
})

test('another command, and one that was refused, get a fresh key', async () => {
  const keys = answer(cut(), ok(), refused(409), ok())
  const send = createSender()
  await expect(send('POST', '/api/x', { a: 1 })).rejects.toThrow()
  await send('POST', '/api/x', { a: 2 })
  await expect(send('POST', '/api/x', { a: 1 })).rejects.toThrow()
  await send('POST', '/api/x', { a: 1 })
  expect(new Set(keys).size).toBe(4)
})

test('an answer without a body is an answer', async () => {
  const keys = answer(new Response(null, { status: 204 }), ok())
  const send = createSender()
  await expect(send('POST', '/api/x', { a: 1 })).resolves.toBeUndefined()
  await send('POST', '/api/x', { a: 1 })
  expect(keys[1]).not.toBe(keys[0])
})

test.each([
  ['no body', ''],
  ['words of a proxy', '<h1>Forbidden</h1>'],
])('a refusal with %s is a refusal, not a box that does not answer', async (_name, body) => {
  answer(new Response(body, { status: 403 }))
  const refusal = ask('POST', '/api/x', { key: 'x' })
  await expect(refusal).rejects.toBeInstanceOf(Refusal)
  await expect(refusal).rejects.toMatchObject({ problem: { code: 'unknown' }, unclear: false })
})

test('R1: no page waits for an answer without a limit', () => {
  const root = join(import.meta.dirname, '..', '..', '..')
  const waiting = globSync('{appliance/pages,regency/console}/**/*.{ts,tsx}', { cwd: root })
    .filter((path) => !path.includes('.test.') && /(?<![.\w])fetch\(/.test(readFileSync(join(root, path), 'utf8')))
    .filter((path) => path !== 'appliance/pages/ui/api.ts')
  expect(waiting).toEqual([])
})
