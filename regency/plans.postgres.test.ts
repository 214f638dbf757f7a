import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { dateIn } from '../appliance/base/clock.ts'
import { newId } from '../appliance/base/ids.ts'
import { packFrame } from '../appliance/wire/frame.ts'
import type { WireEntry } from '../appliance/wire/messages.ts'
import { signPut } from '../appliance/wire/sign.ts'
import { boxHealth } from '../testing/box-health.ts'
import { startFakeSmtp } from '../testing/fake-smtp.ts'
import { entriesADay, filledEpoch, filledVillage, fillRegency } from '../testing/fill-regency.ts'
import { createTestBox, queueEntries } from '../testing/hub-client-box.ts'
import { makeTestFolder, openTestDatabase, quiet, until } from '../testing/hub-parts.ts'
import { freePort } from '../testing/servers.ts'
import { endAccess, giveAccess } from './agency/access.ts'
import { hubItself } from './base/audit.ts'
import { giveCommand } from './commands/giving.ts'
import { readAudit } from './console/audit-route.ts'
import { compareDayTotals } from './delivery/day-totals.ts'
import { caseDocumentsFold } from './folds/case-documents.ts'
import { photosOf, writePhotos } from './folds/case-photos.ts'
import { erasuresFold } from './folds/erasures.ts'
import { projectVillage } from './folds/folding.ts'
import { folds } from './folds.ts'
import { openHub } from './hub.ts'

/*
 * How PostgreSQL carries out each statement of a running hub. The tables hold 217 villages with sixty days of a few
 * tickets each: a day is a sixtieth of them and a village a 217th, both a larger part than in a year of a real regency,
 * where reading all of a table costs a hundred times more. A plan that asks an index here does so there.
 */

const filling = { villages: 217, days: 60, ticketsADay: 3, zone: 'Asia/Jakarta', now: Date.now() }

/** What grows with every day, of every village or of those who look at them. */
const large =
  /^(entry|place|ticket)(_\d)?$|^(day_total|meter|audit|command|command_outcome|trouble|notified|health_(minute|hour|day))$/
/** Indexes of what is open or wrong now, however much is in their table. */
const ofFew = ['day_total_due', 'meter_dropped', 'trouble_open', 'notified_open', /^entry_\d_written_at_idx$/]

let opened: Awaited<ReturnType<typeof openTestDatabase>>
const { folder, remove } = makeTestFolder('plans')
const pin = '605138'

beforeAll(async () => {
  opened = await openTestDatabase()
  await fillRegency(opened.server.url, filling)
}, 120_000)
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  await opened.close()
  remove()
})

type Recorded = { text: string; values: unknown[] }

/** Every statement that any connection is given from here on, with the values of its last run. */
function recordStatements(): ReadonlyMap<string, Recorded> {
  const recorded = new Map<string, Recorded>()
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [first, second] = args as [string | pg.QueryConfig, unknown[] | undefined]
    const text = typeof first === 'string' ? first : first.text
    const values = (typeof first === 'string' ? second : (first.values ?? second)) ?? []
    recorded.set(text, { text, values: Array.isArray(values) ? values : [] })
    return query.apply(this, args)
  } as never)
  return recorded
}

