import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { utils, write } from '@e965/xlsx'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readOwn } from '../../appliance/backup/recovery.ts'
import { wordsOf } from '../../appliance/backup/words.ts'
import { makeResidents } from '../../appliance/cli/demo-residents.ts'
import { query } from '../../bench/offices.ts'
import { residentSheet } from '../../testing/bring-residents.ts'
import { buildProgram } from '../../testing/build-once.ts'
import { mayMount, openDebianRoot } from '../../testing/debian-root.ts'
import {
  assetsOf,
  bringByHttp,
  Ended,
  eventually,
  officePin,
  openCaller,
  serveVisitors,
  setUpByHttp,
} from '../../testing/office-by-http.ts'
import { freePort, startMosquitto, startPostgres } from '../../testing/servers.ts'
import { openTestBox } from '../../testing/test-box.ts'
import { noteVisitor, visitorsRoom } from '../../testing/visitors-room.ts'

/*
 * All that ships, started as its user starts it: from the built file, and from the package that install.sh has put into a
 * Debian. Each command does what only it can do; the logs hold no error.
 */

const root = join(import.meta.dirname, '..', '..')
const dist = join(root, 'dist')
const village = '3510242008'
const architecture = process.arch === 'arm64' ? 'arm64' : 'x64'
let version = ''

beforeAll(() => {
  version = buildProgram(root)
}, 600_000)

type Run = { status: number | null; stdout: string; stderr: string }
type Place = {
  /** An absolute path as the program sees it. */
  path: (name: string) => string
  write: (name: string, text: string) => void
  read: (name: string) => string
  run: (...args: string[]) => Run
  type: (input: string, ...args: string[]) => Run
  start: (...args: string[]) => ChildProcess
  remove: () => void
}

