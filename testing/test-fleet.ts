import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFleet } from '../provisioning/fleet/fleet.ts'
import { initFleet } from '../provisioning/fleet/init.ts'
import { type Office, parseOffices } from '../provisioning/fleet/offices.ts'
import type { FleetSettings } from '../provisioning/fleet/settings.ts'

export const testSettings: FleetSettings = {
  regency: 'Kabupaten Uji, Jawa Timur',
  zone: 'WIB',
  broker: '127.0.0.1',
  broker_port: 8883,
  enrol_port: 8884,
  broker_folder: '/etc/mosquitto/balai',
  hub: 'balai.example.go.id',
  hub_port: 8090,
  hubs: 2,
}

/** A fleet folder in a place of its own; `remove` takes all of it away. */
export async function openTestFleet({ now, ...settings }: Partial<FleetSettings> & { now: number }) {
  const place = mkdtempSync(join(tmpdir(), 'balai-fleet-'))
  const folder = join(place, 'fleet')
  await initFleet(folder, { ...testSettings, broker_folder: join(folder, 'broker'), ...settings }, now)
  const path = (name: string) => join(folder, name)
  return {
    folder,
    path,
    read: (name: string) => readFileSync(path(name), 'utf8'),
    fleet: await openFleet(folder),
    remove: () => rmSync(place, { recursive: true, force: true }),
  }
}

/** So many villages of one district. */
export function testOffices(count: number): Office[] {
  const rows = Array.from({ length: count }, (_, n) => `35.10.24.${2001 + n},desa,Desa ${n + 1},35.10.24,Licin`)
  return parseOffices(['code,kind,name,district_code,district', ...rows].join('\n'), 'villages.csv')
}
