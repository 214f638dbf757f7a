import { Readable } from 'node:stream'
import { dateIn } from '../base/clock.ts'
import { opensidColumns } from '../imports/formats/opensid.ts'
import { usualServices } from '../office/usual-services.ts'
import type { Box } from '../open-box.ts'
import type { Role } from '../people/events.ts'
import type { Person } from '../residents/person.ts'
import { makeResidents } from './demo-residents.ts'

/** Who works in the demo's offices. The PINs are known to everybody: the demo listens on loopback unless told otherwise. */
export const demoPeople: readonly { name: string; role: Role; pin: string }[] = [
  { name: 'Teknisi', role: 'technician', pin: '270945' },
  { name: 'Petugas 1', role: 'clerk', pin: '146290' },
  { name: 'Petugas 2', role: 'clerk', pin: '253817' },
  { name: 'Sekretaris desa', role: 'secretary', pin: '390271' },
  { name: 'Kepala desa', role: 'head', pin: '481506' },
]

/** In a tenth of the families of a village of usual size. */
const demoResidents = 600

const counters = [
  { name: 'Loket 1', prefixes: 'ABH' },
  { name: 'Loket 2', prefixes: 'ACDH' },
  { name: 'Loket 3', prefixes: 'CDEG' },
  { name: 'Loket 4', prefixes: 'FGH' },
]

/** Sets an office up by the same commands that its people would use: technician by the setup code, then the rest. */
export async function setUpOffice({ people, office, setupCode }: Box): Promise<void> {
  if (!people.needsSetup()) return
  const [technician, ...others] = demoPeople
  if (!technician) return
  const actor = await people.setUp({ code: setupCode.read() ?? '', ...technician, device: 'demo' })
  for (const person of others) await people.addAccount({ ...person, as: 'technician', actor, key: null })
  for (const service of usualServices) office.addService({ ...service, actor, key: null })
  const idOf = new Map(office.services().map(({ prefix, service }) => [prefix, service]))
  for (const { name, prefixes } of counters) {
    office.addCounter({ name, services: [...prefixes].flatMap((prefix) => idOf.get(prefix) ?? []), actor, key: null })
  }
  // Open at any hour, or whoever tries it in the evening finds a closed office; bookings need hours.
  const week = Array.from({ length: 7 }, () => [{ from: 0, until: 1440 }])
  office.changeHours({ service: null, week, actor, key: null })
  office.changeNotice({ text: 'Posyandu balita Rabu pagi di balai dusun, mulai 08.00', actor, key: null })
}

/** Who lives in a village of the demo: invented people, in a file as OpenSID writes it, brought as a secretary brings one. */
export async function bringPeople({ imports, residents, config, clock }: Box): Promise<void> {
  if (residents.view().count > 0) return
  const columns = Object.entries(opensidColumns)
  const people = makeResidents({ seed: 24, count: demoResidents, village: config.village })
  const lines = people.map((person) =>
    columns.map(([, field]) => String(person[field as keyof Person] ?? '')).join(';'),
  )
  const file = [columns.map(([name]) => name).join(';'), ...lines].join('\r\n')
  const by = { actor: 'demo', key: null }
  const { upload, columns: found } = await imports.receive(Readable.from([Buffer.from(file)]))
  const fields = Object.fromEntries(found.flatMap(({ index, field }) => (field ? [[index, field] as const] : [])))
  const asOf = dateIn(config.zone, clock.read().at)
  await imports.check({ upload, source: 'penduduk-contoh.csv', asOf, fields, mark: null, ...by })
  await imports.whenRead()
  imports.apply(by)
}
