import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { hubItself } from '../../regency/base/audit.ts'
import { publishResidents, readRecipient } from '../../regency/datasets/residents.ts'
import { residentSheet } from '../../testing/bring-residents.ts'
import { type HubAndBoxes, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import type { PersonFields } from '../residents/person.ts'
import { readOneVillage, readResidentsFile } from './hub-residents.ts'

/* A real broker, a real PostgreSQL, a hub and a box: `balai hub publish residents` as somebody types it. */

const [village, other] = ['3510012001', '3510012002'] as const
const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'residents.md'), 'utf8')
const program = join(import.meta.dirname, '..', 'balai.js')
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('hub-residents', [village, other])
  writeFileSync(
    join(place.folder, 'hub.toml'),
    `name = "Kabupaten Uji"\ndata = "data"\nvillages = "villages.csv"\n[mqtt]\nurl = "${place.broker.url}"\nclient_id = "hub-1"\n[postgres]\nurl = "${place.postgresUrl}"\n`,
  )
}, 60_000)
afterEach(() => place.closeOpened())
afterAll(() => place.close())

function hub(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'hub', ...args], {
    ...({ cwd: place.folder, encoding: 'utf8' } as const),
    env: { ...process.env, SUDO_USER: 'rina' },
  })
  return { status, stdout, stderr }
}
const file = (name: string, text: string) => writeFileSync(join(place.folder, name), text)

/** What the hub has heard of the box. Asked here: a command that runs holds up the box of this process. */
async function said() {
  const { rows } = await place.database.query<{ current: string | null; refused: string | null }>(
    `SELECT current, refused FROM dataset_state WHERE village = $1 AND dataset = 'residents'`,
    [village],
  )
  return rows[0]
}

