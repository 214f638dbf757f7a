import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { connectAsync, type IClientOptions } from 'mqtt'
import { readVillageCode } from '../../regency/base/places.ts'
import { createFindings, type Finding } from '../../regency/conformance/finding.ts'
import { openLine } from '../../regency/conformance/line.ts'
import { identityOf } from '../../regency/conformance/played-journal.ts'
import { tryBox } from '../../regency/conformance/try-box.ts'
import { tryReceiver } from '../../regency/conformance/try-receiver.ts'
import { systemClock } from '../base/clock.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { writeWhole } from '../base/store/whole-file.ts'
import { readTextFile } from '../base/text-file.ts'
import { publicKeyOf, readPrivateKey } from '../wire/sign.ts'
import { villageTopics } from '../wire/topics.ts'
import type { Command } from './command.ts'

export const conformance: Command = {
  summary: 'try somebody’s receiver or box against the contract',
  help: `balai conformance --broker URL --village CODE [--restart COMMAND]
balai conformance --as hub --broker URL --village CODE --hub-key-file FILE

Plays a box against anybody's receiver, rule by rule of asyncapi.yaml (SYNC-…),
and says which hold and which are broken; with --as hub it plays a hub against
anybody's box. Exit code 1 when one is broken. Only where no real office is: it
writes entries into the village, or takes those of the box and keeps none.

  --broker URL       mqtt://HOST[:PORT] or mqtts://HOST[:PORT]
  --village CODE     a village for trying, that the broker lets this user be
  --key FILE         the key of the played box; made where it is not there. A
                     receiver that enrols the first key it sees knows it again
  --restart COMMAND  kills the receiver and starts it again, as a crash would:
                     tried three times, right behind its answer to a batch
  --hub-key KEY      the receiver's public key, by which it signs history
  --hub-key-file FILE
                     the key of the played hub; made where it is not there. Its
                     public half is printed, and goes into the box's settings
  --no-cut           the broker lets nobody take the box's client id: start the
                     box's line by hand; its sessions, and commands that a broker
                     has in store, are not tried then
  --user NAME, --password-file FILE, --ca FILE, --cert FILE, --cert-key FILE
                     how the broker lets this in
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        as: { type: 'string', default: 'box' },
        broker: { type: 'string' },
        village: { type: 'string' },
        key: { type: 'string' },
        restart: { type: 'string' },
        'hub-key': { type: 'string' },
        'hub-key-file': { type: 'string' },
        'no-cut': { type: 'boolean', default: false },
        user: { type: 'string' },
        'password-file': { type: 'string' },
        ca: { type: 'string' },
        cert: { type: 'string' },
        'cert-key': { type: 'string' },
      },
    })
    const { broker } = values
    const wrong = [
      !broker && '--broker: is missing; allowed: mqtt://host[:port] or mqtts://host[:port]',
      !values.village && '--village: is missing; allowed: the code of a village for trying, ten digits',
      !['box', 'hub'].includes(values.as) && `--as is "${values.as}"; allowed: box, hub`,
      positionals.length > 0 && `"${positionals[0]}" is no option; more: balai conformance --help`,
    ].filter((line) => line !== false)
    if (wrong.length > 0 || !broker || !values.village) throw new AppError('invalid', 'config', wrong.join('\n'))
    if (!/^mqtts?:\/\/[^\s/@]+$/.test(broker))
      throw new AppError(
        'invalid',
        'config',
        `--broker is "${broker}"; allowed: mqtt://host[:port] or mqtts://host[:port]`,
      )
    const village = readVillageCode(values.village)
    const options = optionsOf(values)
    const findings = createFindings(say)
    const topics = villageTopics(village)
    const now = systemClock.wall
    const isHub = values.as === 'hub'
    const hubKey = isHub ? keyIn(values['hub-key-file'], '--hub-key-file') : null
    if (hubKey) process.stdout.write(`The key of this hub, for the box: ${publicKeyOf(hubKey)}\n`)
    const line = await openLine(
      broker,
      isHub ? [topics.presence, topics.health, topics.hello, topics.up, topics.want] : [topics.ack, topics.chunk],
      { ...options, clientId: isHub ? 'balai-conformance' : village },
    ).catch((error: Error) => {
      throw new AppError('unavailable', 'conformance.no-broker', `${broker} does not let this in: ${error.message}`)
    })
    try {
      if (hubKey) {
        const cut = values['no-cut'] ? null : () => takeClientId(broker, village, options)
        if (!cut) process.stdout.write('Now start the box’s line anew.\n')
        await tryBox({ line, village, hubKey, cut, now, findings })
      } else {
        const { restart } = values
        await tryReceiver({
          ...{ line, village, identity: identityOf(keyIn(values.key, null)), now, findings },
          hubKey: values['hub-key'] ?? null,
          restart: restart === undefined ? null : () => runCommand(restart),
        })
      }
    } finally {
      await line.close()
    }
    const broken = findings.findings.filter(({ wrong }) => wrong !== null).length
    const held = findings.findings.length - broken
    process.stdout.write(`${held} held, ${broken} broken\n`)
    return broken === 0 ? exitCode.ok : exitCode.failed
  },
}

function say({ rule, what, wrong }: Finding): void {
  process.stdout.write(`${wrong === null ? '+' : '!'} ${rule}  ${what}${wrong === null ? '' : `: ${wrong}`}\n`)
}

type Values = { [name: string]: string | boolean | undefined }

function optionsOf(values: Values): IClientOptions {
  const read = (name: string) => {
    const path = values[name]
    return typeof path === 'string' ? readTextFile(path) : undefined
  }
  const given = { ca: read('ca'), cert: read('cert'), key: read('cert-key'), password: read('password-file')?.trim() }
  return {
    connectTimeout: 10_000,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(typeof values.user === 'string' ? { username: values.user } : {}),
  }
}

/** The Ed25519 key of a file, made where it is not there; without a file one for this time only. */
function keyIn(path: string | undefined, needed: string | null) {
  if (path === undefined && needed !== null)
    throw new AppError('invalid', 'config', `${needed}: is missing; allowed: a file for the key of this hub`)
  if (path !== undefined && existsSync(path)) return readPrivateKey(readTextFile(path))
  const { privateKey } = generateKeyPairSync('ed25519')
  if (path !== undefined) writeWhole(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  return privateKey
}

/** A broker that sees a client id a second time ends the first connection. */
async function takeClientId(broker: string, clientId: string, options: IClientOptions): Promise<void> {
  const client = await connectAsync(broker, { ...options, protocolVersion: 4, clientId, reconnectPeriod: 0 }, false)
  await client.endAsync(true)
}

async function runCommand(command: string): Promise<void> {
  const child = spawn(command, { shell: true, stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new AppError('unavailable', 'conformance.restart', `--restart ended with ${code}: ${command}`)
}
