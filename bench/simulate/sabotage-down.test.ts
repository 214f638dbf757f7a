import { expect, test } from 'vitest'
import { forgeManifest, giveCommand, publish, publishBad, retain, sendStrange } from './down-work.ts'
import type { Stage } from './faults.ts'
import { downSabotages } from './sabotage-down.ts'
import { runSchedule } from './schedule.ts'

/*
 * Each safeguard of what comes down, taken out: a schedule that drives straight at the hole is red, and clean with the
 * safeguard in its place.
 */

const hour = 3_600_000

/** `seed`: one in which the answer to a hello overtakes no command, or what is published at rest is of another dataset. */
type Hole = { breaks: RegExp; seed?: number; play: (stage: Stage) => Promise<void> }

const holes: Record<keyof typeof downSabotages, Hole> = {
  'F36: a retained command is carried out': {
    breaks: /one that is retained/,
    async play(stage) {
      retain(stage)
      stage.boxes[0]?.restart()
    },
  },
  'F38: a command counts after its end': {
    breaks: /one that has expired/,
    async play(stage) {
      const { world, boxes, broker, wentDown } = stage
      boxes[0]?.powerOff()
      giveCommand(stage, { type: 'message', forMs: hour })
      await world.pass(2 * hour)
      boxes[0]?.start()
      await world.pass(10_000)
      for (const { kind, payload } of wentDown) broker.downInOrder(kind, payload)
    },
  },
  'a command of another village, or of anybody, is carried out': {
    breaks: /one that is (foreign|forged)/,
    async play(stage) {
      sendStrange(stage, 'foreign')
      sendStrange(stage, 'forged')
    },
  },
  'F37: a command whose outcome is there is carried out again': {
    breaks: /outcome is on its disk|announcements/,
    async play(stage) {
      const { world, broker, wentDown } = stage
      giveCommand(stage, { type: 'announce', forMs: 24 * hour })
      await world.pass(10_000)
      for (const { kind, payload } of wentDown.slice()) broker.downInOrder(kind, payload)
    },
  },
  'F62: commands do not wait for history': {
    breaks: /outcome the regency had at its hello/,
    async play(stage) {
      const { world, boxes, wentDown } = stage
      const [box] = boxes
      giveCommand(stage, { type: 'message', forMs: 24 * hour })
      await world.pass(60_000)
      box?.putDisk(null)
      box?.start()
      while (!box?.uplink()?.state().ready) await world.pass(1)
      const [first] = wentDown
      if (first) box.client()?.receive(first.kind, first.payload, false)
    },
  },
  'SYNC-018: what came before a session’s first answer does not wait for what comes behind it': {
    breaks: /after a later one/,
    seed: 2,
    /** The box subscribes between two that the hub sends. */
    async play(stage) {
      const { world, boxes, wentDown } = stage
      const [box] = boxes
      box?.powerOff()
      giveCommand(stage, { type: 'announce', forMs: 24 * hour })
      giveCommand(stage, { type: 'announce', forMs: 24 * hour })
      await world.pass(10_000)
      const second = wentDown.findLast(({ kind }) => kind === 'command')
      box?.start()
      while (!box?.client()) await world.pass(1)
      if (second) box.client()?.receive('command', second.payload, false)
    },
  },
  'F41: a list of datasets is not held against its signature': {
    breaks: /refused 1 checksum/,
    async play(stage) {
      const { world, boxes } = stage
      boxes[0]?.powerOff()
      publish(stage, 'holidays')
      await world.pass(10_000)
      boxes[0]?.start()
      for (let i = 0; i < 500; i++) {
        if (boxes[0]?.client()) forgeManifest(stage)
        await world.pass(5)
      }
    },
  },
  'F41: an older version is taken': {
    breaks: /back to 1/,
    async play(stage) {
      const { world, hub } = stage
      publish(stage, 'holidays')
      await world.pass(60_000)
      const before = hub.backup()
      publish(stage, 'holidays')
      await world.pass(60_000)
      hub.restore(before)
      stage.rollCall(true)
      await world.pass(60_000)
    },
  },
  'a file is not held against its sum': {
    breaks: /never published so/,
    seed: 3,
    async play(stage) {
      publishBad(stage, 'checksum')
      await stage.world.pass(60_000)
    },
  },
  'F40: a version takes its place step by step': {
    breaks: /^(dataset|crash|rest|chain|lost|command)/,
    async play(stage) {
      const { world, boxes } = stage
      for (let writes = 0; writes < 16; writes++) {
        publish(stage, 'holidays')
        const [box] = boxes
        if (box) box.faults.writesUntilCut = writes
        await world.pass(60_000)
        box?.restart()
        await world.pass(60_000)
      }
    },
  },
  'SYNC-001: pieces are taken without an open question': {
    breaks: /refused 1 checksum/,
    /** A piece of a file whose number the regency gave once more, after its database was restored. */
    async play(stage) {
      const { world, boxes, hub } = stage
      const late: Buffer[] = []
      const [box] = boxes
      const client = box?.client()
      if (!box || !client) return
      const empty = hub.backup()
      publish(stage, 'holidays')
      const receive = client.receive
      client.receive = (kind, payload, retained) =>
        kind === 'chunk' ? void late.push(payload) : receive(kind, payload, retained)
      await world.pass(10_000)
      box.restart()
      hub.restore(empty)
      await world.pass(10_000)
      publish(stage, 'holidays')
      for (let i = 0; i < 2_000; i++) {
        for (const payload of late) box.client()?.receive('chunk', payload, false)
        await world.pass(5)
      }
      expect(late.length).toBeGreaterThan(0)
    },
  },
}

test.each(Object.entries(holes))('red: %s', async (name, { breaks, seed = 1, play }) => {
  const sabotage = downSabotages[name as keyof typeof downSabotages]
  const script = async (stage: Stage) => {
    await play(stage)
    await stage.world.pass(60_000)
  }
  const how = { seed, kinds: [], script }
  expect((await runSchedule({ ...how, sabotage })).faults.join('\n')).toMatch(breaks)
  expect((await runSchedule(how)).faults).toEqual([])
})
