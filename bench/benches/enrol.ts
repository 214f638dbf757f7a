import { join } from 'node:path'
import { createAlarms } from '../../appliance/base/alarms.ts'
import { openIdentity } from '../../appliance/base/broker/identity.ts'
import { createClock, systemClock } from '../../appliance/base/clock.ts'
import { startEnrolment } from '../../appliance/enrolment/enrolment.ts'
import { adopt, openMembership } from '../../appliance/enrolment/membership.ts'
import { readEnrolment } from '../../appliance/wire/enrolment.ts'
import { issueEnrolments } from '../../provisioning/fleet/issue.ts'
import { startHubWith } from '../../testing/programs.ts'
import { rethrow } from '../../testing/rethrow.ts'
import { openTestRegency } from '../../testing/test-regency.ts'
import { query } from '../offices.ts'
import type { Bench, Figures } from '../run.ts'
import { printTable, round } from '../statistics.ts'

const boxes = 217
const giveUpMs = 10 * 60_000

/**
 * A whole regency's boxes enrol at once: each with its file and a key of its own, by TLS 1.3 against one Mosquitto that
 * runs with the fleet tool's files, one hub, one PostgreSQL. The boxes share this process, and their keys and handshakes
 * the two cores with the servers. `failed`: not enrolled after ten minutes. It ends with an error when a
 * box was given two certificates.
 */
export const bench: Bench = {
  name: 'enrol',
  async run(): Promise<Figures> {
    const regency = await openTestRegency({ offices: boxes, fsync: 'on' })
    const { made, offices, now, postgres } = regency
    try {
      await issueEnrolments(made.fleet, offices, { now, days: 30 })
      const hub = await startHubWith(regency.hubConfig, `https://127.0.0.1:${regency.ports.hub_port}`)
      const began = performance.now()
      const ends = await Promise.all(
        offices.map(({ village }) =>
          enrol(made.read(`villages/balai-enrol-${village}.json`), join(regency.place, village)),
        ),
      )
      const seconds = (performance.now() - began) / 1_000
      await hub.stop()
      const [given] = await query<{ n: string }>(postgres.url, 'SELECT count(*) AS n FROM certificate')
      if (Number(given?.n) !== boxes) throw new Error(`${given?.n} certificates were given to ${boxes} boxes.`)
      const figures = { boxes, failed: ends.filter((done) => !done).length, seconds: round(seconds, 1) }
      printTable([Object.keys(figures), Object.values(figures)])
      return figures
    } finally {
      await regency.close()
    }
  },
}

function enrol(text: string, data: string): Promise<boolean> {
  const { file } = readEnrolment(text, Date.now())
  if (!file) throw new Error('An enrolment file does not read.')
  const membership = openMembership(data, adopt(data, file))
  const clock = createClock(systemClock)
  clock.setNtp(true)
  const identity = openIdentity(data, { serial: file.village, card: 'bench' })
  return new Promise((resolve) => {
    const log = { info: () => {}, warn: () => {} }
    const alarms = createAlarms(
      () => 0,
      () => 0,
      rethrow,
    )
    const onDone = () => {
      clearTimeout(late)
      resolve(membership.identity() !== null)
    }
    const lanNames = () => ['balai.local', '192.168.1.10']
    const enrolment = startEnrolment({ membership, identity, clock, alarms, log, lanNames, onDone })
    const late = setTimeout(() => {
      void enrolment.stop()
      resolve(false)
    }, giveUpMs)
  })
}