/** What a box says in a day, with everything that goes wrong now and then; and somebody looks at the console. */
async function liveADay() {
  const { database } = opened
  writeFileSync(
    join(folder, 'villages.csv'),
    [
      'code,kind,name,district_code,district,email',
      ...Array.from({ length: filling.villages }, (_, index) => filledVillage(index)).map(
        (village) =>
          `${village},desa,Desa ${village},${village.slice(0, 6)},Kecamatan ${village.slice(0, 6)},kantor@desa.example.id`,
      ),
    ].join('\n'),
  )
  const told = await startListener()
  const smtp = await startFakeSmtp()
  const hub = await openHub(
    {
      ...{ name: 'Kabupaten Uji', zone: filling.zone, data: join(folder, 'data'), log: 'silent' },
      villages: join(folder, 'villages.csv'),
      mqtt: { url: `mqtt://127.0.0.1:${await freePort()}`, client_id: 'hub' },
      postgres: { url: opened.server.url, pool: 2 },
      console: { host: '127.0.0.1', port: 0 },
      webhook: { url: `http://127.0.0.1:${told.port}`, form: 'balai', severity: 'warning' },
      mail: {
        ...{ host: '127.0.0.1', port: smtp.port, tls: 'none', from: 'balai@example.go.id', to: ['a@example.go.id'] },
        ...{ severity: 'action', summary_at: '00:00' },
      },
    },
    { log: quiet },
  )
  const village = filledVillage(99)
  const day = dateIn(filling.zone, filling.now)
  const entries = [
    ...queueEntries(41, { day, from: filling.now - 3_600_000 }),
    beginning(),
    totalled(41),
    ...ofCommands(),
  ]
  const box = createTestBox({ village, entries })
  const take = async (kind: 'hello' | 'up' | 'want', payload: Buffer) => {
    hub.receiver.take(village, kind, payload)
    await hub.receiver.settle()
  }
  await database.query('INSERT INTO signing_key (village, key, box) VALUES ($1, $2, $3)', [
    village,
    box.hello().key,
    box.box,
  ])
  await take('hello', packFrame(box.hello()))
  await take('up', box.packBatch(1, 20))
  // Entries that are there already; a place whose entry's first place is elsewhere; rows that were lost.
  await database.query('UPDATE epoch_cursor SET seq = 10, hash = $3 WHERE village = $1 AND epoch = $2', [
    village,
    box.epoch,
    box.hashAt(10),
  ])
  await take('up', box.packBatch(1, 45))
  const start = box.hashAt(0).toString('base64url')
  await take('want', packFrame({ session: box.session, n: 9, epochs: [{ epoch: box.epoch, from: 0, prev: start }] }))
  await database.query('UPDATE place SET name = $3 WHERE village = $1 AND epoch = $2 AND seq = 12', [
    village,
    box.epoch,
    box.hashAt(11),
  ])
  await take(
    'want',
    packFrame({
      session: box.session,
      n: 10,
      epochs: [{ epoch: box.epoch, from: 10, prev: box.hashAt(10).toString('base64url') }],
    }),
  )
  await database.query('DELETE FROM place WHERE village = $1 AND epoch = $2 AND seq = 30', [village, box.epoch])
  await database.query('UPDATE stream SET checked_at = NULL WHERE village = $1', [village])
  // A private part is lacking here, and its box has not said that it has none.
  await database.query('DELETE FROM lacking_part')
  await database.query('UPDATE known_box SET parts_sought_at = NULL')
  await take('hello', packFrame(box.hello()))
  await take('up', box.packBatch(30, 45))
  // The hub's own folding may be at it just now: then this one leaves it.
  await until(async () => {
    while (await projectVillage(database, village, folds));
    const due = 'SELECT FROM day_total WHERE village = $1 AND checked_at IS NULL'
    return (await database.query(due, [village])).rowCount === 1
  })
  await compareDayTotals(database)
  await database.query(
    `UPDATE entry SET data = '{}' WHERE village = $1 AND type = 'journal.day-totalled' AND written_at > now() - interval '1 hour'`,
    [village],
  )
  await database.query(
    'UPDATE day_total SET checked_at = NULL WHERE village = $1 AND name IN (SELECT name FROM entry WHERE village = $1 AND data::text = $2)',
    [village, '{}'],
  )
  await compareDayTotals(database)

  hub.contacts.takePresence(village, packFrame({ state: 'online', session: box.session, box: box.box, version: '1' }))
  hub.contacts.takeHealth(village, packFrame(boxHealth(['disk.low'])), { retained: false })
  await hub.contacts.settle()
  await sendPhoto(database, box, take)
  await hub.lookAtPhotos()
  for (let minute = 0; minute < 60; minute++) await hub.thinning.look()
  await hub.flushMeters()
  const { account } = await hub.accounts.add({ name: `Insinyur ${newId()}`, pin, role: 'administrator' }, hubItself)
  const at = `http://127.0.0.1:${hub.http.port}`
  const login = await fetch(`${at}/api/session`, {
    ...{ method: 'POST', headers: { 'x-balai': '1', 'content-type': 'application/json' } },
    body: JSON.stringify({ account, pin }),
  })
  expect(login.status).toBe(200)
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect((await fetch(`${at}/api/audit`, { headers: { cookie } })).status).toBe(200)
  expect((await fetch(`${at}/api/commands`, { headers: { cookie } })).status).toBe(200)
  for (const which of ['?waiting=true', `?village=${village}`])
    expect((await fetch(`${at}/api/proposals${which}`, { headers: { cookie } })).status).toBe(200)
  const token = await giveAccess(database, { agency: 'disdukcapil', now: filling.now, mayNotify: true }, hubItself)
  const asAgency = { authorization: `Bearer ${token}`, 'x-balai': '1', 'content-type': 'application/json' }
  expect((await fetch(`${at}/api/agency/photos/${village}/${'f'.repeat(43)}`, { headers: asAgency })).status).toBe(404)
  expect((await fetch(`${at}/api/agency/cases?open=true`, { headers: asAgency })).status).toBe(200)
  const said = { village, case: 'aaaaaaaaaaaa', state: 'done', text: '', key: 'aaaaaaaaaaaa' }
  const saying = { method: 'POST', headers: asAgency, body: JSON.stringify(said) }
  expect((await fetch(`${at}/api/agency/cases/state`, saying)).status).toBe(404)
  const ofCase = `village=${village}&case=caseAcaseAca`
  const answer = await fetch(`${at}/api/agency/cases/recipient?${ofCase}`, { headers: asAgency })
  const { recipient } = (await answer.json()) as { recipient: string }
  const document = { village, case: 'caseAcaseAca', document: 'documentAAAA', recipient, sealed: 'QUFB' }
  const sending = { method: 'POST', headers: asAgency, body: JSON.stringify(document) }
  expect((await fetch(`${at}/api/agency/cases/document`, sending)).status).toBe(200)
  const named = createHash('sha256').update('AAA').digest('base64url')
  await take('want', packFrame({ session: box.session, n: 11, file: named, from: 0 }))
  const arrived = { case: 'caseAcaseAca', document: 'documentAAAA', outcome: 'here' }
  const ended = caseDocumentsFold.fold([
    { name: Buffer.alloc(32, 9), type: 'cases.document-arrived', at: filling.now, data: arrived },
  ])
  await database.inTransaction((client) => caseDocumentsFold.write(client, village, ended))
  const notice = { village, notice: 'noticenotice', kind: 'birth', from: 'RSUD', sealed: 'QUFB' }
  const telling = { method: 'POST', headers: asAgency, body: JSON.stringify(notice) }
  expect((await fetch(`${at}/api/agency/notices`, telling)).status).toBe(200)
  for (const path of ['me', `recipient?village=${village}`, 'notices/noticenotice'])
    expect((await fetch(`${at}/api/agency/${path}`, { headers: asAgency })).status).toBe(200)
  expect(await endAccess(database, 'disdukcapil', hubItself)).toBe(true)
  for (const span of ['48h', '90d', 'years'])
    expect((await fetch(`${at}/api/villages/${village}?span=${span}`, { headers: { cookie } })).status).toBe(200)
  expect((await fetch(`${at}/api/commands/${filling.days}`, { headers: { cookie } })).status).toBe(200)
  const command = { type: 'set', data: { setting: 'phonePercent', value: 9 } } as const
  const given = { command, places: { villages: [village] }, expiresMs: 3_600_000, now: filling.now }
  await database.inTransaction((client) => giveCommand(client, given, hubItself))
  await hub.lookAtCommands()
  const metrics = await (await fetch(`${at}/metrics`)).text()
  expect(metrics).toContain(`balai_village_tickets_today{village="${village}"} 13`)
  await hub.alarms.look()
  await hub.notifying.look()
  expect(told.asked()).toBeGreaterThan(0)
  await hub.summaries?.look()
  expect(smtp.mails.map(({ to }) => to)).toContainEqual(['kantor@desa.example.id'])
  const work = { place: village, begins: filling.now, ends: filling.now + 3_600_000, reason: 'Kabel' }
  const headers = { 'x-balai': '1', 'content-type': 'application/json', cookie }
  await fetch(`${at}/api/work`, { method: 'POST', headers, body: JSON.stringify(work) })
  expect((await fetch(`${at}/api/work/1`, { method: 'DELETE', headers, body: '{}' })).status).toBe(200)
  const alarms = hub.alarms.list().filter((alarm) => alarm.village === village)
  expect(alarms.map(({ code }) => code).toSorted()).toEqual(['entries.set-aside', 'journal.parted'])
  await hub.close()
  told.stop()
  await smtp.stop()
}

