import { expect, test } from 'vitest'
import type { Stage } from './faults.ts'
import { eraseOne, noteVisitor } from './parts.ts'
import { partSabotages } from './sabotage-parts.ts'
import { runSchedule } from './schedule.ts'

/*
 * Each safeguard of private parts, taken out: a schedule that drives straight at the hole is red, and clean with the
 * safeguard in its place.
 */

type Hole = { breaks: RegExp; play: (stage: Stage) => Promise<void> }

/** Two visitors, whose parts the hub then loses. */
async function loseParts(stage: Stage): Promise<void> {
  const [box] = stage.boxes
  if (!box) return
  noteVisitor(stage, box)
  box.work(null)
  noteVisitor(stage, box)
  await stage.world.pass(60_000)
  stage.hub.tables().db.prepare('DELETE FROM sealed').run()
}

const holes: Record<keyof typeof partSabotages, Hole> = {
  'F64: that something was erased is not asked when a part comes': {
    breaks: /the hub still has the erased one/,
    /** Something on the way had its batch in store. */
    async play(stage) {
      const { world, boxes, hubs, hub } = stage
      const [box] = boxes
      if (!box) return
      const late: Buffer[] = []
      hubs.add((kind, payload) => kind === 'up' && late.push(payload))
      noteVisitor(stage, box)
      await world.pass(60_000)
      eraseOne(stage, box)
      await world.pass(60_000)
      for (const payload of late) hub.take('up', payload)
    },
  },
  'F64: a part is only kept where its entry is new': {
    breaks: /not at the hub/,
    play: loseParts,
  },
  'SYNC-019: the hub looks for no part that is lacking': {
    breaks: /not at the hub/,
    play: loseParts,
  },
}

test.each(Object.entries(holes))('red: %s', async (name, { breaks, play }) => {
  const sabotage = partSabotages[name as keyof typeof partSabotages]
  const script = async (stage: Stage) => {
    await play(stage)
    await stage.world.pass(60_000)
  }
  const how = { seed: 1, kinds: [], script }
  expect((await runSchedule({ ...how, sabotage })).faults.join('\n')).toMatch(breaks)
  expect((await runSchedule(how)).faults).toEqual([])
})
