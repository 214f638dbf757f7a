import { renameSync, rmSync } from 'node:fs'
import type { FastifyBaseLogger } from 'fastify'
import { dateIn, zoneOffsetMs } from '../base/clock.ts'
import { addDays } from '../base/time.ts'
import type { BoxConfig } from '../config.ts'
import { openBox } from '../open-box.ts'
import { setUpOffice } from './demo-office.ts'
import { playDays, surveyAnswers } from './play-days.ts'
import { seededRandom } from './seeded-random.ts'

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
    await tellThemselves(box)
  } finally {
    await box.close()
  }
  renameSync(data, config.data)
}

const outspoken = 90
const suggestions = [
  'Kursi tunggu ditambah, terutama untuk lansia.',
  'Pelayanan sudah cepat, terima kasih.',
  'Jam istirahat petugas bergantian saja.',
  'Syarat akta kelahiran ditempel di depan.',
  'Parkir motor kurang luas kalau hari Senin.',
]

const respondents = [
  { age: '20-29', sex: 'female', schooling: 'sma', work: 'employee' },
  { age: '30-39', sex: 'male', schooling: 'smp', work: 'farmer-fisher' },
  { age: '40-49', sex: 'female', schooling: 'sd', work: 'household' },
  { age: '50-59', sex: 'male', schooling: 'sd', work: 'farmer-fisher' },
  { age: '60-up', sex: 'female', schooling: 'none' },
  { age: '30-39', sex: 'female', schooling: 's1', work: 'civil-servant' },
  { age: 'under-20', sex: 'male', schooling: 'sma', work: 'student' },
  { age: '40-49', sex: 'male', work: 'self-employed' },
] as const

/** Some of whom nobody had asked yet say who they are, and a few what they would like to be better. */
async function tellThemselves({ store, survey }: Awaited<ReturnType<typeof openBox>>): Promise<void> {
  const random = seededRandom(outspoken)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const tickets = store.db
    .prepare(
      `SELECT ticket FROM ticket WHERE state = 'completed' AND ticket NOT IN (SELECT ticket FROM surveyed) ORDER BY ordinal DESC`,
    )
    .pluck()
    .all() as string[]
  const step = Math.max(1, Math.floor(tickets.length / outspoken))
  for (const [at, ticket] of tickets.entries()) {
    if (at % step !== 0) continue
    const said = await survey.seal({
      respondent: pick(respondents),
      ...(random() < 0.25 && { suggestion: pick(suggestions) }),
    })
    survey.answerSurvey({ ticket, answers: surveyAnswers(random), said, actor: 'phone' })
  }
}
