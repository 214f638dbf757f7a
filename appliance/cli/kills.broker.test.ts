import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { prepareOffice, query, readBoxPlaces, readHubPlaces, verifyHubChain } from '../../bench/offices.ts'
import { createRandom, type Random } from '../../bench/simulate/random.ts'
import { issueCertificates } from '../../provisioning/fleet/issue.ts'
import { hubItself } from '../../regency/base/audit.ts'
import { type Database as HubDatabase, openDatabase } from '../../regency/base/database.ts'
import { type Given, giveCommand } from '../../regency/commands/giving.ts'
import { packDataset, publish } from '../../regency/datasets/publishing.ts'
import { hubPublicKey, hubSeed } from '../../testing/hub-and-boxes.ts'
import { quiet } from '../../testing/hub-parts.ts'
import { openKiosk, startBox, startHub } from '../../testing/programs.ts'
import { startProxy } from '../../testing/proxy.ts'
import { freePort, startMosquitto, startPostgres } from '../../testing/servers.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { limits } from '../wire/messages.ts'

/** 20 here; BALAI_KILLS=200 by hand (bench/README.md). */
const cycles = Number(process.env.BALAI_KILLS ?? 20)
const village = '3510242008'

type Place = { folder: string; broker: Awaited<ReturnType<typeof startMosquitto>>; postgresUrl: string }
const hubOf = ({ folder, broker, postgresUrl }: Place) => ({
  ...{ folder: join(folder, 'hub'), brokerUrl: broker.url, postgresUrl, villages: [village] },
})
const boxOf = ({ folder }: Place) => ({ folder, village, keepaliveS: 2, hubKey: hubPublicKey })

/** What may happen to each road, a box's own end twice as likely. */
const roads = {
  MQTT: {
    cycles,
    kinds: ['box', 'box', 'hub', 'broker', 'cut', 'freeze'],
    async open(place: Place) {
      const hub = await startHub(hubOf(place))
      const proxy = await startProxy(place.broker.port)
      const box = await startBox({ ...boxOf(place), brokerUrl: proxy.url })
      return { hub, proxy, box, close: () => {} }
    },
  },
  HTTPS: {
    // There is no broker. Each takes longer: a box waits between its tries.
    cycles: Math.ceil(cycles / 2),
    kinds: ['box', 'box', 'hub', 'cut', 'freeze'],
    async open(place: Place) {
      const now = Date.now()
      const made = await openTestFleet({ now, hub: '127.0.0.1', hubs: 1 })
      const [office] = testOffices(8).slice(7)
      if (office?.village !== village) throw new Error('The eighth of these offices is the village.')
      await issueCertificates(made.fleet, [office], { now })
      const port = await freePort()
      const [cert, key] = [made.path('hub-1/console.pem'), made.path('hub-1/console.key')]
      const more = `ca = "${made.path('hub-1/ca.pem')}"\n[https]\nhost = "127.0.0.1"\nport = ${port}\ncert = "${cert}"\nkey = "${key}"\n`
      const hub = await startHub({ ...hubOf(place), brokerUrl: 'mqtts://127.0.0.1:1', more })
      const proxy = await startProxy(port)
      const file = (name: string) => made.path(`boxes/${village}/${name}`)
      const certificates = { ca: file('ca.pem'), cert: file('box.pem'), key: file('box.key') }
      const box = await startBox({ ...boxOf(place), certificates, brokerUrl: `https://127.0.0.1:${proxy.port}` })
      return { hub, proxy, box, close: made.remove }
    },
  },
} as const

