import { expect, test } from 'vitest'
import type { Stage } from './faults.ts'
import { runSchedule } from './schedule.ts'

/*
 * F53: what a long misfortune costs. Ten entries a day for forty days; what is sent, stored and asked for per new entry
 * must not grow with the days.
 */

const day = 24 * 3_600_000
const perDay = 10

type Play = (stage: Stage, today: number) => void
type Cost = { batches: number; places: number; wants: number }

/**
 * How many entries a batch holds is drawn: ten days in one schedule are a fifth off, 0.41 to 0.62 batches an entry by their
 * seed. Four such schedules have as many entries as one of forty days, and are no further off.
 */
async function measure(play: Play, days: number, schedules: number): Promise<Cost> {
  const all = { up: 0, want: 0, places: 0, entries: 0 }
  for (let seed = 1; seed <= schedules; seed++) {
    const { faults, sent, placesAtHub, confirmed } = await runSchedule({
      seed,
      kinds: ['restore-unseen', 'clone-same-hardware'],
      async script(stage) {
        for (let today = 0; today < days; today++) {
          play(stage, today)
          await stage.world.pass(day)
        }
      },
    })
    expect(faults).toEqual([])
    all.up += sent.up
    all.want += sent.want
    all.places += placesAtHub
    all.entries += confirmed
  }
  return { batches: all.up / all.entries, places: all.places / all.entries, wants: all.want / all.entries }
}

const work = (box: Stage['boxes'][number] | undefined) => {
  for (let i = 0; i < perDay; i++) box?.work(null)
}

let card: Buffer | null = null
const misfortunes: Record<string, Play> = {
  'a card that falls back at each boot': ({ boxes: [box], excused: _excused }, today) => {
    if (!box) return
    if (today === 0) card = box.db().serialize()
    else if (card) box.putDisk(card)
    box.start()
    work(box)
  },
  'two live copies': ({ boxes, addBox }, today) => {
    const [box] = boxes
    if (today === 0 && box) {
      work(box)
      addBox({ disk: box.db().serialize(), hardware: box.serial, keyOf: box, clientId: 'copy' }).start()
    }
    for (const one of boxes) work(one)
  },
  'a new card each day': ({ boxes: [box], hub }) => {
    if (!box) return
    box.putDisk(null)
    box.start()
    hub.tables().enrol(box.identity.publicKey, box.identity.box)
    work(box)
  },
}

test.each(Object.entries(misfortunes))(
  'F53: %s sends, stores and asks for as much per entry on the fortieth day as on the tenth',
  async (_what, play) => {
    const [ten, forty] = [await measure(play, 10, 4), await measure(play, 40, 1)]
    console.log(`  ${_what}: batches, places and wants per entry ${JSON.stringify({ ten, forty })}`)
    expect(forty.batches).toBeLessThan(ten.batches * 1.15)
    expect(forty.places).toBeLessThan(ten.places * 1.15)
    // A chunk holds several epochs: a card that has forgotten them all asks as often as one that lacks a single one.
    expect(forty.wants).toBeLessThan(ten.wants * 1.15)
  },
)
