import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Fleet } from '../../provisioning/fleet/fleet.ts'
import { makeWipeOrder, sendWipeOrder } from '../../provisioning/fleet/wipe.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { writeWhole } from '../base/store/whole-file.ts'
import { commandLine } from './command.ts'

type Asked = { village: string; box: string | undefined; days: number; now: number }

/**
 * `balai fleet wipe`: asks twice, signs an order, and puts it among the hub's commands or into a file. No option takes the
 * questions away: what it erases comes back from the regency only.
 */
export async function wipeBox(fleet: Fleet, { village, box, days, now }: Asked): Promise<number> {
  if (!/^[0-9]{10}$/.test(village))
    throw new AppError('invalid', 'config', `"${village}" is no village code: ten digits.`)
  if (!box || !/^[A-Za-z0-9_-]{22}$/.test(box))
    throw new AppError(
      'invalid',
      'config',
      `--box: is missing or no id of a box (22 characters). See on the hub: balai hub boxes ${village}`,
    )
  process.stderr.write(`Box ${box} of village ${village} will erase its journal, keys, accounts and backups as soon as it
reaches the hub within ${days} days. It cannot be taken back.\n`)
  const [code, word] = await ask(['Type the code of the village to go on: ', 'Type the word wipe to go on: '])
  if (code?.replaceAll('.', '') !== village || word !== 'wipe') {
    process.stderr.write('That is not what was asked for. Nothing was ordered.\n')
    return exitCode.failed
  }
  const order = makeWipeOrder(fleet, { village, box, days, now })
  if (await sendWipeOrder(fleet, order, now, commandLine())) {
    process.stdout.write(`The order is among the hub's commands. What becomes of it: balai hub commands ${village}
When it says done: balai fleet revoke ${village}\n`)
    return exitCode.ok
  }
  const file = join(fleet.folder, `wipe-${village}-${order.id}.json`)
  writeWhole(file, `${JSON.stringify(order, null, 2)}\n`)
  process.stdout.write(`${file} is the order. Bring it to the hub's machine, where it is sent:
balai hub command wipe --order wipe-${village}-${order.id}.json
When balai hub commands ${village} says done: balai fleet revoke ${village}\n`)
  return exitCode.ok
}

/** One line for each question, from a terminal or a pipe; fewer where the input ends. */
async function ask(questions: readonly string[]): Promise<string[]> {
  const answers: string[] = []
  const lines = createInterface({ input: process.stdin })
  process.stderr.write(questions[0] ?? '')
  for await (const line of lines) {
    answers.push(line.trim())
    const next = questions[answers.length]
    if (next === undefined) break
    process.stderr.write(next)
  }
  lines.close()
  return answers
}
