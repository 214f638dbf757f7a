import type { Datasets } from '../datasets/datasets.ts'
import type { Devices } from '../devices/devices.ts'
import { conflictsOf } from '../office/catalogue.ts'
import { usualServices } from '../office/usual-services.ts'
import type { CatalogueService } from '../wire/datasets.ts'
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
  datasets,
  isOpen,
}: Shown & { devices: Devices; datasets: Datasets; isOpen: (device: string) => boolean }) {
  return (): AdminView => {
    const weeks = office.weeks()
    const services = office.services()
    const top = head()
    return {
      office: top,
      refuses: queue.refusesNumbers({ at: top.now, trust: top.clock }),
      services: services.map((row) => {
        const { service, prefix, name, publicName, requires, minutes, collection, open, quota, code, published } = row
        const theirs = office.catalogue.service(code)
        return {
          ...{ service, prefix, name, requires, minutes, collection, open, quota, code, published },
          publicName: publicName === name ? null : publicName,
          week: weeks.get(service) ?? null,
          theirs: theirs && textOf(theirs),
          conflicts: theirs
            ? conflictsOf(row.own, theirs).map((member) => ({ member, theirs: [theirs[member]].flat().join(', ') }))
            : [],
        }
      }),
      week: weeks.get('') ?? null,
      regency: {
        datasets: datasets.view(),
        services: office.catalogue
          .services()
          .filter(({ code }) => !services.some((row) => row.code === code))
          .map((one) => ({ code: one.code, ...textOf(one) })),
        holidays: office.regencyHolidays(),
        week: office.catalogue.week(),
      },
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
      printer: {
        settings: paper.settings(),
        now: paper.view(),
        documents: paper.documents.view(),
        found: paper.found(),
      },
      screens: devices.list().map(({ device, name }) => ({ device, name, open: isOpen(device) })),
      start: { address: phoneBase(), served: queue.everServed(), usual: [...usualServices] },
    }
  }
}

const textOf = ({ name, requires, minutes }: CatalogueService) => ({ name, requires, minutes })
