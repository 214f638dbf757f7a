import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { issueEnrolments } from './issue.ts'
import { readRegister } from './register.ts'

/* A fleet folder that does not reach the hub's database: its register.json is carried there and back. */

const now = Date.now()
const balai = join(import.meta.dirname, '..', '..', 'appliance', 'balai.js')
let made: Awaited<ReturnType<typeof openTestFleet>>
let place: Awaited<ReturnType<typeof openTestDatabase>>
const village = '3510242001'

beforeAll(async () => {
  made = await openTestFleet({ now, hubs: 1 })
  place = await openTestDatabase()
  await issueEnrolments(made.fleet, testOffices(2), { now, days: 30, again: false, onProgress: () => {} })
  const toml = `name = "Uji"\ndata = "."\nvillages = "hub.toml"\n[mqtt]\nurl = "mqtt://127.0.0.1:9"\n[postgres]\nurl = "${place.server.url}"\n`
  writeFileSync(made.path('hub.toml'), toml)
}, 60_000)
afterAll(async () => {
  await place?.close()
  made?.remove()
})

function type(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [balai, ...words], { encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

test('the hub learns the files, the folder what was signed meanwhile, and what was issued in between stays', async () => {
  const carried = made.path('carried.json')
  writeFileSync(carried, readFileSync(made.path('register.json')))
  const share = () => type('hub', 'share', carried, '--config', made.path('hub.toml'))
  expect(share()).toEqual({
    status: 0,
    said: expect.stringContaining('2 enrolment files of 2 villages: this hub knows'),
  })
  const { rows } = await place.database.query<{ token_hash: string }>(
    `SELECT token_hash FROM enrolment WHERE village = '${village}'`,
  )
  expect(rows.map((row) => row.token_hash)).toEqual(
    readRegister(made.folder).villages[village]?.claims.map(({ tokenHash }) => tokenHash),
  )

  // A box comes, and the hub signs for it; meanwhile the folder makes another file.
  await place.database.query(
    `INSERT INTO certificate (village, serial, key, issued_at, expires_at) VALUES ('${village}', '0abc', 'k', now(), now() + interval '397 days')`,
  )
  await place.database.query(`UPDATE enrolment SET used_at = now(), used_key = 'k' WHERE village = '${village}'`)
  await issueEnrolments(made.fleet, testOffices(1), { now, days: 30, again: true, onProgress: () => {} })
  expect(share().status).toBe(0)
  expect(type('fleet', 'share', carried, '--folder', made.folder)).toEqual({
    status: 0,
    said: '1 certificates that the hub has signed are known here now.\n',
  })
  const record = readRegister(made.folder).villages[village]
  expect(record?.certificates.map(({ serial }) => serial)).toEqual(['0abc'])
  expect(record?.claims).toHaveLength(2)
  expect(record?.claims[0]?.usedKey).toBe('k')
  // A second time nothing is new.
  expect(type('fleet', 'share', carried, '--folder', made.folder).said).toMatch(/^0 certificates/)
})

test('a file that is no register is refused on both sides', () => {
  for (const words of [
    ['hub', 'share', made.path('hub.toml'), '--config', made.path('hub.toml')],
    ['fleet', 'share', made.path('hub.toml'), '--folder', made.folder],
  ])
    expect(type(...words)).toEqual({ status: 78, said: expect.stringContaining('is not a register of this program') })
})
