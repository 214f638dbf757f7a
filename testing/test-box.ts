import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { newId } from '../appliance/base/ids.ts'
import { ownCommand } from '../appliance/base/program-files.ts'
import type { Room } from '../appliance/base/rooms/room.ts'
import { type BoxConfig, completeBoxConfig } from '../appliance/config.ts'
import type { FileTrouble } from '../appliance/enrolment/find-file.ts'
import { type Box, openBox } from '../appliance/open-box.ts'
import type { Role } from '../appliance/people/events.ts'
import { rooms } from '../appliance/rooms.ts'
import type { BoxSurroundings } from '../appliance/surroundings.ts'

/* The real box on a temporary folder, with a clock that the test owns. For tests only. */

/** A destination of its own kind would leave a listener behind for each box. */
const nowhere = { write: () => {} }

export const testVillage = '3510242008'
export const testPin = '258014'

/** The least that argon2id takes: a PIN of a test protects nothing. */
export const testPinCost = { memory: 8, passes: 1 }

/** 2026-11-23 08.00 in Banyuwangi, a Monday. */
export const monday = Date.UTC(2026, 10, 23, 1, 0)

/** A clock that stands still until the test moves it. `wall` may be set apart from `monotonic`, as NTP would. */
export function createTestClock(at = monday) {
  let wall = at
  let monotonic = 0
  return {
    wall: () => wall,
    monotonic: () => monotonic,
    advance(ms: number) {
      wall += ms
      monotonic += ms
    },
    setWall(to: number) {
      wall = to
    },
  }
}

type Options = {
  mqtt?: BoxConfig['mqtt']
  system?: { wall(): number; monotonic(): number }
  folder?: string
  village?: string
  name?: string
  trusted?: boolean
  ports?: { http: number; https: number }
  hardware?: { serial: string; card: string }
  networkFolder?: string
  /** What shows pages on the machine itself: one that could. */
  screen?: BoxSurroundings['screen']
  /** The system of a machine with two slots. */
  machine?: BoxSurroundings['machine']
  oldJournal?: string | null
  fileTrouble?: FileTrouble | null
  visitors?: { address: string; url: string }
  arpFile?: string
  /** By which the regency signs what comes down. */
  hubKey?: string
  /** The regency's public key for private parts. */
  regencyRecipient?: string
  /** Rooms that fold entries besides the box's own. */
  moreRooms?: readonly Room[]
  /** Runs the process of the flows, too. */
  flows?: boolean
  onNewFile?: () => void
  keptLog?: BoxSurroundings['keptLog']
  /** Hears each line of the log, of whatever level. */
  onLog?: (line: string) => void
}

/** Opens a box; its clock is `synced` unless `trusted` is false. `close` keeps the folder, `remove` does not. */
export async function openTestBox({
  mqtt = null,
  system,
  folder,
  village = testVillage,
  name = 'Desa Tamansari',
  trusted = true,
  ports = { http: 0, https: 0 },
  hardware = { serial: 'test', card: 'test' },
  networkFolder = '/nonexistent',
  screen = { settings: '/nonexistent', compositor: process.execPath, memoryBytes: 2 * 1024 ** 3 },
  machine = { system: null },
  oldJournal = null,
  fileTrouble = null,
  visitors,
  arpFile = '/nonexistent',
  hubKey,
  regencyRecipient,
  moreRooms = [],
  flows = false,
  onNewFile,
  keptLog,
  onLog,
}: Options = {}) {
  const data = folder ?? mkdtempSync(join(tmpdir(), 'balai-box-'))
  const clock = createTestClock()
  const config = completeBoxConfig(
    {
      village,
      name,
      district: 'Licin',
      zone: 'WIB',
      data,
      lan: { host: '127.0.0.1', http_port: ports.http, https_port: ports.https, names: [] },
      enrolment_folders: [],
      log: 'silent',
      ...(hubKey ? { hub_key: hubKey } : {}),
      ...(regencyRecipient ? { regency_recipient: regencyRecipient } : {}),
    },
    {},
  )
  const box = await openBox(
    { ...config, mqtt },
    {
      log: onLog ? pino({ level: 'trace' }, { write: onLog }) : pino({ level: 'silent' }, nowhere),
      system: system ?? clock,
      hardware,
      model: 'Mesin uji',
      pinCost: testPinCost,
      networkFolder,
      screen,
      ...(machine ? { machine } : {}),
      oldJournal,
      fileTrouble,
      arpFile,
      ...(visitors ? { visitors } : {}),
      ...(flows ? { flowHost: ownCommand() } : {}),
      ...(onNewFile ? { onNewFile } : {}),
      ...(keptLog ? { keptLog } : {}),
      rooms: [...rooms, ...moreRooms],
    },
  )
  if (trusted) {
    box.clock.setNtp(true)
    box.lookAtDay()
  }
  return Object.assign(box, {
    time: clock,
    folder: data,
    remove: async () => {
      await box.close()
      rmSync(data, { recursive: true, force: true })
    },
  })
}

export type TestBox = Awaited<ReturnType<typeof openTestBox>>

/** A technician, a clerk, services A and B, and two counters that serve both. */
export async function furnish({ people, office, setupCode }: Box) {
  const technician = await people.setUp({ code: setupCode.read() ?? '', name: 'Teknisi', pin: testPin, device: 'test' })
  const add = (name: string, role: Role) =>
    people.addAccount({ as: 'technician', name, role, pin: testPin, actor: technician, key: null })
  const clerks = [await add('Petugas 1', 'clerk'), await add('Petugas 2', 'clerk')] as const
  const command = { actor: technician, key: null }
  office.addService({ prefix: 'A', name: 'KTP', requires: ['KTP lama'], minutes: 10, ...command })
  office.addService({ prefix: 'B', name: 'Akta kelahiran', requires: [], minutes: 15, ...command })
  const services = office.services().map(({ service }) => service) as [string, string]
  office.addCounter({ name: 'Loket 1', services, ...command })
  office.addCounter({ name: 'Loket 2', services, ...command })
  const counters = office.counters().map(({ counter }) => counter) as [string, string]
  return { technician, clerks, services, counters }
}

/** A command by this account under a fresh key. */
export const by = (account: string) => ({ actor: account, account, key: newId() })
