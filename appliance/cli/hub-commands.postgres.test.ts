import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HubConfig } from '../../regency/base/config.ts'
import { loadVillages, parseVillages } from '../../regency/base/villages.ts'
import { makeTestFolder, openTestDatabase } from '../../testing/hub-parts.ts'
import { type CommandAction, runCommandAction } from './hub-commands.ts'

/* `balai hub command` and `commands` as an engineer types them, beside a hub or without one. */

let opened: Awaited<ReturnType<typeof openTestDatabase>>
let config: HubConfig
const { folder, remove } = makeTestFolder('hub-commands')

beforeAll(async () => {
  opened = await openTestDatabase()
  const rows = ['3510012001', '3510012002', '3510022001'].map(
    (code) => `${code},desa,Uji ${code},${code.slice(0, 6)},U`,
  )
  const csv = ['code,kind,name,district_code,district', ...rows].join('\n')
  writeFileSync(join(folder, 'villages.csv'), csv)
  await loadVillages(opened.database, parseVillages(Buffer.from(csv)), '2026-11-01', { drop: 0 })
  config = {
    ...{ name: 'Kabupaten Uji', zone: 'WIB', data: folder, villages: join(folder, 'villages.csv'), log: 'silent' },
    mqtt: { url: 'mqtt://127.0.0.1:1', client_id: 'hub' },
    postgres: { url: opened.server.url, pool: 1 },
    console: { host: '127.0.0.1', port: 0 },
  }
}, 60_000)
afterAll(async () => {
  await opened.close()
  remove()
})

const nothing = {
  to: 'all',
  text: undefined,
  from: undefined,
  setting: undefined,
  value: undefined,
  expires: undefined,
  order: undefined,
  proposal: undefined,
  answer: undefined,
}
const run = (action: CommandAction, words: string[], options: Partial<Record<keyof typeof nothing, string>> = {}) =>
  runCommandAction(action, words, config, {
    ...{ ...nothing, ...options },
    by: { account: null, actor: 'command line (rina)' },
  })

test('a command goes to all villages, a district or some of them, and the list says what became of it in each', async () => {
  expect(await run('commands', [])).toBe('No command was ever given.\n')
  const moved = await run('command', ['move-broker', 'mqtts://new.example:8883'], { to: '3510022001' })
  expect(moved).toMatch(/^move-broker is sent to 1 village\./)
  expect(await run('command', ['message'], { text: ' Rapat jam 9 ', from: 'Dinas' })).toMatch(/^message is sent to 3 /)
  expect(await run('command', ['backup'], { to: '35.10.01', expires: '12h' })).toMatch(/to 2 villages/)
  expect(
    await run('command', ['set'], { to: '3510022001', setting: 'earlyMinutes', value: '45', expires: '30d' }),
  ).toMatch(/^set is sent to 1 village\. What becomes of it: balai hub commands\n$/)

  const { rows } = await opened.database.query<{ id: string }>(
    `SELECT id FROM command JOIN command_given USING (given) WHERE type = 'backup' AND village = '3510012002'`,
  )
  await opened.database.query(
    `INSERT INTO command_outcome (village, id, at, outcome, detail) VALUES ('3510012002', $1, to_timestamp(60), 'failed', 'backup.full')`,
    [rows[0]?.id],
  )
  const all = (await run('commands', [])).split('\n')
  expect(all.map((line) => line.replace(/^\d.*Z {2}/, ''))).toEqual([
    'set earlyMinutes 45  by command line (rina): 1 waiting of 1',
    expect.stringMatching(/^backup {2}by command line \(rina\): (1 waiting, 1 failed|1 failed, 1 waiting) of 2$/),
    '  3510012002  failed: backup.full',
    'message  by command line (rina): 3 waiting, read in 0 of 3',
    'move-broker mqtts://new.example:8883  by command line (rina): 1 waiting of 1',
    '',
  ])
  expect(await run('commands', ['3510012002'])).toMatch(
    /: failed 1970-01-01T00:01Z \(backup\.full\)\n.*message {2}by command line \(rina\): waiting\n$/,
  )
  expect(await run('commands', ['3510012003'])).toBe('3510012003 was never given a command.\n')
  const { rows: audit } = await opened.database.query(
    `SELECT actor, village, data FROM audit WHERE action = 'command.sent' ORDER BY id`,
  )
  const actor = 'command line (rina)'
  expect(audit).toEqual([
    { actor, village: '3510022001', data: { command: 'move-broker', villages: 1 } },
    { actor, village: null, data: { command: 'message', villages: 3 } },
    { actor, village: null, data: { command: 'backup', villages: 2 } },
    { actor, village: '3510022001', data: { command: 'set', villages: 1 } },
  ])
})

test.each([
  ['dance', {}, /no command "dance"\. There are: message, announce, check, set, backup, restart/],
  ['', {}, /Name a command/],
  ['message', { from: 'Dinas' }, /--text is missing/],
  ['message', { text: 'x' }, /--from is missing/],
  ['message', { text: 'x'.repeat(501), from: 'y' }, /text: 1 to 500 characters/],
  ['set', { setting: 'recalls', value: '1' }, /setting: earlyMinutes, normalsPerPriority, phonePercent/],
  ['set', { setting: 'earlyMinutes' }, /--value is missing/],
  ['set', { setting: 'earlyMinutes', value: '900' }, /value: 0 to 240, a whole number/],
  ['set', { setting: 'earlyMinutes', value: 'x' }, /value: 0 to 240, a whole number/],
  ['check', { expires: '5m' }, /--expires is "5m"; allowed: hours or days, 1h to 30d/],
  ['check', { expires: '31d' }, /an hour at least and 30 days at most/],
  ['check', { to: 'Licin' }, /"Licin" names no places; allowed: all, or codes/],
  ['check', { to: '3510012009' }, /3510012009 is not in villages\.csv/],
] as const)('what is wrong is said, and nothing is sent: %s %j', async (type, options, said) => {
  const count = async () => (await opened.database.query('SELECT FROM command_given')).rowCount
  const before = await count()
  await expect(run('command', [type], options)).rejects.toThrow(said)
  expect(await count()).toBe(before)
})