test.each(Object.entries(roads))(
  'F01, F02, F04, F06, F22, F40: kill -9 of what carries it and a bad line at random moments lose and double nothing, up or down, by %s',
  async (_road, { cycles, kinds, open }) => {
    const random = createRandom(20_261_124)
    const folder = mkdtempSync(join(tmpdir(), 'balai-kills-'))
    // A service has 999 numbers a day, 200 cycles take more.
    const services = await prepareOffice(folder, village)
    const [broker, postgres] = await Promise.all([startMosquitto(), startPostgres({ settings: { fsync: 'off' } })])
    mkdirSync(join(folder, 'hub', 'data'), { recursive: true })
    writeFileSync(join(folder, 'hub', 'data', 'hub-key.pem'), hubSeed, { mode: 0o600 })
    const { hub, proxy, box, close } = await open({ folder, broker, postgresUrl: postgres.url })
    const database = await openDatabase({ url: postgres.url, connections: 1, log: quiet })
    let published = 0
    const answered = new Set<string>()
    try {
      for (let cycle = 0; cycle < cycles; cycle++) {
        const kiosk = await openKiosk(box.url)
        let stop = false
        const taking = (async () => {
          while (!stop) {
            try {
              const service = services[answered.size % services.length] ?? ''
              answered.add((await kiosk.take(service)).ticket)
            } catch (error) {
              if (/^\d/.test((error as Error).message)) throw error
              return
            }
          }
        })()
        await give(database, random, cycle)
        if (cycle % 3 === 0) published = await publishServices(database, published || null)
        await sleep(random.between(20, 400))
        const what = random.pick<(typeof roads.MQTT.kinds)[number]>(kinds)
        if (what === 'box') await box.kill()
        if (what === 'hub') await hub.kill()
        if (what === 'broker') await broker.kill()
        if (what === 'cut') proxy.cut()
        if (what === 'freeze') proxy.freeze(true)
        await sleep(random.between(20, 200))
        stop = true
        await taking
        proxy.freeze(false)
        if (what === 'freeze') proxy.cut()
        if (what === 'box') await box.restart()
        if (what === 'hub') await hub.restart()
        if (what === 'broker') await broker.restart()
      }
      const giveUpAt = performance.now() + 150_000
      const standing = () => readDown(postgres.url)
      for (let now = await standing(); now.open > 0 || now.current !== published; now = await standing()) {
        if (performance.now() > giveUpAt) expect(now).toEqual({ open: 0, current: published })
        await sleep(500)
      }
      for (;;) {
        const [there, here] = [await readHubPlaces(postgres.url, village), readBoxPlaces(folder)]
        if (JSON.stringify(there) === JSON.stringify(here)) break
        if (performance.now() > giveUpAt) expect(there).toEqual(here)
        await sleep(500)
      }
      expect(await verifyHubChain(postgres.url, village)).toBe(readBoxPlaces(folder).length)
      const rows = await query<{ ticket: string }>(
        postgres.url,
        `SELECT data->>'ticket' AS ticket FROM entry WHERE village = $1 AND type = 'queue.ticket-taken'`,
        [village],
      )
      const stored = rows.map(({ ticket }) => ticket)
      expect(new Set(stored).size).toBe(stored.length)
      expect([...answered].filter((ticket) => !stored.includes(ticket))).toEqual([])
      expect(answered.size).toBeGreaterThan(cycles)
      await expectDownOnce(folder, postgres.url, published)
    } finally {
      await database.close()
      await Promise.all([box.pause(), hub.pause()])
      await proxy.stop()
      await Promise.all([broker.stop(), postgres.stop()])
      close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
  300_000 + cycles * 15_000,
)

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const commandsACycle = 3

/** As the console or a command line would, in the table that the hub looks at. */
async function give(database: HubDatabase, random: Random, cycle: number): Promise<void> {
  for (let n = 0; n < commandsACycle; n++) {
    const command: Given = random.pick([
      { type: 'message', data: { text: `${cycle}.${n}`, from: 'Dinas' } },
      { type: 'set', data: { setting: 'phonePercent', value: random.between(1, 100) } },
      { type: 'announce', data: {} },
      { type: 'check', data: {} },
    ] as const)
    const given = { command, places: { villages: [village] }, expiresMs: 24 * 3_600_000, now: Date.now() }
    await database.inTransaction((client) => giveCommand(client, given, hubItself))
  }
}

/** No two alike, and what gzip makes nothing smaller of. */
const makeServices = () => ({
  services: Array.from({ length: 900 }, (_, n) => ({
    ...{ code: `s-${n}`, name: `Layanan ${n}`, minutes: 5 },
    requires: Array.from({ length: 4 }, () => randomBytes(45).toString('base64')),
  })),
})

/** Four pieces. */
async function publishServices(database: HubDatabase, expected: number | null): Promise<number> {
  const content = makeServices()
  expect(packDataset(content).file.length).toBeGreaterThan(3 * limits.pieceBytes)
  const given = {
    dataset: 'services',
    content,
    places: 'all',
    stage: 'all',
    expected,
    note: '',
    now: Date.now(),
  } as const
  return (await database.inTransaction((client) => publish(client, given, hubItself))).version
}

/** Commands without an outcome, and the version that the box said last that it has. */
async function readDown(url: string): Promise<{ open: number; current: number }> {
  const [row] = await query<{ open: string; current: string | null }>(
    url,
    `SELECT
       (SELECT count(*) FROM command c LEFT JOIN command_outcome o USING (village, id) WHERE o.outcome IS NULL) AS open,
       (SELECT current FROM dataset_state WHERE dataset = 'services') AS current`,
  )
  return { open: Number(row?.open), current: Number(row?.current) }
}

/** Every command has one outcome, each message is there once, and the dataset is the regency's byte for byte. */
async function expectDownOnce(folder: string, url: string, version: number): Promise<void> {
  const given = await query<{ id: string; type: string }>(
    url,
    'SELECT c.id, g.type FROM command c JOIN command_given g USING (given) ORDER BY given',
  )
  const [file] = await query<{ file: Buffer }>(url, 'SELECT file FROM dataset_version WHERE version = $1', [version])
  const db = new Database(join(folder, 'balai.db'), { readonly: true })
  try {
    const outcomes = db
      .prepare<[], { key: string; outcome: string }>(
        "SELECT key, data ->> 'outcome' AS outcome FROM entry WHERE type = 'commands.carried-out'",
      )
      .all()
    const said = new Map(outcomes.map(({ key, outcome }) => [key, outcome]))
    expect(outcomes).toHaveLength(given.length)
    // A setting that comes after a newer one is refused.
    const isAnswered = ({ id, type }: { id: string; type: string }) =>
      said.get(id) === 'done' || (type === 'set' && said.get(id) === 'refused')
    expect(given.filter((one) => !isAnswered(one))).toEqual([])
    const messages = db.prepare('SELECT command FROM office_message').pluck().all()
    const told = given.filter(({ type }) => type === 'message').map(({ id }) => id)
    expect(messages.sort()).toEqual(told.sort())
    const here = db.prepare("SELECT file FROM dataset_version WHERE dataset = 'services' AND version = ?").pluck()
    expect(here.get(version)).toEqual(file?.file)
    expect(db.prepare('SELECT count(*) FROM dataset_piece').pluck().get()).toBe(0)
  } finally {
    db.close()
  }
}