function openFile(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'balai-built-'))
  const program = join(dist, `balai-linux-${architecture}`)
  const path = (name: string) => join(folder, name)
  const type = (input: string, ...args: string[]) => spawnSync(program, args, { cwd: folder, encoding: 'utf8', input })
  return {
    path,
    write(name, text) {
      mkdirSync(dirname(path(name)), { recursive: true })
      writeFileSync(path(name), text)
    },
    read: (name) => readFileSync(path(name), 'utf8'),
    run: (...args) => type('', ...args),
    type,
    start: (...args) => spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** As the package's service does it: by the user balai, its data in /var/lib/balai. */
function openPackage(): Place {
  const inside = openDebianRoot()
  const installed = inside.run([join(dist, 'install.sh')])
  if (installed.status !== 0) throw new Error(installed.stderr)
  const asBalai = [
    'setpriv',
    '--reset-env',
    '--reuid=balai',
    '--regid=balai',
    '--init-groups',
    'env',
    '-C',
    '/var/lib/balai',
    'balai',
  ]
  inside.run(['install', '-d', '-o', 'balai', '-g', 'balai', '-m', '0700', '/var/lib/balai'])
  const path = (name: string) => join('/var/lib/balai', name)
  const type = (input: string, ...args: string[]) => inside.run([...asBalai, ...args], [], input)
  return {
    path,
    write(name, text) {
      const script = 'mkdir -p "$(dirname "$1")" && cat >"$1" && chown -R balai:balai "$(dirname "$1")"'
      inside.run(['sh', '-c', script, 'sh', path(name)], [], text)
    },
    read: (name) => inside.run(['cat', path(name)]).stdout,
    run: (...args) => type('', ...args),
    type,
    start: (...args) => inside.start([...asBalai, ...args]),
    remove: inside.remove,
  }
}

const places: [string, () => Place][] = [
  ['the built file', openFile],
  ...(mayMount ? ([['the installed package', openPackage]] as [string, () => Place][]) : []),
]

describe.each(places)('%s', (name, open) => {
  const isPackage = name === 'the installed package'
  let place: Place
  const children: { child: ChildProcess; log: string[] }[] = []
  beforeAll(() => {
    place = open()
  }, 300_000)
  afterAll(() => {
    for (const { child } of children) child.kill('SIGKILL')
    place?.remove()
  })

  function start(...args: string[]) {
    const child = place.start(...args)
    const log: string[] = []
    child.stdout?.setEncoding('utf8').on('data', (text: string) => log.push(text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log.push(text))
    children.push({ child, log })
    return {
      child,
      said: () => log.join(''),
      /** Waits for something of it; at once says why not when it has ended. */
      until: <T>(what: string, read: () => Promise<T | null | undefined | false>): Promise<T> =>
        eventually(what, () => {
          if (child.exitCode !== null)
            throw new Ended(`balai ${args.join(' ')} ended with ${child.exitCode}: ${log.join('')}`)
          return read()
        }),
      async stop(): Promise<number | null> {
        child.kill('SIGTERM')
        await eventually(`the end of ${args[0]}`, async () => child.exitCode !== null || child.signalCode !== null)
        return child.exitCode
      },
    }
  }
  /** What a log holds that nobody should have to read: errors, and what a crash prints. */
  const troublesIn = (said: string) =>
    said.split('\n').filter((line) => /"level":[56]0|"err":|^\s+at |Error:|Warning:/.test(line))

  test('names its build, and says it in every command’s help', () => {
    expect(version).toMatch(/^\d+\.\d+\.\d+\+\d{12}\.[0-9a-f]{7}/)
    expect(place.run('--version').stdout.trim()).toBe(version)
    const words = [
      'serve',
      'hub',
      'hub-account',
      'fleet',
      'demo',
      'setup-code',
      'doctor',
      'backup',
      'verify',
      'rebuild',
    ]
    const { stdout } = place.run('--help')
    for (const word of [...words, 'restore', 'network']) {
      expect(stdout).toContain(word)
      expect(place.run(word, '--help')).toMatchObject({ status: 0, stderr: '' })
    }
  })

  test('provisions a regency: authorities, enrolment files, sheets', () => {
    place.write(
      'villages.csv',
      `code,kind,name,district_code,district\n${village},desa,Tamansari,351024,Licin\n3510152004,desa,Kemiren,351015,Glagah\n3510152005,desa,Glagah,351015,Glagah\n3510152006,desa,Uji,351015,Glagah\n`,
    )
    const words = ['--regency', 'Kabupaten Uji', '--zone', 'WIB', '--broker', 'localhost', '--hub', 'localhost']
    expect(place.run('fleet', 'init', 'fleet', ...words)).toMatchObject({ status: 0, stderr: '' })
    expect(place.run('fleet', 'issue', 'villages.csv', '--folder', 'fleet')).toMatchObject({ status: 0 })
    expect(place.run('fleet', 'status', '--folder', 'fleet').stdout).toContain(village)
  })

  test('a village from its first minute to PostgreSQL: hub, box, 22 people served, estimate, PDFs, pages, console', async () => {
    const [broker, postgres] = await Promise.all([startMosquitto(), startPostgres({ settings: { fsync: 'off' } })])
    try {
      const [port, httpsPort, consolePort] = [await freePort(), await freePort(), await freePort()]
      place.write(
        'hub/hub.toml',
        `name = "Kabupaten Uji"\ndata = "data"\nvillages = "../villages.csv"\n[mqtt]\nurl = "${broker.url}"\n` +
          `[postgres]\nurl = "${postgres.url}"\n[console]\nport = ${consolePort}\n`,
      )
      const hubConfig = ['--config', place.path('hub/hub.toml')]
      expect(place.type('605138\n605138\n', 'hub-account', 'add', 'Rina', ...hubConfig)).toMatchObject({ status: 0 })
      const hubKey = place.run('hub', 'key', ...hubConfig).stdout.trim()
      const hub = start('hub', ...hubConfig)
      const engineer = openCaller(`http://127.0.0.1:${consolePort}`)
      await hub.until('the console', async () => (await engineer.download('/metrics')).status === 200)

      place.write(
        'box/balai.toml',
        `village = "${village}"\nname = "Desa Tamansari"\ndistrict = "Licin"\nzone = "WIB"\ndata = "data"\nhub_key = "${hubKey}"\n` +
          `[lan]\nhost = "127.0.0.1"\nhttp_port = ${port}\nhttps_port = ${httpsPort}\n[mqtt]\nurl = "${broker.url}"\n`,
      )
      const boxConfig = ['--config', place.path('box/balai.toml')]
      const box = start('serve', ...boxConfig)
      const url = `http://127.0.0.1:${port}`
      const visitor = openCaller(url)
      await box.until('the kiosk page', async () => (await visitor.download('/kiosk')).status === 200)

      const office = await setUpByHttp(url, place.run('setup-code', ...boxConfig).stdout)
      const line = () => visitor.view('/live/line') as Promise<{ day: string | null; line: { wait: unknown }[] }>
      // The machine's clock may be one that nobody confirms; the regency's is.
      await box.until('the office day', async () => (await line()).day)
      const numbers = await serveVisitors(url, office, 22)
      expect([numbers[0], numbers[21]]).toEqual(['A001', 'A022'])
      await office.clerk.call('POST', '/api/desk/tickets', { service: office.service })
      await box.until('an estimate', async () => (await line()).line.find(({ wait }) => wait !== null))

      const { day } = await line()
      for (const path of [`report.pdf?from=${day}&to=${day}`, 'questionnaire.pdf', 'questionnaire.pdf?language=en']) {
        const { status, type, bytes } = await office.secretary.download(`/api/reports/${path}`)
        expect([path, status, type, bytes.subarray(0, 5).toString()]).toEqual([path, 200, 'application/pdf', '%PDF-'])
        expect(bytes.length).toBeGreaterThan(10_000)
      }
      const figures = await office.secretary.download(`/api/reports/figures.csv?from=${day}&to=${day}`)
      expect([figures.status, figures.bytes.toString()]).toEqual([200, expect.stringContaining('KTP')])

      await writesLetter(visitor, office, await findsResidents(office))

      const names = [
        '',
        'kiosk',
        'display',
        'book',
        'visitor',
        'percaya',
        'desk',
        'admin',
        'technician',
        'today',
        'reports',
        'residents',
        'letters',
        'cases',
        'check',
      ]
      for (const path of [...names, 't/AAAAAAAAAAAA', 'book/AAAAAAAAAAAA']) {
        const page = await visitor.download(`/${path}`)
        expect([path, page.status, page.type]).toEqual([path, 200, 'text/html; charset=utf-8'])
        expect(assetsOf(page.bytes.toString()).length).toBeGreaterThan(3)
        for (const asset of assetsOf(page.bytes.toString()))
          expect([asset, (await visitor.download(asset)).status]).toEqual([asset, 200])
      }
      // Those that a page names only when it needs them: languages, the chime, what is loaded late.
      for (const asset of readdirSync(join(dist, 'pages', 'assets')).filter((name) => !name.endsWith('.gz')))
        expect([asset, (await visitor.download(`/assets/${asset}`)).status]).toEqual([asset, 200])
      for (const path of [
        ...['/api/docs/', '/api/docs/json', '/api/docs/yaml', '/api/docs/static/swagger-ui-bundle.js'],
        '/voice/loket.mp3',
      ])
        expect([path, (await visitor.download(path)).status]).toEqual([path, 200])

      expect((await engineer.send('POST', '/api/session', { account: 'Rina', pin: '605138' })).status).toBe(200)
      await eventually('all entries in PostgreSQL', async () => {
        const [row] = await query<{ n: string }>(
          postgres.url,
          `SELECT count(*) AS n FROM ticket WHERE village = '${village}'`,
        )
        return Number(row?.n) === 23
      })
      const page = await engineer.download('/')
      for (const asset of assetsOf(page.bytes.toString()))
        expect([asset, (await engineer.download(asset)).status]).toEqual([asset, 200])
      expect(JSON.stringify(await engineer.view('/live/hub'))).toContain(version)

      // The flows have a package of their own; the file alone says that it is missing.
      const flows = async () =>
        (await office.technician.view('/live/flows')) as { state: string; whyOff: string | null }
      if (isPackage) {
        await box.until('the flows', async () => (await flows()).state === 'running')
        expect((await office.technician.download('/flows/')).bytes.toString()).toContain('Balai: Flow')
        expect((await office.technician.download('/flows/red/red.min.js')).status).toBe(200)
        expect((await visitor.download('/flows/flows')).status).toBe(401)
      } else expect(await flows()).toMatchObject({ state: 'off', whyOff: 'missing' })

      const doctor = place.run('doctor', ...boxConfig)
      expect(doctor.stdout).toContain(`Balai ${version}`)
      expect(doctor.stdout).toMatch(isPackage ? /Flow: berjalan/ : /Flow: paket balai-flows belum terpasang/)
      expect(place.run('backup', ...boxConfig)).toMatchObject({ status: 0, stderr: '' })
      expect(await office.technician.call('GET', '/api/doctor').catch(String)).toBeDefined()
      expect(await box.stop()).toBe(0)
      expect(place.run('verify', ...boxConfig)).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('all sound'),
      })
      expect(place.run('rebuild', ...boxConfig)).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('the state is the same'),
      })
      await restoresFromRegency({ broker: broker.url, postgres: postgres.url, hubKey })
      await carriesByStick({ postgres: postgres.url, hubKey, hubConfig })
      // The contract is tried on the hub that runs, in a village for trying.
      expect(
        place.run('conformance', '--broker', broker.url, '--village', '3510152006', '--hub-key', hubKey),
      ).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/ held, 0 broken\n$/),
      })
      expect(await hub.stop()).toBe(0)
      expect(troublesIn(box.said())).toEqual([])
      expect(troublesIn(hub.said())).toEqual([])
    } finally {
      await Promise.all([broker.stop(), postgres.stop()])
    }
  }, 600_000)

  /** Files of each kind are read in a thread of the program, found by their people, opened with a trail that is set as a PDF. */
  async function findsResidents({ secretary, clerk }: Awaited<ReturnType<typeof setUpByHttp>>): Promise<string> {
    const people = makeResidents({ seed: 4, count: 30, village })
    const rows = residentSheet(people)
      .trim()
      .split('\r\n')
      .map((line) => line.split(';'))
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows), 'Penduduk')
    const files: [string, Uint8Array][] = [
      ['penduduk.csv', Buffer.from(residentSheet(people))],
      ...(['xlsx', 'biff8', 'ods'] as const).map((bookType): [string, Uint8Array] => [
        `penduduk.${bookType}`,
        write(book, { type: 'buffer', bookType }) as Buffer,
      ]),
    ]
    for (const [name, bytes] of files) {
      const { counts } = await bringByHttp(secretary, name, bytes)
      expect([name, counts]).toEqual([name, expect.objectContaining({ refused: 0, asked: 0 })])
      expect([name, Number(counts.new) + Number(counts.same) + Number(counts.changed)]).toEqual([name, people.length])
      await secretary.call('POST', '/api/imports/apply', {})
    }
    const [somebody] = people
    const { found } = (await clerk.send('POST', '/api/residents/find', { query: somebody?.nik ?? somebody?.name }))
      .body as {
      found: { resident: string; name: string }[]
    }
    expect(found[0]?.name).toBe(somebody?.name)
    const at = `/api/residents/${found[0]?.resident}`
    expect(await clerk.call('POST', `${at}/open`, { reason: 'present', note: '' })).toMatchObject({
      person: { name: somebody?.name, nik: somebody?.nik, kk: somebody?.kk, birthDate: somebody?.birthDate },
      trail: [{ name: 'Petugas', reason: 'present' }],
    })
    const trail = await clerk.download(`${at}/trail.pdf`)
    expect([trail.status, trail.bytes.subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
    return found[0]?.resident ?? ''
  }

  /** A letter by a template of the program, approved by the head, set as a PDF, and true for anybody who asks. */
  async function writesLetter(
    visitor: ReturnType<typeof openCaller>,
    { technician, clerk }: Awaited<ReturnType<typeof setUpByHttp>>,
    resident: string,
  ): Promise<void> {
    await technician.call('POST', '/api/people', { name: 'Kepala', role: 'head', pin: officePin })
    const head = openCaller(visitor.url)
    const { people } = (await head.call('GET', '/api/session')) as { people: { account: string; name: string }[] }
    const account = people.find(({ name }) => name === 'Kepala')?.account
    expect((await head.send('POST', '/api/session', { account, pin: officePin })).status).toBe(200)
    const { signatories } = (await clerk.call('GET', '/api/live/letters')) as { signatories: { signatory: string }[] }
    const { templates } = (await clerk.call('GET', '/api/letters/templates')) as { templates: unknown[] }
    expect(templates.length).toBe(43)
    const { kinds } = (await clerk.call('GET', '/api/cases/kinds')) as { kinds: { code: string; papers: string[] }[] }
    const papers = (kinds.find(({ code }) => code === 'pengantar-skck')?.papers ?? []).map((name) => ({
      ...{ name, state: 'seen', until: null },
    }))
    const { case: id } = await clerk.call('POST', '/api/cases', { kind: 'pengantar-skck', resident, papers })
    const { letter } = await clerk.call('POST', `/api/cases/${id}/letter`, {
      ...{ template: 'pengantar-skck', resident, signatory: signatories[0]?.signatory },
      typed: { keperluan: 'Melamar pekerjaan' },
    })
    const { written } = await head.call('POST', `/api/letters/${letter}/issue`, {})
    expect(written).toMatch(/^300\/001\/\d{4}\/[IVX]+\/\d{4}$/)
    const paper = await clerk.download(`/api/letters/${letter}/letter.pdf`)
    expect([paper.status, paper.bytes.subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
    const { status, body } = await visitor.send('POST', '/api/letters/check', { code: 'A001', name: '' })
    expect([status, body.verdict]).toEqual([200, 'unreadable'])
  }

  /** Another village's box is lost; a new card gets its past back, opened by the words of its sheet. */
  /** An office that never had a line: what it has is carried to the regency, and the receipt back. */
  async function carriesByStick(at: { postgres: string; hubKey: string; hubConfig: string[] }): Promise<void> {
    const alone = '3510152005'
    const [http, https] = [await freePort(), await freePort()]
    place.write(
      'alone/balai.toml',
      `village = "${alone}"\nname = "Desa Glagah"\ndistrict = "Glagah"\nzone = "WIB"\ndata = "data"\nhub_key = "${at.hubKey}"\n` +
        `[lan]\nhost = "127.0.0.1"\nhttp_port = ${http}\nhttps_port = ${https}\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\n`,
    )
    place.write('alone/stick/nothing', '')
    const config = ['--config', place.path('alone/balai.toml')]
    const box = start('serve', ...config)
    const visitor = openCaller(`http://127.0.0.1:${http}`)
    await box.until('the kiosk page', async () => (await visitor.download('/kiosk')).status === 200)
    await setUpByHttp(`http://127.0.0.1:${http}`, place.run('setup-code', ...config).stdout)
    const stick = place.path('alone/stick')
    expect(place.run('export', '--to', stick, ...config)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/: \d+ entries, \d+ kB\.\n$/),
    })
    const taken = place.run('hub', 'import', stick, ...at.hubConfig)
    expect(taken).toMatchObject({ status: 0, stdout: expect.stringMatching(/\d+ new entries\.\n[\s\S]*the receipt/) })
    const rows = await query<{ n: number }>(
      at.postgres,
      `SELECT count(*)::int AS n FROM entry WHERE village = '${alone}'`,
    )
    expect(rows[0]?.n).toBeGreaterThan(5)
    expect(place.run('export', '--receipt', stick, ...config)).toMatchObject({ status: 0 })
    expect(await box.stop()).toBe(0)
  }

  async function restoresFromRegency(at: { broker: string; postgres: string; hubKey: string }): Promise<void> {
    const lost = '3510152004'
    const mqtt = { url: at.broker, keepalive_s: 30 }
    const before = await openTestBox({ village: lost, mqtt, hubKey: at.hubKey, moreRooms: [visitorsRoom] })
    for (let i = 0; i < 5; i++) await noteVisitor(before, { name: `Siti ${i}`, nik: '3510124203900001' })
    await eventually('all entries at the regency', async () => before.relay.view().sentAsOf !== null)
    const key = readOwn(before.folder)?.key ?? ''
    await before.remove()
    await query(at.postgres, `UPDATE stream SET owner = NULL WHERE village = '${lost}'`)
    await query(at.postgres, `DELETE FROM signing_key WHERE village = '${lost}'`)

    place.write(
      'new/balai.toml',
      `village = "${lost}"\nname = "Desa Kemiren"\ndistrict = "Glagah"\nzone = "WIB"\ndata = "data"\nhub_key = "${at.hubKey}"\n[mqtt]\nurl = "${at.broker}"\n`,
    )
    const config = ['--config', place.path('new/balai.toml')]
    const words = (await wordsOf(key)).with(3, 'zzz').join(' ')
    expect(place.type(`${words}\n`, 'restore', '--from-regency', ...config)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Word 4, "zzz", is not in the list'),
    })
    expect(place.type(`${(await wordsOf(key)).join(' ')}\n`, 'restore', '--from-regency', ...config)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('5 private parts were opened. Start the box.'),
    })
    expect(place.run('verify', ...config).stdout).toContain('all sound')
    expect(place.run('rebuild', ...config).stdout).toContain('the state is the same')
  }

  // The same program in both places, and it takes twenty seconds.
  test.runIf(open === openFile)(
    'an event loop that stands for ever is ended, and the office goes on with the next start',
    async () => {
      const serve = ['serve', '--config', place.path('box/balai.toml')]
      const port = Number(/http_port = (\d+)/.exec(place.read('box/balai.toml'))?.[1])
      const caller = openCaller(`http://127.0.0.1:${port}`)
      const opens = async () => (await caller.download('/kiosk')).status === 200
      const box = start(...serve)
      await box.until('the kiosk page', opens)
      // Node opens its inspector on this signal: a way into the loop that no route of ours is.
      box.child.kill('SIGUSR1')
      const address = await box.until(
        'the inspector',
        async () => /Debugger listening on (ws:\S+)/.exec(box.said())?.[1],
      )
      const inspector = new WebSocket(address)
      await new Promise((resolve) => inspector.addEventListener('open', resolve))
      inspector.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'for (;;);' } }))
      await eventually('the end of the program', async () => box.child.signalCode)
      expect([box.child.signalCode, box.said()]).toEqual([
        'SIGKILL',
        expect.stringContaining('balai: nothing got on for 20 s'),
      ])
      const next = start(...serve)
      await next.until('the kiosk page', opens)
      expect(await next.stop()).toBe(0)
      expect(place.run('verify', ...serve.slice(1)).stdout).toContain('all sound')
    },
    120_000,
  )

  test('shows itself: the demo opens with its console, gives a number, and stops', async () => {
    const port = await freePort()
    const demo = start('demo', '--data', place.path('demo'), '--port', String(port))
    const stage = await demo.until(
      'the addresses',
      async () => /console +(http:\S+)\n/.exec(demo.said()) && demo.said(),
    )
    const kiosk = /kiosk +(http:\S+)\/kiosk/.exec(stage)?.[1] ?? ''
    const console = /console +(http:\S+)\//.exec(stage)?.[1] ?? ''
    expect((await openCaller(console).download('/')).status).toBe(200)
    const caller = openCaller(kiosk)
    await caller.send('POST', '/api/device', { kind: 'kiosk' })
    const { services } = (await caller.view('/live/kiosk')) as { services: { service: string }[] }
    const ticket = await eventually('a number', () =>
      caller.call('POST', '/api/tickets', { service: services[0]?.service }),
    )
    // Of today, whatever the past that it was given ended with.
    expect(ticket.number).toMatch(/^[A-Z]001$/)
    expect(await demo.stop()).toBe(0)
    expect(troublesIn(demo.said())).toEqual([])
  }, 240_000)
})
