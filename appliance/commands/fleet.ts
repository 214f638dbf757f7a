import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { Compile } from 'typebox/compile'
import { openFleet } from '../../provisioning/fleet/fleet.ts'
import { initFleet } from '../../provisioning/fleet/init.ts'
import { issueCertificates, issueEnrolments } from '../../provisioning/fleet/issue.ts'
import { parseOffices } from '../../provisioning/fleet/offices.ts'
import { revokeVillage } from '../../provisioning/fleet/revoke.ts'
import { FleetToml } from '../../provisioning/fleet/settings.ts'
import { systemClock } from '../clock.ts'
import { AppError, exitCode } from '../errors.ts'
import type { Command } from './command.ts'

export const fleet: Command = {
  summary: 'a regency’s certificates, enrolment files, broker configuration',
  help: `balai fleet init FOLDER [--regency NAME] [--zone WIB|WITA|WIT]
           [--broker HOST] [--hub HOST] [--hubs N] [--broker-port PORT]
           [--enrol-port PORT] [--hub-port PORT] [--broker-folder FOLDER]
balai fleet issue villages.csv [--folder FOLDER] [--days N] [--again]
balai fleet certificates villages.csv [--folder FOLDER] [--again]
balai fleet revoke VILLAGE [--folder FOLDER]

  init          make the regency's authorities, what broker and hubs need,
                and fleet.toml; asks for what is not given
  issue         one enrolment file for each village, in FOLDER/villages
  certificates  a ready certificate, key and balai.toml for each village, in
                FOLDER/boxes, to be copied to /etc/balai by hand
  revoke        take back all that a village was given; writes the broker's
                revocation lists anew

villages.csv is the hub's, with these columns where an office needs them:
address, gateway, dns (fixed address; DHCP without), wifi, wifi_password, apn.
A village that holds a file already keeps it.

  --regency NAME   name of the regency
  --zone ZONE      WIB, WITA or WIT
  --broker HOST    the broker's host name or address
  --hub HOST       the hub's host name or address
  --hubs N         hubs that share the regency (default: 1)
  --broker-port, --enrol-port, --hub-port
                   ports (default: 8883, 8884, 8090)
  --broker-folder  where the broker will find its files
                   (default: /etc/mosquitto/balai)
  --folder FOLDER  the fleet folder (default: fleet)
  --days N         days in which an enrolment file can be used (default: 30)
  --again          new ones also for villages that have one
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        regency: { type: 'string' },
        zone: { type: 'string' },
        broker: { type: 'string' },
        hub: { type: 'string' },
        hubs: { type: 'string' },
        'broker-port': { type: 'string' },
        'enrol-port': { type: 'string' },
        'hub-port': { type: 'string' },
        'broker-folder': { type: 'string' },
        folder: { type: 'string', default: 'fleet' },
        days: { type: 'string', default: '30' },
        again: { type: 'boolean', default: false },
      },
    })
    const [action = '', operand, ...rest] = positionals
    const days = Number(values.days)
    if (!operand || rest.length > 0 || !Number.isInteger(days) || days < 1 || days > 365) return showUsage()
    const now = systemClock.wall()
    switch (action) {
      case 'init': {
        await init(operand, values, now)
        return exitCode.ok
      }
      case 'issue':
      case 'certificates': {
        const opened = await openFleet(values.folder)
        const offices = parseOffices(readVillages(operand), operand)
        const issue = action === 'issue' ? issueEnrolments : issueCertificates
        const { issued, kept } = await issue(opened, offices, { now, days, again: values.again, onProgress })
        const place = action === 'issue' ? 'villages' : 'boxes'
        process.stdout.write(`${issued.length} made in ${values.folder}/${place}, ${kept.length} kept as they were.\n`)
        return exitCode.ok
      }
      case 'revoke': {
        const count = await revokeVillage(await openFleet(values.folder), operand.replaceAll('.', ''), now)
        process.stdout.write(
          `${operand}: ${count} taken back. Copy ${values.folder}/broker/*.crl to the broker and restart it:\n` +
            'a reload alone leaves a session open that is connected now.\n',
        )
        return exitCode.ok
      }
      default:
        return showUsage()
    }
  },
}

function showUsage(): number {
  process.stderr.write(`${fleet.help}\n`)
  return exitCode.usage
}

function readVillages(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new AppError('invalid', 'config', `${path}: cannot be read (${code})`)
  }
}

function onProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of}${done === of ? '\n' : ''}`)
}

const questions = {
  regency: 'Name of the regency, as on its sign (Kabupaten Banyuwangi): ',
  zone: 'Time zone of its offices (WIB, WITA or WIT): ',
  broker: 'Host name or address at which boxes reach the broker: ',
  hub: 'Host name or address at which boxes and people reach the hub: ',
} as const

type Given = { [option: string]: string | boolean | undefined }

async function init(folder: string, given: Given, now: number): Promise<void> {
  const answers = await askForMissing(given)
  const validator = Compile(FleetToml)
  const typed = Object.entries(FleetToml.properties).flatMap(([key, node]) => {
    const text = answers[optionOf(key)]
    return text === undefined ? [] : [[key, 'type' in node && node.type === 'integer' ? Number(text) : text]]
  })
  const settings = validator.Default(Object.fromEntries(typed))
  if (!validator.Check(settings)) {
    const wrong = validator.Errors(settings).map(({ instancePath }) => instancePath.slice(1))
    const lines = Object.entries(FleetToml.properties)
      .filter(([key]) => wrong.includes(key))
      .map(
        ([key, node]) => `--${optionOf(key)}: is not right; allowed: ${'description' in node ? node.description : ''}`,
      )
    throw new AppError('invalid', 'config', lines.join('\n'))
  }
  await initFleet(folder, settings, now)
  process.stdout.write(`${folder} is made. Next:
1. Move ${folder}/root to two USB sticks in two safes. Nothing needs it before
   an authority is replaced; whoever has it can be the regency.
2. ${folder}/broker goes to ${settings.broker_folder} on the broker's machine.
3. ${folder}/hub-1 goes to /etc/balai on the hub's, hub-key.pem to its data folder.
4. balai fleet issue villages.csv --folder ${folder}
Keep a copy of ${folder} itself where only you can read it.
`)
}

const optionOf = (key: string) => key.replaceAll('_', '-')

/** Asks on the terminal. Without one, what is missing is named at once. */
async function askForMissing(given: Given): Promise<Given> {
  const missing = (Object.keys(questions) as (keyof typeof questions)[]).filter((key) => !given[key])
  if (missing.length === 0) return given
  if (!process.stdin.isTTY) {
    throw new AppError('invalid', 'config', missing.map((key) => `--${key}: is missing`).join('\n'))
  }
  const answers: Given = { ...given }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  for (const key of missing) answers[key] = (await terminal.question(questions[key])).trim()
  terminal.close()
  return answers
}
