import { renameSync, rmSync } from 'node:fs'
import type { FastifyBaseLogger } from 'fastify'
import { dateIn, zoneOffsetMs } from '../base/clock.ts'
import { addDays } from '../base/time.ts'
import type { BoxConfig } from '../config.ts'
import { openBox } from '../open-box.ts'
import { setUpOffice } from './demo-office.ts'
import { playDays } from './play-days.ts'

const pastDays = 42
const visitors = 26

/**
 * Six weeks of an office before its first look: a box that nobody has opened yet is set up and lives through them by a clock
 * of its own, through the commands of its rooms, and is closed again. What it then knows (estimates, quiet hours, reports,
 * survey) is what any office would.
 */
export async function playPast(config: BoxConfig, log: FastifyBaseLogger, now: number): Promise<void> {
  const { zone } = config
  const begins = Date.parse(`${addDays(dateIn(zone, now), -pastDays)}T08:00:00Z`) - zoneOffsetMs(zone, now)
  let wall = begins
  const time = {
    wall: () => wall,
    monotonic: () => wall - begins,
    setWall: (to: number) => {
      wall = to
    },
  }
  const lan = { ...config.lan, host: '127.0.0.1', http_port: 0, https_port: 0 }
  const data = `${config.data}.past`
  rmSync(data, { recursive: true, force: true })
  const box = await openBox({ ...config, data, lan, mqtt: null }, { log, system: time })
  try {
    // Moved to its place when it is whole: until then a power cut costs nothing but the play.
    box.store.db.pragma('synchronous = OFF')
    box.clock.setNtp(true)
    await setUpOffice(box)
    const counters = box.office.counters().slice(0, 2)
    const clerks = box.people.accounts().filter(({ role }) => role === 'clerk')
    const served = new Set(counters.flatMap(({ services }) => services))
    playDays(
      box,
      time,
      {
        services: box.office.services().flatMap(({ service }) => (served.has(service) ? [service] : [])),
        counters: counters.map(({ counter }) => counter),
        clerks: clerks.map(({ account }) => account),
      },
      { from: begins, days: pastDays, visitors, open: false },
    )
  } finally {
    await box.close()
  }
  renameSync(data, config.data)
}
