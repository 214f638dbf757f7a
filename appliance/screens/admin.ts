import type { Devices } from '../devices/devices.ts'
import { usualServices } from '../office/usual-services.ts'
import type { AdminView } from './admin-view.ts'
import type { Shown } from './shown.ts'

/** Everything that is set at `/admin`, of whatever room. */
export function createAdminView({
  head,
  office,
  queue,
  people,
  voice,
  paper,
  phoneBase,
  devices,
}: Shown & { devices: Devices }) {
  return (): AdminView => {
    const weeks = office.weeks()
    const top = head()
    return {
      office: top,
      refuses: queue.refusesNumbers({ at: top.now, trust: top.clock }),
      services: office.services().map((row) => {
        const { service, prefix, name, publicName, requires, minutes, collection, open, quota } = row
        return {
          ...{ service, prefix, name, requires, minutes, collection, open, quota },
          publicName: publicName === name ? null : publicName,
          week: weeks.get(service) ?? null,
        }
      }),
      week: weeks.get('') ?? null,
      holidays: office.holidays(),
      counters: office
        .counters()
        .map(({ counter, name, services, open, autoCall }) => ({ counter, name, services, open, autoCall })),
      people: people.accounts().map(({ account, name, role, active, hasPin }) => {
        const seconds = people.lockedSeconds(account)
        return { account, name, role, active, hasPin, lockedUntil: seconds > 0 ? top.now + seconds * 1_000 : null }
      }),
      notice: office.notice(),
      settings: office.settings(),
      voice: voice.settings(),
      recordings: voice.recordings.list(),
      printer: { settings: paper.settings(), now: paper.view(), found: paper.found() },
      screens: devices.list().map(({ device, name }) => ({ device, name })),
      start: { address: phoneBase(), served: queue.everTaken(), usual: [...usualServices] },
    }
  }
}
