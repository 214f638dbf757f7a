import { deliver, planDelivery, typed } from '../../provisioning/fleet/deliver.ts'
import type { Fleet } from '../../provisioning/fleet/fleet.ts'
import { readRegister } from '../../provisioning/fleet/register.ts'
import { writeRevocationLists } from '../../provisioning/fleet/revoke.ts'
import { shareWithHub } from '../../provisioning/fleet/sync-hub.ts'
import { exitCode } from '../base/errors.ts'

/**
 * Brings what was made to every broker and hub, and says each step; one that cannot be reached keeps none of the others from
 * theirs. Answers the exit code: 1 where any was not reached.
 */
export async function deliverAll(
  fleet: Fleet,
  now: number,
  { cut, dryRun }: { cut: boolean; dryRun: boolean },
): Promise<number> {
  const plan = planDelivery(fleet, { cut })
  if (dryRun) {
    for (const { steps } of plan) for (const step of steps) process.stdout.write(`${typed(step)}\n`)
    return exitCode.ok
  }
  const failures: string[] = []
  await shareWithHub(fleet).catch((error: Error) => failures.push(`The hub was not told: ${error.message}`))
  await writeRevocationLists(fleet, readRegister(fleet.folder), now)
  for (const one of plan) {
    const failure = deliver(one, ({ words }) => process.stdout.write(`${one.name} at ${one.to}: ${words}\n`))
    if (failure) failures.push(`${one.name} at ${one.to}: ${failure}`)
  }
  process.stderr.write(failures.map((failure) => `${failure}\n`).join(''))
  if (failures.length > 0) process.stderr.write('Type balai fleet deliver again when that is mended.\n')
  else process.stdout.write(`Everything is in place on ${plan.length} machines.\n`)
  return failures.length > 0 ? exitCode.failed : exitCode.ok
}
