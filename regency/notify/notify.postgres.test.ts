import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openCatalogues } from '../../appliance/base/messages/catalogues.ts'
import { startFakeSmtp } from '../../testing/fake-smtp.ts'
import { makeTestFolder, openTestDatabase, quiet } from '../../testing/hub-parts.ts'
import { planWork, readPlannedWork } from '../alarms/planned-work.ts'
import type { HubConfig } from '../base/config.ts'
import type { Notice, Told, Way } from './notice.ts'
import { startNotifying } from './notifying.ts'
import { createWays } from './ways.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
const { folder, remove } = makeTestFolder('notify')
const catalogues = openCatalogues()
const now = Date.UTC(2026, 10, 23, 3)
const [tamansari, kemiren] = ['3510242008', '3510152004']
const closers: (() => unknown)[] = []

beforeAll(async () => {
  opened = await openTestDatabase()
  for (const [village, name, district] of [
    [tamansari, 'Tamansari', 'Licin'],
    [kemiren, 'Kemiren', 'Glagah'],
  ])
    await opened.database.query(
      `INSERT INTO village (village, kind, name, district_code, district, valid_from)
       VALUES ($1, 'desa', $2, left($1, 6), $3, '2020-01-01')`,
      [village, name, district],
    )
}, 30_000)
beforeEach(async () => {
  for (const table of ['trouble', 'alarm_taken', 'planned_work']) await opened.database.query(`DELETE FROM ${table}`)
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
afterAll(async () => {
  await opened.close()
  remove()
})

async function addTrouble(village: string, code: string, severity = 'action', details = {}) {
  await opened.database.query(
    `INSERT INTO trouble (village, code, severity, details, since) VALUES ($1, $2, $3, $4, to_timestamp($5 / 1000.0))`,
    [village, code, severity, details, now],
  )
}
const end = (code: string, minutesAgo: number) =>
  opened.database.query(`UPDATE trouble SET ended_at = now() - $2 * interval '1 minute' WHERE code = $1`, [
    code,
    minutesAgo,
  ])

function open(least: Way['least'] = 'action', districts: string[] | null = null) {
  const sent: Notice[] = []
  let fails = false
  const way: Way = {
    ...{ name: 'webhook', target: 'x', least },
    async send(notice) {
      if (fails) throw new Error('503')
      sent.push(notice)
    },
  }
  const notifying = startNotifying({
    ...{ database: opened.database, log: quiet, now: () => now, ways: [way], catalogues, districts },
    ...{ regency: 'Kabupaten Uji', link: null },
  })
  closers.push(notifying.stop)
  const told = (list: 'began' | 'ended') => sent.flatMap((notice) => notice[list].map(({ code }) => code))
  return {
    ...{ notifying, sent, told },
    fail: (whether: boolean) => {
      fails = whether
    },
  }
}

test('an alarm is told once, and once that it is over, in words', async () => {
  const { notifying, sent, told } = open()
  await addTrouble(tamansari, 'disk.scarce', 'action', { free: 210 })
  await addTrouble(kemiren, 'voice.silent', 'warning')
  await addTrouble('', 'hub.backup.old', 'action', { hours: 72 })
  await notifying.look()
  await notifying.look()
  expect(sent).toHaveLength(1)
  expect(sent[0]?.began).toMatchObject([
    { name: 'Tamansari', district: 'Licin', title: 'Penyimpanan hampir habis: sisa 210 MB', since: now, endedAt: null },
    { village: '', title: 'Cadangan basis data berumur 72 jam' },
  ])
  // It may come back as the same one.
  await end('disk.scarce', 9)
  await notifying.look()
  expect(told('ended')).toEqual([])
  await end('disk.scarce', 11)
  await notifying.look()
  await notifying.look()
  expect(told('ended')).toEqual(['disk.scarce'])
  expect(told('began')).toEqual(['disk.scarce', 'hub.backup.old'])
})

test('who wants warnings gets them, and a hub tells of its own districts', async () => {
  const { notifying, told } = open('warning', ['351024'])
  await addTrouble(tamansari, 'voice.silent', 'warning')
  await addTrouble(kemiren, 'disk.full')
  await notifying.look()
  expect(told('began')).toEqual(['voice.silent'])
})

test('what somebody works on or has planned is told only when it needs somebody again', async () => {
  const { notifying, told } = open()
  await addTrouble(tamansari, 'disk.full')
  await addTrouble(kemiren, 'card.failing')
  await opened.database.query(
    `INSERT INTO alarm_taken (village, code, account, name, note, until) VALUES ($1, 'disk.full', 'a', 'Rina', '', to_timestamp($2 / 1000.0))`,
    [tamansari, now + 60_000],
  )
  const rina = { account: 'rrrrrrrrrrrr', actor: 'Rina' }
  await planWork(opened.database, { place: '351015', begins: now - 1, ends: now + 1, reason: 'Kabel' }, rina)
  await notifying.look()
  expect(told('began')).toEqual([])
  await opened.database.query(`UPDATE alarm_taken SET until = to_timestamp($1 / 1000.0)`, [now - 1])
  await opened.database.query('DELETE FROM planned_work')
  expect(await opened.database.withClient((client) => readPlannedWork(client, now))).toEqual([])
  await notifying.look()
  expect(told('began')).toEqual(['disk.full', 'card.failing'])
})

test('what did not go out is told later, and the console says that it fails', async () => {
  const { notifying, told, fail } = open()
  await addTrouble(tamansari, 'disk.full')
  fail(true)
  for (let tries = 0; tries < 3; tries++) await notifying.look()
  expect(notifying.failing()).toEqual(['webhook'])
  expect(notifying.list()).toEqual([{ name: 'webhook', target: 'x', sentAt: null, error: '503' }])
  await expect(notifying.test('webhook')).rejects.toMatchObject({ code: 'notify.failed', details: { reason: '503' } })
  await expect(notifying.test('mail')).rejects.toMatchObject({ code: 'notify.none' })
  fail(false)
  await notifying.look()
  expect([told('began'), notifying.failing()]).toEqual([['disk.full'], []])
})

type Asked = { url: string; headers: IncomingHttpHeaders; body: string }

/** A server on loopback that keeps what it is asked. */
async function startServer(
  answer: { status: number; body?: string; headers?: Record<string, string> } = { status: 200 },
) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += String(chunk)
    })
    request.on('end', () => {
      asked.push({ url: request.url ?? '', headers: request.headers, body })
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  return { asked, url: `http://127.0.0.1:${(server.address() as { port: number }).port}` }
}

const told: Told = {
  ...{
    trouble: '7',
    village: tamansari,
    name: 'Tamansari',
    district: 'Licin',
    code: 'disk.scarce',
    severity: 'action',
  },
  ...{ title: 'Penyimpanan hampir habis', remedy: 'Ganti kartunya.', since: now, endedAt: null },
}
const notice: Notice = { regency: 'Kabupaten Uji', link: 'https://balai.example.go.id', began: [told], ended: [] }
const secretFile = (text: string) => {
  const path = join(folder, `secret-${text.length}`)
  writeFileSync(path, `${text}\n`)
  return path
}
const wayOf = (more: Partial<HubConfig>) => {
  const [way] = createWays(more as HubConfig, { catalogues, now: () => now })
  if (!way) throw new TypeError('There is no way.')
  return way
}

test('a webhook’s body is signed with its time, and can be Alertmanager’s', async () => {
  const { asked, url } = await startServer()
  const webhook = { url: `${url}/hook?key=geheim`, secret_file: secretFile('sesame'), severity: 'action' } as const
  await wayOf({ webhook: { ...webhook, form: 'balai' } }).send(notice)
  await wayOf({ webhook: { ...webhook, form: 'alertmanager' } }).send({
    ...notice,
    began: [],
    ended: [{ ...told, endedAt: now + 60_000 }],
  })
  const [own, theirs] = asked
  expect(JSON.parse(own?.body ?? '')).toEqual(notice)
  const time = String(now / 1_000)
  const signature = createHmac('sha256', 'sesame').update(`${time}.${own?.body}`).digest('hex')
  expect(own?.headers).toMatchObject({ 'x-balai-timestamp': time, 'x-balai-signature': `sha256=${signature}` })
  expect(JSON.parse(theirs?.body ?? '')).toMatchObject({
    ...{ version: '4', status: 'resolved', receiver: 'balai' },
    alerts: [
      {
        status: 'resolved',
        labels: { alertname: 'disk.scarce', severity: 'action', village: tamansari },
        annotations: { summary: 'Penyimpanan hampir habis' },
        ...{ startsAt: '2026-11-23T03:00:00.000Z', endsAt: '2026-11-23T03:01:00.000Z', fingerprint: '7' },
      },
    ],
  })
})

test('a webhook that fails or sends elsewhere is a failure, and nobody reads its address', async () => {
  const elsewhere = await startServer()
  const moved = await startServer({ status: 307, headers: { location: elsewhere.url } })
  const webhook = (url: string) =>
    wayOf({ webhook: { url: `${url}/geheim`, form: 'balai', severity: 'action' } }).send(notice)
  await expect(webhook(moved.url)).rejects.toThrow(/^307$/)
  expect(elsewhere.asked).toEqual([])
  await expect(webhook('http://127.0.0.1:1')).rejects.toThrow(/^(ECONNREFUSED|not reachable)$/)
})

test('a bot says it in a chat: a line for each alarm and where to look', async () => {
  const { asked, url } = await startServer({ status: 200, body: '{"ok":true}' })
  const telegram = { token_file: secretFile('123:abc-token'), chat: '-100123', api: url, severity: 'action' } as const
  await wayOf({ telegram }).send(notice)
  await wayOf({ telegram }).send({
    ...notice,
    began: Array.from({ length: 40 }, () => told),
    ended: [{ ...told, endedAt: now }],
  })
  await wayOf({ telegram }).send({ ...notice, began: [] })
  expect(asked.map((one) => one.url)).toEqual(Array(3).fill('/bot123:abc-token/sendMessage'))
  const texts = asked.map(({ body }) => JSON.parse(body) as { chat_id: string; text: string })
  expect(texts[0]).toEqual({
    chat_id: '-100123',
    text: `• Tamansari (Licin): Penyimpanan hampir habis. Ganti kartunya.\n\nhttps://balai.example.go.id/#/village/${tamansari}`,
    link_preview_options: { is_disabled: true },
  })
  expect(texts[1]?.text.split('\n').slice(-3)).toEqual(['dan 16 lagi', '', 'https://balai.example.go.id'])
  expect(texts[2]?.text).toMatch(/uji pemberitahuan dari konsol Kabupaten Uji/)
})

test('what Telegram answers is said, and the token is not', async () => {
  const { url } = await startServer({ status: 400, body: '{"ok":false,"description":"Bad Request: chat not found"}' })
  const telegram = { token_file: secretFile('123:abc-token'), chat: '1', api: url, severity: 'action' } as const
  await expect(wayOf({ telegram }).send(notice)).rejects.toThrow(/^400 Bad Request: chat not found$/)
})

test('a mail goes to all that are named, with log-in, and a server that refuses is a failure', async () => {
  const smtp = await startFakeSmtp()
  closers.push(smtp.stop)
  const mail: NonNullable<HubConfig['mail']> = {
    ...{ host: '127.0.0.1', port: smtp.port, tls: 'none', from: 'balai@example.go.id', severity: 'action' },
    summary_at: '18:00',
    ...{ to: ['rina@example.go.id', 'tono@example.go.id'], user: 'balai', password_file: secretFile('open sesame') },
  }
  await wayOf({ mail }).send(notice)
  expect(smtp.mails).toMatchObject([
    { from: 'balai@example.go.id', to: ['rina@example.go.id', 'tono@example.go.id'], auth: '\0balai\0open sesame' },
  ])
  expect(smtp.mails[0]?.message).toContain('Subject: Tamansari (Licin): Penyimpanan hampir habis')
  const strict = await startFakeSmtp({ refuses: true })
  closers.push(strict.stop)
  await expect(wayOf({ mail: { ...mail, port: strict.port } }).send(notice)).rejects.toThrow(/550/)
  // A server that speaks in clear gets no password where TLS is asked for.
  await expect(wayOf({ mail: { ...mail, tls: 'starttls' } }).send(notice)).rejects.toThrow(/STARTTLS/)
  expect(smtp.mails).toHaveLength(1)
})
