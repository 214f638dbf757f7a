import { expect, test } from 'vitest'
import { hourMs, minuteMs } from '../base/time.ts'
import { validators } from '../wire/messages.ts'
import { regencyVillages } from './demo-regency.ts'
import { healthAt, playDay, playedVillage } from './played-village.ts'

/** 2026-11-23 08.00 in Banyuwangi, a Monday. */
const opensAt = Date.UTC(2026, 10, 23, 1, 0)
const all = regencyVillages.map(({ village }, index) => playedVillage(village, index, opensAt + 2 * hourMs))

test('a regency has 189 desa and 28 kelurahan, each with its own code', () => {
  const kinds = regencyVillages.map(({ kind }) => kind)
  expect([kinds.filter((kind) => kind === 'desa').length, kinds.filter((kind) => kind === 'kelurahan').length]).toEqual(
    [189, 28],
  )
  expect(new Set(regencyVillages.map(({ village }) => village)).size).toBe(217)
})

test('at any time of the day each ticket waits, is served, or has ended, and at its end all have', () => {
  for (const one of all) {
    const tickets = playDay(one, opensAt)
    const noShows = (at: number) =>
      tickets.filter(({ endedAt, outcome }) => endedAt <= at && outcome === 'no-show').length
    for (let at = opensAt; at < opensAt + 12 * hourMs; at += 37 * minuteMs) {
      const { waiting, serving, taken_today, completed_today } = healthAt(one, tickets, at).queue
      expect(waiting + serving + completed_today + noShows(at)).toBe(taken_today)
      expect(serving).toBeLessThanOrEqual(one.counters)
    }
    expect(healthAt(one, tickets, opensAt + 24 * hourMs).queue).toMatchObject({ waiting: 0, taken_today: one.visitors })
  }
})

test('what a village says is what the wire allows, its trouble only since it began', () => {
  for (const one of all) {
    const at = opensAt + 2 * hourMs
    const said = healthAt(one, playDay(one, opensAt), at)
    expect([...validators.health.Errors(said)]).toEqual([])
    expect(said.alarms.map(({ code }) => code)).toEqual(one.trouble ? [one.trouble.code] : [])
    if (one.trouble) expect(healthAt(one, [], one.trouble.since - 1).alarms).toEqual([])
  }
})

test('most are well; some are in trouble, away, never seen, or of old versions', () => {
  const count = (which: (one: (typeof all)[number]) => boolean) => all.filter(which).length
  expect(count(({ trouble }) => trouble !== undefined)).toBeGreaterThan(10)
  expect(count(({ isAway }) => isAway)).toBeGreaterThan(10)
  expect(count(({ since }) => since === null)).toBeGreaterThan(1)
  expect(count(({ version }) => version.startsWith('0.2.'))).toBeGreaterThan(20)
  expect(count(({ trouble, isAway, since }) => !trouble && !isAway && since !== null)).toBeGreaterThan(150)
})

test('the same village is played the same each time', () => {
  const again = playedVillage(all[9]?.village ?? '', 9, opensAt + 2 * hourMs)
  expect(again).toEqual(all[9])
  expect(playDay(again, opensAt)).toEqual(playDay(again, opensAt))
})