const siti: PersonFields = {
  ...{ name: 'SITI AMINAH', nik: '3510014107800001', kk: '3510010101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
const wrong: PersonFields = { ...siti, name: 'RATNA DEWI', nik: '351001410780' }
const secrets = /SITI|AMINAH|RATNA|DEWI|35100141|3510010101100001/

test('SYNC-021: what is typed at the hub is found at the desk, waits where a row is refused, and nobody between can read it', async () => {
  const log: string[] = []
  const running = await place.openReadyHub()
  const listener = await connectAsync(place.broker.url)
  place.onClose(() => listener.endAsync())
  const heard: Buffer[] = []
  listener.on('message', (_topic, payload) => heard.push(payload))
  await listener.subscribeAsync('#')

  // Before there is a box nothing can be sealed, and nothing goes out.
  file('tamansari.csv', residentSheet([siti]))
  const early = hub('publish', 'residents', 'tamansari.csv', '--to', '35.10.01.2001', '--yes')
  expect(early).toMatchObject({ status: 1, stderr: expect.stringContaining(`${village} has no box`) })

  const box = await place.openOffice(village, { onLog: (line) => log.push(line) })
  await until(() => box.relay.view().sentAsOf !== null)
  // As docs/residents.md prints it, but for the village and a file that this test can write.
  const printed = /^balai hub (publish residents tamansari\.xlsx --to 35\.10\.24\.2008 .*)$/m.exec(guide)?.[1] ?? ''
  const line = printed.replace('.xlsx', '.csv').replace('35.10.24.2008', '35.10.01.2001')
  const first = hub(...line.split(' '), '--yes')
  expect(first.stderr).toBe('')
  expect(first.stdout).toMatch(
    /^tamansari\.csv: plain, 1 people as of 2026-11-01, for 3510012001\nEvery row is clear .*\nresidents version 1 goes to 3510012001, sealed to its box \(\d kB\)\.\n$/,
  )
  await running.lookAtOffers()
  await until(() => box.residents.find('siti aminah').length === 1)
  expect(box.imports.view().past).toMatchObject([{ source: 'tamansari.csv', asOf: '2026-11-01', sent: true }])
  await until(async () => (await said())?.current === '1')
  expect(hub('datasets').stdout).toContain(`${village} has read it`)

  file('ratna.csv', residentSheet([siti, wrong]))
  const second = hub('publish', 'residents', 'ratna.csv', '--to', village, '--yes')
  expect(second.stdout).toContain('1 rows are refused and 0 have to be decided: at the box it waits')
  expect(second.stdout).not.toMatch(secrets)
  await running.lookAtOffers()
  await until(() => box.imports.view().staged?.state === 'ready')
  expect(box.alarms.list().map(({ code }) => code)).toContain('imports.sent-waits')

  // Of another box's key nothing opens; the hub hears why.
  await place.database.query(
    `UPDATE signing_key SET key = 'Kr8bLdMfKIJ4Gbq4-DzBJTBoYAT0v4RIzmQTqZ8ZDIw' WHERE village = $1`,
    [village],
  )
  expect(hub('publish', 'residents', 'tamansari.csv', '--to', village, '--yes').stdout).toContain('version 3')
  await place.database.query('UPDATE signing_key SET key = $2 WHERE village = $1', [village, box.identity.publicKey])
  await running.lookAtOffers()
  await until(() => box.alarms.list().some(({ code }) => code === 'datasets.refused'))
  await until(async () => (await said())?.refused === '3')
  expect(hub('datasets').stdout).toContain(`${village} does not take it: sealed`)
  expect(box.residents.find('siti aminah')).toHaveLength(1)
  expect(box.imports.view().staged?.state).toBe('ready')

  // On the way, in the database of the hub, in its files and in the log of the box there is nobody.
  expect(heard.length).toBeGreaterThan(10)
  for (const payload of heard) expect(payload.toString('latin1')).not.toMatch(secrets)
  const { rows } = await place.database.query<{ file: Buffer; rest: string }>(
    'SELECT file, (to_jsonb(v) - $1)::text AS rest FROM dataset_version v',
    ['file'],
  )
  expect(rows).toHaveLength(1)
  const { rows: entries } = await place.database.query<{ data: unknown }>('SELECT data FROM entry')
  const { rows: audit } = await place.database.query<{ data: unknown }>('SELECT to_jsonb(a) AS data FROM audit a')
  expect(audit.map(({ data }) => data)).toContainEqual(
    expect.objectContaining({ action: 'dataset.published', village, actor: 'command line (rina)' }),
  )
  const kept = [JSON.stringify(entries), JSON.stringify(audit), log.join('\n'), rows.map(({ rest }) => rest).join()]
  for (const text of [...kept, ...rows.map((row) => row.file.toString('latin1'))]) expect(text).not.toMatch(secrets)
  expect(log.length).toBeGreaterThan(0)
}, 120_000)

test('what cannot be published is said by name, and nothing goes out', async () => {
  const told = { village, asOf: undefined, mark: undefined, zone: 'Asia/Jakarta' }
  const says = (name: string, more: { asOf?: string } = {}) =>
    readResidentsFile(join(place.folder, name), { ...told, ...more }).then(
      () => 'it was read',
      (error: Error) => error.message,
    )
  file('umur.csv', 'Umur;Berat\n40;60\n')
  file('bantuan.csv', `NIK;Nama KPM\n${siti.nik};SITI AMINAH\n`)
  file('satu.csv', residentSheet([siti]))
  file('kosong.csv', '')
  expect(await says('umur.csv')).toContain('no column is known for the name')
  expect(await says('kosong.csv')).toMatch(/holds anything|empty/)
  expect(await says('bantuan.csv')).toContain('--mark "PKH 2026"')
  expect(await says('satu.csv', { asOf: '2199-01-01' })).toContain('--as-of is "2199-01-01"')
  expect(await says('satu.csv', { asOf: '2026-02-30' })).toContain('--as-of is "2026-02-30"')
  expect(await says('satu.csv')).toBe('it was read')
  expect(() => readOneVillage('all')).toThrow('Residents are of one village')
  expect(() => readOneVillage('351001')).toThrow('is no village code')
  const sealed = randomBytes(4 * 1024 * 1024)
  await expect(
    place.database.inTransaction(async (client) => {
      const recipient = await readRecipient(client, village)
      return await publishResidents(client, { village, sealed, recipient, now: Date.now() }, hubItself)
    }),
  ).rejects.toMatchObject({ code: 'datasets.too-large', message: expect.stringContaining('at most 4194304') })
  const typed = (...args: string[]) => hub('publish', 'residents', ...args)
  expect(typed('--to', village)).toMatchObject({ status: 1, stderr: expect.stringContaining('Name the file') })
  expect(typed('absent.csv', '--to', village)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/absent\.csv/),
  })
  expect(typed('satu.csv', '--to', '3599012001', '--yes')).toMatchObject({
    ...{ status: 1, stdout: '', stderr: expect.stringContaining('is not in villages.csv') },
  })
  expect(typed('satu.csv', '--to', other)).toMatchObject({
    ...{ status: 1, stdout: '', stderr: expect.stringContaining('has no box') },
  })
  expect(hub('take-back', 'residents').stderr).toContain('taken back at the box')
  const { rows } = await place.database.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM dataset_offer WHERE village = $1',
    [other],
  )
  expect(rows).toEqual([{ n: 0 }])
}, 60_000)
