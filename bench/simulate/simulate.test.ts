import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runSchedule } from './schedule.ts'

/** 250 schedules a test, so that four cores share them and a failing one is found early. */
const shares = [1, 251, 501, 751]

test.each(shares)(
  'from seed %i on, 250 random schedules lose, double and disorder nothing, and come to rest',
  async (first) => {
    for (let seed = first; seed < first + 250; seed++) {
      await setImmediate() // or SQLite's memory stays (run.ts)
      const { faults, story } = await runSchedule({ seed })
      expect(faults, `npm run simulate -- --schedules 1 --seed ${seed}\n${story.join('\n')}`).toEqual([])
    }
  },
  600_000,
)

test('a seed plays the same schedule again', async () => {
  const [first, again] = [await runSchedule({ seed: 5 }), await runSchedule({ seed: 5 })]
  expect(again).toEqual(first)
  expect(first.story.length).toBeGreaterThan(20)
})
