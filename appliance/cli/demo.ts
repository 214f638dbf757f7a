import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import type { VillageRow } from '../../regency/base/villages.ts'
import { openHub } from '../../regency/hub.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { type OnClose, openInOrder } from '../base/open-in-order.ts'
import { ownCommand } from '../base/program-files.ts'
import { lockFolder } from '../base/store/folder.ts'
import { officeAddress } from '../base/web/lan-address.ts'
import { completeBoxConfig } from '../config.ts'
import { type Box, openBox } from '../open-box.ts'
import type { Command } from './command.ts'
import { demoEngineer, setUpHub } from './demo-hub.ts'
import { bringPeople, demoPeople, setUpOffice } from './demo-office.ts'
import { playPast } from './demo-past.ts'
import { regencyVillages } from './demo-regency.ts'
import { startBroker, startDatabase } from './demo-servers.ts'
import { demoVillages } from './demo-villages.ts'
import { endLivePlay, playedClerks, startLivePlay } from './play-live.ts'
import { countDropped, forgetPlayed, startRegencyPlay } from './play-regency.ts'
import { untilStopped } from './stop.ts'

/** Slow enough to follow each call, quick enough that a call comes every half minute. */
const usualSpeed = 10
const mostSpeed = 60

export const demo: Command = {
  summary: 'village boxes and their regency on this machine, to try',
  help: `balai demo [--boxes N] [--live] [--speed N] [--lan] [--data FOLDER]
           [--port PORT]

Runs village boxes, the regency's hub, a broker and a PostgreSQL in this one
process: the real box and the real hub with another configuration. The first
start plays six weeks of the first office, so that reports, estimates and quiet
hours have something to say. Data stays in the folder; the next start goes on
where this one stops. Ctrl-C stops it.

  --boxes N       villages, 1 to ${regencyVillages.length} (default 1). Of more than ${demoVillages.length} the first is a
                  real box and the others are played for the console: what they
                  say comes by the wire, their last two days and today's
                  tickets are written into the hub's tables
  --live          the offices play by themselves: people come, are called,
                  served and missed, to be watched on display, phone, desk and
                  console. Two counters are played; the others are free for
                  whoever joins in, and so is one where a person sits
  --speed N       with --live: how many times as fast as in life, 1 to ${mostSpeed}
                  (default ${usualSpeed}); the clock on the pages stays as it is
  --lan           let other devices on the network in (default: this machine
                  only)
  --data FOLDER   where data stays (default: data/demo)
  --port PORT     first port for pages (default 8080; a taken one is replaced)
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        boxes: { type: 'string', default: '1' },
        live: { type: 'boolean', default: false },
        speed: { type: 'string' },
        lan: { type: 'boolean', default: false },
        data: { type: 'string', default: 'data/demo' },
        port: { type: 'string', default: '8080' },
      },
    })
    const boxes = readNumber('--boxes', values.boxes, 1, regencyVillages.length)
    const port = readNumber('--port', values.port, 1024, 60_000)
    const speed = readNumber('--speed', values.speed ?? String(usualSpeed), 1, mostSpeed)
    if (values.speed !== undefined && !values.live)
      throw new AppError('invalid', 'config', '--speed is for an office that plays by itself; add --live')
    const stopped = untilStopped()
    const running = await startDemo({
      boxes,
      port,
      speed: values.live ? speed : null,
      folder: resolve(values.data),
      host: values.lan ? '0.0.0.0' : '127.0.0.1',
    })
    process.stdout.write(describe(running, { lan: values.lan, speed: values.live ? speed : null }))
    await stopped
    process.stdout.write('\nStopping.\n')
    await running.close()
    return exitCode.ok
  },
}

/** `speed`: of offices that play by themselves; null: they wait for people. */
type DemoOptions = { boxes: number; speed: number | null; port: number; folder: string; host: string }

const startDemo = (options: DemoOptions) => openInOrder((onClose) => openParts(options, onClose))
type Running = Awaited<ReturnType<typeof openParts>>

async function openParts({ boxes: count, speed, port, folder, host }: DemoOptions, onClose: OnClose) {
  mkdirSync(folder, { recursive: true })
  const log = pino({ level: 'error' })
  // Before the database: of two demos on one folder the second must not touch what the first has open.
  onClose(lockFolder(folder))
  const broker = await startBroker('127.0.0.1')
  onClose(broker.close)
  const database = await startDatabase(join(folder, 'postgres'))
  onClose(database.close)
  // Five are few enough to be real; a whole regency would be more than a machine has room for.
  const isRegency = count > demoVillages.length
  const villages = regencyVillages.slice(0, Math.max(count, demoVillages.length))
  const codes = villages.map(({ village }) => village)
  const villagesFile = join(folder, 'villages.csv')
  writeFileSync(villagesFile, csvOf(villages))

  const hub = await openHub(
    {
      name: 'Kabupaten Banyuwangi',
      zone: 'Asia/Jakarta',
      data: join(folder, 'hub'),
      villages: villagesFile,
      mqtt: { url: broker.url, client_id: 'hub-1' },
      postgres: { url: database.url, pool: 1 },
      console: { host, port: port + 20 },
      log: 'error',
    },
    { log, otherPorts: true, drop: await countDropped(database.url, codes) },
  )
  onClose(hub.close)
  await setUpHub(hub)
  await forgetPlayed(hub.database)

  const boxes: Box[] = []
  for (const [index, { village, kind, name, district }] of demoVillages.slice(0, isRegency ? 1 : count).entries()) {
    const config = completeBoxConfig(
      {
        village,
        name: `${kind === 'desa' ? 'Desa' : 'Kelurahan'} ${name}`,
        district,
        zone: 'WIB',
        data: join(folder, village),
        lan: { host, http_port: port + index, https_port: port + 363 + index, names: [] },
        mqtt: { url: broker.url, keepalive_s: 30 },
        hub_key: hub.publicKey,
        enrolment_folders: [],
        log: 'error',
      },
      {},
    )
    // The first office has a past to look at; the others begin today.
    if (index === 0 && !existsSync(config.data)) await playPast(config, log, hub.clock.read().at)
    const box = await openBox(config, { log, otherPorts: true, flowHost: ownCommand() })
    onClose(box.close)
    // Before anybody is told where it is: a number that is taken before would be one of the day that was played last.
    await untilClockIsBelieved(box)
    await setUpOffice(box)
    if (index === 0) await bringPeople(box)
    if (speed === null) endLivePlay(box)
    else onClose((await startLivePlay(box, { speed, seed: index + 1 })).stop)
    boxes.push(box)
  }
  const regency = isRegency ? await startRegencyPlay(hub, broker.url, codes.slice(boxes.length)) : null
  if (regency) onClose(regency.stop)
  return { boxes, hub, played: regency?.count ?? 0 }
}

/** The hub's first answer brings the time, by the wire as everywhere. One that never comes keeps nobody from the demo. */
async function untilClockIsBelieved(box: Box): Promise<void> {
  for (let tries = 0; tries < 400 && box.clock.trust() === 'doubtful'; tries++) await setTimeout(25)
  box.lookAtDay()
}

const csvOf = (villages: readonly VillageRow[]): string =>
  [
    'code,kind,name,district_code,district',
    ...villages.map(({ village, kind, name, district_code, district }) =>
      [village, kind, name, district_code, district].join(','),
    ),
    '',
  ].join('\n')

function describe({ boxes, hub, played }: Running, { lan, speed }: { lan: boolean; speed: number | null }): string {
  const host = (lan && officeAddress()?.address) || 'localhost'
  const lines: string[] = ['']
  for (const box of boxes) {
    const { http, https, config } = box
    const open = `http://${host}:${http.port}`
    const staff = lan ? `https://${host}:${https.port}` : open
    lines.push(`  ${config.name}, Kecamatan ${config.district}`)
    for (const { port, wanted } of [http, https]) {
      if (port !== wanted) lines.push(`    port ${wanted} is taken; using ${port}`)
    }
    lines.push(
      `    kiosk        ${open}/kiosk`,
      `    display      ${open}/display`,
      `    desk         ${staff}/desk`,
      ...(box.residents.view().count > 0 ? [`    letters      ${staff}/residents, /letters and /cases`] : []),
      `    settings     ${staff}/admin`,
      `    technician   ${staff}/technician`,
      `    flows        ${staff}/flows`,
      `    reports      ${staff}/today and /reports`,
      `    booking      ${open}/book`,
      `    phone        ${open}/t/…   (the kiosk shows the QR of each ticket)`,
      '',
    )
  }
  if (hub.http.port !== hub.http.wanted) lines.push(`    port ${hub.http.wanted} is taken; using ${hub.http.port}`)
  lines.push(`  Kabupaten Banyuwangi`, `    console      http://${host}:${hub.http.port}/`, '')
  if (played > 0) {
    lines.push(
      `  Of its villages ${boxes.length} is a real box and ${played} are played, for the console only: what`,
      '  they say now comes over the broker; their last two days, alarms that are over',
      '  and today’s tickets are rows in the hub’s tables. Journals they have none.',
      '',
    )
  }
  lines.push(
    '  PINs of this demo',
    ...demoPeople.map(({ name, pin }) => `    ${name.padEnd(16)} ${pin}`),
    `    ${'Insinyur (hub)'.padEnd(16)} ${demoEngineer.pin}`,
    '',
  )
  if (speed !== null) {
    lines.push(
      `  Playing by itself, ${speed} times as fast as in life: ${playedClerks.join(' and ')}`,
      '  work at the first two counters. To join in, log in at the desk and take',
      '  another counter. Waits that are foretold are those of the offices’ past.',
      '',
    )
  }
  lines.push(
    lan
      ? '  Open to this network: screens show a code, which a technician types at /technician.'
      : '  This machine only; npm start -- --lan lets phones in.',
    '  Ctrl-C stops; the next start goes on from here.',
    '',
  )
  return lines.join('\n')
}

function readNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new AppError('invalid', 'config', `${option} is "${text}"; allowed: a whole number from ${least} to ${most}`)
}