/** A photo of a paper, in two pieces: taken, joined, there already; and one whose part is erased. */
async function sendPhoto(
  database: typeof opened.database,
  box: ReturnType<typeof createTestBox>,
  take: (kind: 'up', payload: Buffer) => Promise<void>,
) {
  const content = Buffer.from('age-encryption.org/v1\n'.repeat(16))
  const file = createHash('sha256').update(content).digest('base64url')
  const name = Buffer.alloc(32, 7)
  const { village } = box
  await database.query(
    `INSERT INTO citizen_case (village, id, agency, relayed_at, relayed, papers, state, state_at)
     VALUES ($1, 'caseAcaseAca', 'disdukcapil', now(), $2, '[]', 'relayed', now())`,
    [village, name],
  )
  const photos = [{ photo: 'photoAphotoA', paper: 'KTP', file, bytes: content.length }]
  const entry = { name, type: 'cases.relayed', at: filling.now, data: { case: 'caseAcaseAca', photos } }
  await database.inTransaction((client) => writePhotos(client, village, photosOf(entry)))
  for (const first of [0, 176, 352]) {
    const bytes = content.subarray(first, first + 176).toString('base64url')
    const unsigned = { village, session: box.session, n: 20 + first, file, size: content.length, first, bytes }
    await take('up', packFrame({ ...unsigned, sig: signPut(box.key, unsigned) }))
  }
  expect((await database.query('SELECT FROM case_photo_file WHERE village = $1', [village])).rowCount).toBe(1)
  const erased = erasuresFold.fold([
    {
      name: Buffer.alloc(32, 8),
      type: 'journal.private-erased',
      at: filling.now,
      data: { names: [name.toString('base64url')] },
    },
  ])
  await database.inTransaction((client) => erasuresFold.write(client, village, erased))
  expect((await database.query('SELECT FROM case_photo_file WHERE village = $1', [village])).rowCount).toBe(0)
}

