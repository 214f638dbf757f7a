import { accessSync, constants, existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readRecoveryState } from '../backup/recovery.ts'
import { createClock, systemClock } from '../base/clock.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { createChainIndex } from '../base/journal/chain-index.ts'
import { defaultLanguage, openCatalogues } from '../base/messages/catalogues.ts'
import { alarmChecksOf } from '../base/rooms/room.ts'
import { databasePath } from '../base/store/folder.ts'
import { openForReading } from '../base/store/reading.ts'
import { type Db, fileSizes } from '../base/store/store.ts'
import { readWipeMark, wipeFile } from '../base/store/wipe-mark.ts'
import { version } from '../base/version.ts'
import { type BoxConfig, type BoxFile, isNobody, readBoxConfig, readBoxFile } from '../config.ts'
import { findEnrolmentFile } from '../enrolment/find-file.ts'
import { identityFile } from '../enrolment/membership.ts'
import { listChecks } from '../health/checks.ts'
import { writeChecks } from '../health/describe-checks.ts'
import { findMachineAlarms } from '../health/machine-alarms.ts'
import { readMachine } from '../health/readings.ts'
import type { DoctorView } from '../health/views.ts'
import { rooms } from '../rooms.ts'
import { readCertainTime } from './certain-time.ts'
import { type Command, configHelp, configPath } from './command.ts'
import { wipedOn } from './wiped.ts'

export const doctor: Command = {
  summary: 'check the box and say what to do',
  help: `balai doctor [--config balai.toml] [--language id]

Checks power, card, disk, memory, temperature, clock, network, broker,
certificate, printer, screens, sound and backups, as the technician page does.
A running box is asked; without one, only what the machine and the data folder
tell is known. "+" is good, "!" needs somebody and says what to do, "-" is not
there or cannot be read on this machine. Exit code 1 when anything needs
somebody.

${configHelp('balai.toml')}
  --language CODE  language of a catalogue (default: id)
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { config: { type: 'string' }, language: { type: 'string', default: defaultLanguage } },
    })
    const { speak, languages } = openCatalogues()
    if (!languages().includes(values.language))
      throw new AppError(
        'invalid',
        'config',
        `--language is "${values.language}"; allowed: ${languages().sort().join(', ')}`,
      )
    const path = configPath('balai.toml', values.config)
    const mayRead = mayReadBox(path)
    const file = mayRead && (values.config || existsSync(path)) ? readBoxFile(path) : null
    if (file && readWipeMark(file.data)) {
      const say = speak(values.language)
      process.stdout.write(`${say('check.wiped', { day: wipedOn(file.data), path: wipeFile(file.data) })}\n`)
      return exitCode.failed
    }
    const config = file && !isNobody(file) ? readBoxConfig(path) : null
    const asked = await askRunning(config, mayRead)
    const { checks, now } = asked
      ? { checks: asked.checks, now: asked.office.now }
      : await checkAlone({ config, file, mayRead, now: systemClock.wall() })
    const say = speak(values.language)
    const office = config ?? asked?.office
    const words = { say, locale: say.locale, zone: office?.zone ?? 'Asia/Jakarta', now }
    const noName = file ? 'waiting.headline' : 'check.no-config'
    const title = office ? `${office.name} (${office.village})` : say(mayRead ? noName : 'check.no-right', { path })
    process.stdout.write(`${[title, ...writeChecks(checks, words)].join('\n')}\n`)
    const isWhole = asked !== null || mayRead
    return isWhole && checks.every(({ state }) => state !== 'attention') ? exitCode.ok : exitCode.failed
  },
}

/**
 * What the running box says; null when none answers there, or another office's. Whoever may not read the settings asks at
 * the usual port: a box tells everybody on its own machine.
 */
async function askRunning(config: BoxConfig | null, mayRead: boolean): Promise<DoctorView | null> {
  if (!config && mayRead) return null
  const view = (await ask(config?.lan ?? usualLan, '/api/doctor')) as DoctorView | null
  return !config || view?.office?.village === config.village ? view : null
}

async function ask(lan: Pick<BoxFile['lan'], 'host' | 'http_port'>, path: string): Promise<unknown> {
  const host = lan.host === '0.0.0.0' || lan.host === '::' ? '127.0.0.1' : lan.host
  try {
    const answer = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${lan.http_port}${path}`, {
      signal: AbortSignal.timeout(20_000),
    })
    return answer.ok ? await answer.json() : null
  } catch {
    return null
  }
}

/** Whether this user may look for the configuration, and for the data behind it. */
function mayReadBox(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EACCES'
  }
}

const usualLan = { host: '127.0.0.1', http_port: 80 }

type Alone = { config: BoxConfig | null; file: BoxFile | null; mayRead: boolean; now: number }

/** What the machine and the folder tell, where no box answers. */
async function checkAlone({ config, file, mayRead, now }: Alone) {
  const waits = file !== null && config === null
  const trouble = file && (await findTrouble(file, config))
  const db = config && openQuietly(databasePath(config.data))
  const clock = createClock(systemClock)
  if (db) clock.raiseFloor(createChainIndex(db).newestSynced() ?? 0)
  const readings = await readMachine(
    {
      folder: config && existsSync(config.data) ? config.data : '/',
      model: null,
      certificateFile: config?.mqtt?.cert ?? (config?.member ? identityFile(config.data) : null),
      recoveryOf: () => config && readRecoveryState(config.data, config.member?.recovery ?? null),
      stickFolder: config?.backup_stick ?? '/media/balai',
      db,
    },
    clock,
    null,
  )
  db?.close()
  const stands = waits && (await ask(file.lan, '/api/waiting')) ? 'waiting' : null
  const checks = listChecks({
    now,
    alarms: findMachineAlarms(readings).map((trouble) => ({ ...trouble, since: now })),
    alarmChecks: alarmChecksOf(rooms),
    readings,
    sizes: config && existsSync(databasePath(config.data)) ? fileSizes(databasePath(config.data)) : null,
    clock: null,
    relay: null,
    printer: null,
    documents: null,
    screens: null,
    sound: null,
    program: { version, upSpan: mayRead ? stands : 'unknown', box: null },
    ...(waits || trouble ? { enrolment: { trouble } } : {}),
    waitScores: null,
    flows: null,
    journal: null,
  })
  return { checks, now }
}

/** A database that cannot be read now is what the program's own start complains of. */
function openQuietly(path: string): Db | null {
  try {
    return openForReading(path)
  } catch {
    return null
  }
}

async function findTrouble({ enrolment_folders: folders }: BoxFile, config: BoxConfig | null) {
  const here = { member: config?.member ?? null, village: config?.village ?? null }
  return findEnrolmentFile(folders, { ...here, certain: await readCertainTime() })?.trouble ?? null
}
