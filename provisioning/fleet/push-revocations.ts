import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../../appliance/base/errors.ts'
import type { Fleet } from './fleet.ts'

/** How far the broker’s lists have come: nowhere (it runs on another machine), copied, read, or sessions cut as well. */
export type Delivered = 'not-here' | 'copied' | 'reloaded' | 'restarted'

/**
 * Brings the revocation lists to a broker on this machine. A reload lets nobody in who was taken back, but Mosquitto keeps
 * a session that is open (tried on 2.0.11): `cut` restarts it, which cuts all sessions for a moment. Throws an AppError
 * (`fleet.broker-command`) when the command of fleet.toml fails; the lists are copied then.
 */
export function deliverLists({ folder, settings }: Fleet, { cut }: { cut: boolean }): Delivered {
  const target = settings.broker_folder
  if (!existsSync(join(target, 'ca.crl'))) return 'not-here'
  for (const name of ['ca.crl', 'claim-ca.crl']) {
    const from = join(folder, 'broker', name)
    if (resolve(from) !== resolve(join(target, name))) copyFileSync(from, join(target, name))
  }
  const command = cut ? settings.broker_restart : settings.broker_reload
  if (!command) return 'copied'
  const [program = '', ...args] = command
  try {
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 })
  } catch (error) {
    const why = (error as { stderr?: Buffer }).stderr?.toString().trim() || String(error)
    throw new AppError(
      'unavailable',
      'fleet.broker-command',
      `The lists are copied, but ${command.join(' ')} failed: ${why}`,
    )
  }
  return cut ? 'restarted' : 'reloaded'
}