/** Takes whatever is posted. */
async function startListener() {
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    request.resume()
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as { port: number }).port, asked: () => asked, stop: () => server.close() }
}

const beginning = (): WireEntry => ({
  ...{ type: 'journal.epoch-began', at: filling.now, clock: 'synced', actor: 'box' },
  data: { serial: 's', card: 'c', continues: null, why: 'damaged' },
  private: 'p'.repeat(43),
})

const ofCommands = (): WireEntry[] =>
  (['carried-out', 'message-read'] as const).map((what) => ({
    ...{ type: `commands.${what}`, at: filling.now, clock: 'synced', actor: 'box' },
    data: { command: 'commandcomma', ...(what === 'carried-out' ? { type: 'message', outcome: 'done' } : {}) },
  }))

const totalled = (entries: number): WireEntry => ({
  ...{ type: 'journal.day-totalled', at: filling.now, clock: 'synced', actor: 'box' },
  data: { places: [[filledEpoch, 1, entries]], counts: {} },
})

type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  'Plan Rows': number
  Plans?: Plan[]
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** What reads a large table from end to end. */
function readsAll(node: Plan): boolean {
  const table = node['Relation Name'] ?? ''
  switch (node['Node Type']) {
    case 'Seq Scan':
    case 'Sample Scan':
      return large.test(table)
    case 'Index Scan':
    case 'Index Only Scan':
      return large.test(table) && !node['Index Cond'] && !isOfFew(node)
    case 'Bitmap Index Scan':
      return !node['Index Cond'] && !isOfFew(node)
    default:
      return false
  }
}

