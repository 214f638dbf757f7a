import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type HubConfig, readHubConfig, readSecret } from '../../regency/base/config.ts'
import { askHub } from '../../regency/doctor/ask-hub.ts'
import {
  accountsCheck,
  alarmsCheck,
  backupCheck,
  brokerCheck,
  certificateChecks,
  clockCheck,
  consoleCheck,
  dashboardsCheck,
  databaseCheck,
  diskCheck,
  districtsCheck,
  type HubCheck,
  httpsCheck,
  keyCheck,
  programCheck,
  villagesCheck,
} from '../../regency/doctor/checks.ts'
import {
  compareVillages,
  findDistricts,
  readAskedMetrics,
  readCertificates,
  readHubKey,
  readTables,
  readTouched,
} from '../../regency/doctor/readings.ts'
import { tryBroker } from '../../regency/doctor/try-broker.ts'
import { tryDatabase } from '../../regency/doctor/try-database.ts'
import { tryHttps } from '../../regency/doctor/try-https.ts'
import { systemClock } from '../base/clock.ts'
import { exitCode } from '../base/errors.ts'
import { defaultLanguage } from '../base/messages/catalogues.ts'
import { version } from '../base/version.ts'
import { readNtp } from '../health/readings.ts'
import { becomeOwner, configPath } from './command.ts'
import { wordsFor, writeHubChecks } from './hub-checks.ts'

/** `balai hub doctor`: looks at everything that a hub stands on, as the user who runs it, and changes nothing. */
export async function runHubDoctor(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      config: { type: 'string' },
      json: { type: 'boolean', default: false },
      language: { type: 'string', default: defaultLanguage },
    },
  })
  const path = configPath('hub.toml', values.config)
  const obstacle = findObstacle(path)
  if (obstacle) {
    const { say } = wordsFor(values.language, 'UTC', 0)
    process.stdout.write(`${values.json ? JSON.stringify({ trouble: obstacle, path }) : say(obstacle, { path })}\n`)
    return exitCode.failed
  }
  // Once as root, to learn whose it is; then as the hub's own user: what he cannot read the hub cannot read either.
  becomeOwner(readHubConfig(path).data)
  const config = readHubConfig(path)
  const now = systemClock.wall()
  const checks = await look(config, path, now)
  if (values.json) process.stdout.write(`${JSON.stringify({ name: config.name, version, at: now, checks }, null, 2)}\n`)
  else {
    const words = wordsFor(values.language, config.zone, now)
    const title = words.say('doctor.title', { name: config.name })
    process.stdout.write(`${[title, ...writeHubChecks(checks, words)].join('\n')}\n`)
  }
  return checks.every(({ state }) => state !== 'attention') ? exitCode.ok : exitCode.failed
}

function findObstacle(path: string): 'doctor.absent' | 'doctor.no-right' | null {
  try {
    accessSync(path, constants.R_OK)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'doctor.no-right' : 'doctor.absent'
  }
}

async function look(config: HubConfig, path: string, now: number): Promise<HubCheck[]> {
  const { mqtt, postgres, console: page, districts, https } = config
  const token = readSecret(page.metrics_token_file) ?? null
  const isSecure = page.cert !== undefined
  const answer = await askHub({ host: page.host, port: page.port, isSecure, token })
  const runs = answer.kind === 'hub'
  const database = await tryDatabase(postgres.url, systemClock.wall)
  const table = database.trouble === null ? await readTables(postgres.url).catch(() => null) : null
  const ntp = await readNtp().catch(() => null)
  const readings = []
  // One that runs has this client id at the broker: who logs in as it would end its line.
  for (const url of [mqtt.url, ...(mqtt.other_urls ?? [])])
    readings.push(await tryBroker(url, { mqtt, districts: districts ?? 'all', logIn: !runs, now }))
  const ends = readings.flatMap(({ endsAt }) =>
    endsAt === null ? [] : [{ use: 'broker' as const, endsAt, reason: '' }],
  )
  const { reading: villages, rows } = compareVillages(readFileSync(config.villages), table)
  const disk = existsSync(config.data) ? await statfs(config.data).catch(() => null) : null
  const place = {
    ...{ host: page.host, port: page.port, names: page.names ?? [], isSecure },
    isProxied: (page.trusted_proxies ?? []).length > 0,
  }
  return [
    programCheck(answer, version),
    databaseCheck(database),
    clockCheck(database, ntp),
    ...readings.map((reading) => brokerCheck(reading, { loggedIn: !runs })),
    ...certificateChecks([...readCertificates(config), ...ends], now),
    keyCheck(readHubKey(config, path)),
    villagesCheck(villages),
    districtsCheck(districts?.length ?? null, findDistricts(districts, rows, table?.heard ?? [])),
    ...(table ? [accountsCheck(table.accounts)] : []),
    consoleCheck(answer, place, now),
    ...(https ? [httpsCheck(await tryHttps(https), runs, now)] : []),
    diskCheck(config.data, disk && { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize }),
    backupCheck(config.backup_stamp ?? null, readTouched(config.backup_stamp), now),
    dashboardsCheck(readAskedMetrics(), answer, token !== null),
    ...(table ? [alarmsCheck(table.alarms)] : []),
  ]
}
