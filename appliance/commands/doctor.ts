import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { systemClock } from '../clock.ts'
import { type BoxConfig, type BoxFile, isNobody, readBoxConfig, readBoxFile } from '../config.ts'
import { findEnrolmentFile } from '../enrolment/find-file.ts'
import { identityFile } from '../enrolment/membership.ts'
import { exitCode } from '../errors.ts'
import { listChecks } from '../health/checks.ts'
import { readMachine } from '../health/readings.ts'
import { writeChecks } from '../health/say.ts'
import { findTroubles } from '../health/troubles.ts'
import type { DoctorView } from '../health/views.ts'
import { defaultLanguage, openCatalogues } from '../pages/messages/catalogues.ts'
import { databasePath } from '../store/folder.ts'
import { fileSizes } from '../store/store.ts'
import { version } from '../version.ts'
import type { Command } from './command.ts'

export const doctor: Command = {
  summary: 'check the box and say what to do',
  help: `balai doctor [--config balai.toml] [--language id]

Checks power, card, disk, memory, temperature, clock, network, broker,
certificate, printer, screens, sound and backups, as the technician page does.
A running box is asked; without one, only what the machine and the data folder
tell is known. "+" is good, "!" needs somebody and says what to do, "-" is not
there or cannot be read on this machine. Exit code 1 when anything needs
somebody.

  --config FILE    configuration (default: balai.toml, else
                   /etc/balai/balai.toml)
  --language CODE  language of a catalogue (default: id)
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { config: { type: 'string' }, language: { type: 'string', default: defaultLanguage } },
    })
    const path = values.config ?? (existsSync('balai.toml') ? 'balai.toml' : '/etc/balai/balai.toml')
    const file = values.config || existsSync(path) ? readBoxFile(path) : null
    const config = file && !isNobody(file) ? readBoxConfig(path) : null
    const asked = config && (await askBox(config))
    const { checks, now } = asked
      ? { checks: asked.checks, now: asked.office.now }
      : await checkAlone({ config, file, now: systemClock.wall() })
    const say = openCatalogues().speak(values.language)
    const words = { say, locale: say.locale, zone: config?.zone ?? 'Asia/Jakarta', now }
    const title = config
      ? `${config.name} (${config.village})`
      : say(file ? 'waiting.headline' : 'check.no-config', { path })
    process.stdout.write(`${[title, ...writeChecks(checks, words)].join('\n')}\n`)
    return checks.some(({ state }) => state === 'attention') ? exitCode.failed : exitCode.ok
  },
}

/** What the running box says; null when none answers there, or another office's. */
async function askBox({ lan, village }: BoxConfig): Promise<DoctorView | null> {
  const view = (await ask(lan, '/api/doctor')) as DoctorView | null
  return view?.office?.village === village ? view : null
}

async function ask(lan: BoxFile['lan'], path: string): Promise<unknown> {
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

type Alone = { config: BoxConfig | null; file: BoxFile | null; now: number }

/** What the machine and the folder tell, where no box answers. */
async function checkAlone({ config, file, now }: Alone) {
  const waits = file !== null && config === null
  const readings = await readMachine(
    {
      folder: config && existsSync(config.data) ? config.data : '/',
      certificateFile: config?.mqtt?.cert ?? (config?.member ? identityFile(config.data) : null),
      stickFolder: config?.backup_stick ?? '/media/balai',
      now,
    },
    null,
  )
  const checks = listChecks({
    now,
    alarms: findTroubles(readings).map((trouble) => ({ ...trouble, since: now })),
    readings,
    sizes: config && existsSync(databasePath(config.data)) ? fileSizes(databasePath(config.data)) : null,
    clock: null,
    relay: null,
    printer: null,
    screens: null,
    sound: null,
    program: { version, upSpan: waits && (await ask(file.lan, '/api/waiting')) ? 'waiting' : null, box: null },
    ...(waits ? { enrolment: { trouble: findTrouble(file, now) } } : {}),
    waitScores: null,
    journal: null,
  })
  return { checks, now }
}

const findTrouble = ({ enrolment_folders: folders }: BoxFile, now: number) =>
  findEnrolmentFile(folders, { member: null, village: null, now })?.trouble ?? null
