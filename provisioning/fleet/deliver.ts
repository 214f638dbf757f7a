import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../appliance/base/errors.ts'
import type { Fleet } from './fleet.ts'
import { brokerHosts, hubNames } from './settings.ts'

/* What the fleet folder makes for brokers and hubs, brought there by ssh and scp of this machine, with the keys and names that its user has for them. */

/** One command on the way; `words` is what it does, for people. */
export type Step = { words: string; program: 'ssh' | 'scp'; args: readonly string[] }
/** All that one machine gets. `name`: broker, hub-1. */
export type Delivery = { name: string; to: string; steps: readonly Step[] }

/** No question at the terminal, and no waiting for a machine that is off. */
const sshOptions = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15'] as const

/**
 * What goes where. `cut`: broker and hub are restarted, which cuts all sessions for a moment; otherwise the broker reads its
 * lists anew. Throws AppError `config` where fleet.toml does not say which hub is on which machine.
 */
export function planDelivery({ folder, settings }: Fleet, { cut }: { cut: boolean }): Delivery[] {
  const brokers = settings.broker_ssh ?? brokerHosts(settings).map((host) => `root@${host}`)
  const hubs = settings.hub_ssh ?? (settings.hubs === 1 ? [`root@${settings.hub}`] : [])
  const names = hubNames(settings)
  if (hubs.length !== names.length)
    throw new AppError(
      'invalid',
      'config',
      `${join(folder, 'fleet.toml')}: hub_ssh: names ${hubs.length} machines; allowed: one for each of ${names.join(', ')}, in this order`,
    )
  return [
    ...brokers.map((to) => toBroker(folder, settings, to, cut)),
    ...names.map((name, index) => toHub(folder, settings, name, hubs[index] ?? '', cut)),
  ]
}

function toBroker(folder: string, settings: Fleet['settings'], to: string, cut: boolean): Delivery {
  const { broker_folder: target, broker_reload, broker_restart } = settings
  const stage = `${target}/.delivered`
  const files = filesIn(join(folder, 'broker'))
  const command = cut
    ? (broker_restart ?? ['systemctl', 'restart', 'mosquitto'])
    : (broker_reload ?? ['systemctl', 'reload', 'mosquitto'])
  return {
    ...{ name: 'broker', to },
    steps: [
      onIt(to, `makes ${stage}`, `install -d -m 700 ${quote(target)} ${quote(stage)}`),
      copy(to, `${files.length} files to ${target}`, files, stage),
      onIt(
        to,
        'puts them in place',
        [
          `cd ${quote(stage)}`,
          'rm -f balai.conf', // it was moved to conf.d, and may have been changed there
          'chown mosquitto: *',
          'chmod 600 *',
          `mv -f * ${quote(target)}/`,
          `rmdir ${quote(stage)}`,
        ].join(' && '),
      ),
      onIt(to, cut ? 'restarts the broker' : 'has the broker read its lists', command.map(quote).join(' ')),
    ],
  }
}

function toHub(folder: string, settings: Fleet['settings'], name: string, to: string, cut: boolean): Delivery {
  const { hub_folder: target = '/etc/balai', hub_data: data = '/var/lib/balai' } = settings
  const stage = `${target}/.delivered`
  const own = join(folder, name)
  const [authority, files] = [filesIn(join(own, 'authority')), filesIn(own)]
  return {
    ...{ name, to },
    steps: [
      onIt(to, `makes ${stage}`, `install -d -m 700 ${quote(target)} ${quote(stage)} ${quote(`${stage}/authority`)}`),
      copy(to, `${files.length} files to ${target}`, files, stage),
      copy(to, `${authority.length} files to ${target}/authority`, authority, `${stage}/authority`),
      onIt(
        to,
        'puts them in place; hub.toml and hub-key.pem stay where they are there',
        [
          `cd ${quote(stage)}`,
          `install -d -m 700 -o balai -g balai ${quote(`${target}/authority`)} ${quote(data)}`,
          'chown -R balai: .',
          'chmod -R u=rwX,go= .',
          `{ test ! -e ${quote(`${target}/hub.toml`)} || rm -f hub.toml; }`,
          `{ test -e ${quote(`${data}/hub-key.pem`)} || mv hub-key.pem ${quote(`${data}/`)}; }`,
          'rm -f hub-key.pem',
          `mv -f authority/* ${quote(`${target}/authority/`)}`,
          'rmdir authority',
          `mv -f * ${quote(`${target}/`)}`,
          `rmdir ${quote(stage)}`,
        ].join(' && '),
      ),
      ...(cut ? [onIt(to, 'restarts the hub', 'systemctl restart balai-hub')] : []),
    ],
  }
}

const onIt = (to: string, words: string, command: string): Step => ({
  ...{ words, program: 'ssh' },
  args: [...sshOptions, to, command],
})

const copy = (to: string, words: string, files: readonly string[], target: string): Step => ({
  ...{ words, program: 'scp' },
  args: ['-q', '-p', ...sshOptions, ...files, `${to}:${target}/`],
})

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => join(folder, name))
        .sort()
    : []

/** For the shell of the other machine. */
const quote = (text: string): string => (/^[\w./@:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** As somebody would type it. */
export const typed = ({ program, args }: Step): string =>
  [program, ...args.map((arg) => (/^[\w./@:=-]+$/.test(arg) ? arg : `"${arg.replaceAll(/["\\$`]/g, '\\$&')}"`))].join(
    ' ',
  )

/** Carries one delivery out; answers why it went no further, or null. `onStep` hears of each step before it. */
export function deliver({ steps }: Delivery, onStep: (step: Step) => void): string | null {
  for (const step of steps) {
    onStep(step)
    const { status, error, stderr } = spawnSync(step.program, step.args, {
      ...{ encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 },
    })
    if (status === 0) continue
    const { code } = (error ?? {}) as NodeJS.ErrnoException
    if (code === 'ENOENT') return `${step.program} is not installed: apt-get install openssh-client`
    const [last] = (stderr ?? '').trim().split('\n').slice(-1)
    return `${step.program} ended with ${status ?? code ?? 'nothing'}${last ? `: ${last}` : ''}`
  }
  return null
}
