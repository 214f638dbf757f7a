import { setImmediate } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { runSchedule } from './schedule.ts'

/*
 * `npm run simulate -- --schedules N --seed S`: N schedules of random faults from seed S on. The first that breaks an
 * invariant prints its story and ends the run; `--schedules 1 --seed <its seed>` plays it again.
 */

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { schedules: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
  })
  const schedules = Number(values.schedules)
  const first = Number(values.seed)
  if (!Number.isInteger(schedules) || schedules < 1 || !Number.isInteger(first)) {
    console.error('Usage: npm run simulate -- --schedules 1000 --seed 1')
    return 64
  }
  const began = performance.now()
  const injected = new Map<string, number>()
  const total = { faults: 0, confirmed: 0 }
  for (let seed = first; seed < first + schedules; seed++) {
    const result = await runSchedule({ seed })
    // SQLite's memory is given back by finalizers, which run between events only: 20,000 in one go took 6 GB.
    await setImmediate()
    total.faults += result.injected
    total.confirmed += result.confirmed
    for (const line of result.story) {
      const kind = line.split('  ')[1] ?? ''
      if (result.kinds.some((known) => known === kind)) injected.set(kind, (injected.get(kind) ?? 0) + 1)
    }
    const done = seed - first + 1
    if (done % 1_000 === 0 && done < schedules) console.log(`  ${done} of ${schedules}`)
    if (result.faults.length > 0) {
      console.error(
        `\nSeed ${seed} with ${result.kinds.join(', ')}:\n${result.story.map((line) => `  ${line}`).join('\n')}`,
      )
      console.error(`\n${result.faults.slice(0, 20).join('\n')}`)
      console.error(`\nAgain: npm run simulate -- --schedules 1 --seed ${seed}`)
      return 1
    }
  }
  const seconds = Math.round((performance.now() - began) / 1_000)
  for (const [kind, count] of [...injected].sort((a, b) => b[1] - a[1]))
    console.log(`  ${String(count).padStart(7)} ${kind}`)
  console.log(
    JSON.stringify({ simulate: { schedules, seed: first, ...total, seconds, lost: 0, doubled: 0, disordered: 0 } }),
  )
  return 0
}

process.exitCode = await main(process.argv.slice(2))