const isOfFew = ({ 'Index Name': name = '' }: Plan) =>
  ofFew.some((index) => (typeof index === 'string' ? index === name : index.test(name)))

/** What reads a large table in one of these statements, as the planner would carry it out. */
async function findWholeReads({ text, values }: Recorded): Promise<string[]> {
  if (!/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(text)) return []
  const { rows } = await opened.database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `EXPLAIN (FORMAT JSON) ${text}`,
    values,
  )
  const [explained] = rows[0]?.['QUERY PLAN'] ?? []
  if (!explained) throw new Error(`No plan for ${text}`)
  return nodesOf(explained.Plan)
    .filter(readsAll)
    .map((node) => `${node['Node Type']} of ${node['Relation Name'] ?? node['Index Name']}: ${text.trim()}`)
}

/** What stands between quotes in the hub's sources and names a large table, as patterns of what PostgreSQL is given. */
function writtenStatements(): { file: string; text: string; pattern: RegExp }[] {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => /\.ts$/.test(file) && !file.includes('.test.'))
    .flatMap((file) => {
      const source = readFileSync(join(import.meta.dirname, file), 'utf8')
      return [...source.matchAll(/([`'])(\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b.*?)\1/gs)].flatMap(
        ([, , text = '']) =>
          /\b(entry|place|ticket|day_total|meter|audit|command|command_outcome|trouble|notified|health_\w+)\b/.test(
            text,
          )
            ? [{ file, text, pattern: patternOf(text) }]
            : [],
      )
    })
}

/** Whatever `${…}` was. */
const patternOf = (text: string) =>
  new RegExp(
    `^${text
      .split(/\$\{[^}]*\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[\\s\\S]*')}$`,
  )

test('no statement of a running hub reads a whole journal, all tickets or all day counts that there ever were', async () => {
  const recorded = recordStatements()
  await liveADay()
  vi.restoreAllMocks()
  await opened.database.query('ANALYZE')
  const statements = [...recorded.values()].filter(({ text }) => !isOfThisTest(text))
  const notRun = writtenStatements().filter(({ pattern }) => !statements.some(({ text }) => pattern.test(text)))
  expect(notRun.map(({ file, text }) => `${file}: ${text}`)).toEqual([])
  expect((await Promise.all(statements.map(findWholeReads))).flat()).toEqual([])
})

/** Those by which `liveADay` breaks something. */
const isOfThisTest = (text: string) => /data = '\{\}'|SET checked_at = NULL|^(UPDATE|DELETE FROM) place/.test(text)

test.each([
  {},
  { before: 5_000 },
  { village: filledVillage(99) },
  { action: 'villages.changed' },
  { action: 'alarm.taken', village: filledVillage(99), before: 5_000 },
])('what was done is read by an index: %j', async (asked) => {
  const recorded = recordStatements()
  await readAudit(opened.database, asked)
  const statements = [...recorded.values()]
  expect(statements).toHaveLength(1)
  expect((await Promise.all(statements.map(findWholeReads))).flat()).toEqual([])
})

test('a statement that reads all tickets, or a whole index of them, is found out', async () => {
  expect(entriesADay(filling.ticketsADay) * filling.days * filling.villages).toBeGreaterThan(200_000)
  for (const text of [
    'SELECT count(*) FROM ticket WHERE result = $1',
    'SELECT village, count(*) FROM entry WHERE type = $1 GROUP BY village',
    'SELECT DISTINCT ON (village) village, differs FROM day_total WHERE counted::text <> $1 ORDER BY village, at DESC',
    'SELECT count(*) FROM place WHERE epoch <> $1',
    'SELECT count(*) FROM audit WHERE actor = $1',
  ])
    expect((await findWholeReads({ text, values: ['x'] })).length, text).toBeGreaterThan(0)
})
