import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeBackup } from '../../appliance/backup/backup.ts'
import { completeBoxConfig } from '../../appliance/config.ts'
import { findEnrolmentFile } from '../../appliance/enrolment/find-file.ts'
import { adopt, openMembership } from '../../appliance/enrolment/membership.ts'
import { openBox } from '../../appliance/open-box.ts'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import { claimOf, enrolTopics } from '../../appliance/wire/topics.ts'
import { readHubConfig } from '../../regency/base/config.ts'
import { openHub } from '../../regency/hub.ts'
import { until } from '../../testing/hub-parts.ts'
import { openTestRegency, type TestRegency } from '../../testing/test-regency.ts'
import { issueEnrolments } from './issue.ts'

/*
 * One scenario from the enrolment file to a served citizen, and then every secret that it used is looked for in what
 * leaves a box or is kept of it: logs, what the broker carried, health, metrics, journal, backup, and the hub's tables.
 */

const pin = '258014'
const newPin = '741963'
const wifiPassword = 'kopi-susu-senja'
let regency: TestRegency
beforeAll(async () => {
  regency = await openTestRegency({ offices: 1 })
}, 60_000)
afterAll(() => regency?.close())

/** A log at its most talkative, kept. */
function openLog() {
  const lines: string[] = []
  return { log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }), lines }
}

test('no secret of a whole scenario stands in a log, on the wire, in health, in the journal, in a backup or at the hub', async () => {
  const { made, offices, place, postgres } = regency
  const [office] = offices
  if (!office) throw new TypeError('There is no office.')
  await issueEnrolments(made.fleet, [{ ...office, network: { wifi: { name: 'Kantor', password: wifiPassword } } }], {
    now: Date.now(),
    days: 30,
  })
  const stick = regency.newFolder('stick')
  const path = join(stick, `balai-enrol-${office.village}.json`)
  writeFileSync(path, made.read(`villages/balai-enrol-${office.village}.json`))

  // Whoever may read everything at the broker: another hub.
  const carried: { topic: string; text: string }[] = []
  const ear = await connectAsync(`mqtts://127.0.0.1:${regency.ports.broker_port}`, {
    ...{ protocolVersion: 4, ca: made.read('root-ca.pem') },
    ...{ cert: made.read('hub-2/hub.pem'), key: made.read('hub-2/hub.key') },
  })
  ear.on('message', (topic, payload) => carried.push({ topic, text: JSON.stringify(unpackFrame(payload)) }))
  await ear.subscribeAsync(['#', 'balai-enrol/#'], { qos: 1 })
  const [boxLog, hubLog] = [openLog(), openLog()]
  const hub = await openHub(readHubConfig(regency.hubConfig), { log: hubLog.log })

  const data = regency.newFolder()
  const found = findEnrolmentFile([stick], { member: null, village: null, certain: Date.now() })
  if (!found?.file) throw new Error('The file was not found.')
  const { token = 'none', claim } = found.file
  const member = adopt(data, found.file)
  const lan = { host: '127.0.0.1', http_port: 0, https_port: 0, names: [] }
  const config = completeBoxConfig({ data, lan, enrolment_folders: [], log: 'debug' }, {}, member)
  const box = await openBox(config, { log: boxLog.log, enrolmentPath: path })
  const setupCode = box.setupCode.read() ?? ''
  const url = `http://127.0.0.1:${box.http.port}`
  const cookies = new Map<string, string>()
  const heard: string[] = []
  async function ask(method: string, address: string, body?: object): Promise<{ status: number; text: string }> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { 'content-type': 'application/json', 'x-balai': '1', ...(cookie ? { cookie } : {}) }
    const answer = await fetch(url + address, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      cookies.set(name, value)
    }
    return { status: answer.status, text: await answer.text() }
  }

  // A technician sets the box up, with a slip of the finger, changes the PIN, logs in again; a kiosk gives a number.
  await ask('POST', '/api/setup', { code: '0000000000', name: 'Rudi', pin })
  expect((await ask('POST', '/api/setup', { code: setupCode, name: 'Rudi', pin })).status).toBeLessThan(300)
  const account = box.people.accounts()[0]?.account ?? ''
  await ask('POST', '/api/session', { account, pin: '999999' })
  const login = await ask('POST', '/api/session', { account, pin })
  expect(login.status).toBeLessThan(300)
  expect((await ask('POST', '/api/session/pin', { pin, newPin })).status).toBeLessThan(300)
  await ask('POST', '/api/device', { kind: 'kiosk' })
  for (const address of ['/metrics', '/api/doctor', '/api/session']) heard.push((await ask('GET', address)).text)
  await until(() => box.enrolment().state === 'enrolled' && box.relay.view().waiting === 0, 30_000)
  const identity = openMembership(data, member).identity()
  await writeBackup(box.store.db, join(place, 'backup'), Date.now(), 'data')
  await new Promise((resolve) => setTimeout(resolve, 300))

  const bodyOf = (pem: string) => pem.split('\n')[1] ?? 'none'
  const secrets: Record<string, string> = {
    ...{
      pin,
      newPin,
      setupCode,
      wifiPassword,
      claimKey: bodyOf(claim?.key ?? ''),
      identityKey: bodyOf(identity?.key ?? ''),
    },
    boxKey: bodyOf(readFileSync(join(data, 'box-key.pem'), 'utf8')),
    hubKey: bodyOf(made.read('hub-key.pem')),
    issuingKey: bodyOf(made.read('issuing-ca.key')),
    ...Object.fromEntries([...cookies].map(([name, value]) => [`cookie ${name}`, value])),
  }
  expect(Object.values(secrets).filter((secret) => secret.length < 6 || secret === 'none')).toEqual([])
  expect(cookies.size).toBeGreaterThanOrEqual(2)

  const { rows } = await hub.database.query<{ all: string }>(everyTable)
  const backups = readdirSync(join(place, 'backup')).map((name) => readFileSync(join(place, 'backup', name), 'latin1'))
  const asked = enrolTopics(claimOf(office.village)).request
  const places: Record<string, string> = {
    'the box’s log': boxLog.lines.join(''),
    'the hub’s log': hubLog.lines.join(''),
    'the broker, but for the asking itself': carried.map(({ topic, text }) => (topic === asked ? '' : text)).join('\n'),
    'health and metrics': heard.join('\n'),
    'the journal': readFileSync(join(data, 'balai.db'), 'latin1') + readFileSync(join(data, 'balai.db-wal'), 'latin1'),
    'a backup': backups.join(''),
    'the hub’s tables': rows[0]?.all ?? '',
  }
  await box.close()
  await hub.close()
  await ear.endAsync()
  expect(Object.entries(places).filter(([, text]) => text.length < 50)).toEqual([])
  const leaks = Object.entries(places).flatMap(([where, text]) =>
    Object.entries({ ...secrets, token }).flatMap(([what, secret]) =>
      doesHold(text, secret) ? [`${what} in ${where}`] : [],
    ),
  )
  expect(leaks).toEqual([])
  expect(carried.some(({ topic, text }) => topic === asked && text.includes(token))).toBe(true)
  expect(postgres.log()).not.toContain(token)
}, 90_000)

/** Digits count as a whole number only: a moment in ms holds many PINs. */
const doesHold = (text: string, secret: string): boolean =>
  /^\d+$/.test(secret) ? new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(text) : text.includes(secret)

const everyTable = `
  SELECT string_agg(query_to_xml(format('SELECT * FROM %I', table_name), true, false, '')::text, '') AS all
  FROM information_schema.tables
  WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`
