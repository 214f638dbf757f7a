import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'smol-toml'
import { issueEnrolments } from '../provisioning/fleet/issue.ts'
import { startFleetBroker } from './fleet-broker.ts'
import { freePort, startPostgres } from './servers.ts'
import { openTestFleet, testOffices } from './test-fleet.ts'

export type TestRegency = Awaited<ReturnType<typeof openTestRegency>>

/**
 * A regency as `balai fleet init` makes it, all of it on loopback: a real Mosquitto with its files, a real PostgreSQL, and
 * the hub.toml for a hub, which is the caller’s to start. For tests and measurements only.
 */
type RegencyOptions = {
  offices: number
  fsync?: 'on' | 'off'
  /** Address by which boxes reach the broker, when it is another one than this machine's: an emulated box has its own. */
  reachedAt?: string
  /** Boxes may come by HTTPS, too. */
  https?: boolean
}
export async function openTestRegency({ offices: count, fsync = 'off', reachedAt, https = false }: RegencyOptions) {
  const now = Date.now()
  const place = mkdtempSync(join(tmpdir(), 'balai-regency-'))
  const [broker_port, enrol_port, hub_port] = [await freePort(), await freePort(), await freePort()]
  const hubConfig = join(place, 'hub.toml')
  const https_port = https ? await freePort() : undefined
  const ports = { broker_port, enrol_port, hub_port, ...(https_port ? { https_port } : {}) }
  const brokers = reachedAt ? { broker: reachedAt, fallback_brokers: ['127.0.0.1'] } : {}
  const made = await openTestFleet({ now, ...ports, ...brokers, hub: '127.0.0.1', hub_config: hubConfig })
  const postgres = await startPostgres({ settings: { fsync } })
  const broker = await startFleetBroker(made)
  const offices = testOffices(count)
  const rows = offices.map(({ village, name }) => `${village},desa,${name},351024,Licin`)
  writeFileSync(join(place, 'villages.csv'), ['code,kind,name,district_code,district', ...rows].join('\n'))
  cpSync(made.path('hub-1/hub-key.pem'), join(place, 'hub/hub-key.pem'), { recursive: true })
  writeFileSync(
    hubConfig,
    stringify({
      ...{ name: 'Kabupaten Uji', data: 'hub', villages: 'villages.csv', authority: made.path('hub-1/authority') },
      mqtt: {
        ...{ url: `mqtts://127.0.0.1:${broker_port}`, client_id: 'hub-1', ca: made.path('root-ca.pem') },
        ...{ cert: made.path('hub-1/hub.pem'), key: made.path('hub-1/hub.key') },
      },
      postgres: { url: postgres.url, pool: 2 },
      console: { port: hub_port, cert: made.path('hub-1/console.pem'), key: made.path('hub-1/console.key') },
      ...(https_port
        ? {
            https: {
              ...{ port: https_port, claim_ca: made.path('hub-1/claim-ca.pem') },
              ...{ cert: made.path('hub-1/console.pem'), key: made.path('hub-1/console.key') },
            },
          }
        : {}),
      log: 'warn',
    }),
  )
  return {
    now,
    place,
    made,
    postgres,
    broker,
    offices,
    hubConfig,
    ports,
    /** A folder of its own. */
    newFolder: (name = 'data') => mkdtempSync(join(place, `${name}-`)),
    /** An enrolment file on a stick of its own, as a technician brings it. */
    async bringFile(index: number, changes: Partial<Parameters<typeof issueEnrolments>[2]> = {}) {
      const office = offices[index]
      if (!office) throw new TypeError('There is no such office.')
      await issueEnrolments(made.fleet, [office], { now, days: 30, again: true, ...changes })
      const stick = mkdtempSync(join(place, 'stick-'))
      const name = `balai-enrol-${office.village}.json`
      cpSync(made.path(`villages/${name}`), join(stick, name))
      return { village: office.village, stick, path: join(stick, name) }
    },
    async close(): Promise<void> {
      await broker.stop()
      await postgres.stop()
      made.remove()
      rmSync(place, { recursive: true, force: true })
    },
  }
}
