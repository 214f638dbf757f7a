import { expect, test } from 'vitest'
import type { FaultKind } from './faults.ts'
import { sabotages } from './sabotage.ts'
import { runSchedule } from './schedule.ts'

/*
 * The simulator can fail: with one safeguard taken out it finds what then breaks. The mixes are those in which a hole
 * shows soon, the seeds those with which it does; the same seeds are clean with the safeguard in its place.
 */

type Hole = { seeds: readonly number[]; kinds?: readonly FaultKind[]; steps?: number; breaks: RegExp }

const holes: Partial<Record<keyof typeof sabotages, Hole>> = {
  'the cursor is moved by a PUBACK': { seeds: [1, 2, 3], breaks: /^lost/ },
  'the box forgets what is acknowledged': { seeds: [1, 2, 3], breaks: /^(lost|chain|crash)/ },
  'no gap check and no epoch': { seeds: [1, 2, 3], breaks: /^(lost|doubled)/ },
  'no epoch and no hash comparison': { seeds: [3, 4, 5, 6, 7, 8], breaks: /^(lost|doubled|owner)/ },
  'no `origin` key at the hub': { seeds: [1, 2, 3, 4, 5, 6], breaks: /^doubled/ },
  'the box takes any ack’s hash as its own': { seeds: [5, 6, 7, 8, 9, 10], breaks: /^(lost|owner|rest)/ },
  'the hub takes batches without comparing the chain': {
    seeds: [13, 14, 16, 17],
    kinds: ['clone-same-hardware', 'reordering', 'cut', 'power-cut'],
    breaks: /^(lost|doubled)/,
  },
  'damaged entries are sent, epochs not cut': {
    seeds: [1, 2, 3, 4],
    kinds: ['entry-damaged'],
    breaks: /^(chain|lost|rest|owner)/,
  },
  'own entries behind `common` get no new place': {
    seeds: [1, 2, 3, 4, 5, 6],
    kinds: ['clone-same-hardware'],
    breaks: /^lost/,
  },
  'no `after`': { seeds: [16, 18, 25], kinds: ['restore-told', 'hub-restored'], steps: 30, breaks: /^order/ },
}

test.each(Object.entries(holes))('red: %s', (name, { seeds, breaks, ...mix }) => {
  const sabotage = sabotages[name as keyof typeof sabotages]
  const isRed = (seed: number) => runSchedule({ seed, sabotage, ...mix }).faults.some((fault) => breaks.test(fault))
  const red = seeds.find(isRed)
  expect(red).toBeDefined()
  expect(runSchedule({ seed: red ?? 0, ...mix }).faults).toEqual([])
})
