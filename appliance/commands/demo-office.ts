import type { Box } from '../box.ts'
import type { Role } from '../people/events.ts'

/** Who works in the demo's offices. The PINs are known to everybody: the demo listens on loopback unless told otherwise. */
export const demoPeople: readonly { name: string; role: Role; pin: string }[] = [
  { name: 'Teknisi', role: 'technician', pin: '270945' },
  { name: 'Petugas 1', role: 'clerk', pin: '146290' },
  { name: 'Petugas 2', role: 'clerk', pin: '253817' },
  { name: 'Sekretaris desa', role: 'secretary', pin: '390271' },
  { name: 'Kepala desa', role: 'head', pin: '481506' },
]

const services = [
  { prefix: 'A', name: 'KTP dan Kartu Keluarga', requires: ['KTP lama', 'Kartu Keluarga'], minutes: 10 },
  { prefix: 'B', name: 'Akta kelahiran', requires: ['Surat lahir', 'Kartu Keluarga', 'KTP orang tua'], minutes: 15 },
  { prefix: 'C', name: 'Surat keterangan', requires: ['KTP'], minutes: 8 },
  {
    prefix: 'D',
    name: 'Surat miskin (SPM)',
    requires: ['KTP', 'Kartu Keluarga', 'Surat pengantar RT/RW'],
    minutes: 12,
  },
  { prefix: 'E', name: 'Beasiswa dan bantuan', requires: ['Kartu Keluarga', 'Rapor terakhir'], minutes: 10 },
  { prefix: 'F', name: 'Pajak bumi (PBB)', requires: ['SPPT tahun lalu'], minutes: 6 },
  { prefix: 'G', name: 'Pengaduan dan usul', requires: [], minutes: 10 },
  { prefix: 'H', name: 'Lainnya atau belum tahu', requires: [], minutes: 8 },
]

const counters = [
  { name: 'Loket 1', prefixes: 'ABH' },
  { name: 'Loket 2', prefixes: 'ACDH' },
  { name: 'Loket 3', prefixes: 'CDEG' },
  { name: 'Loket 4', prefixes: 'FGH' },
]

/** Sets an office up by the same commands that its people would use: technician by the setup code, then the rest. */
export async function setUpOffice({ people, queue, setupCode }: Box): Promise<void> {
  if (!people.needsSetup()) return
  const [technician, ...others] = demoPeople
  if (!technician) return
  const actor = await people.setUp({ code: setupCode.read() ?? '', ...technician, device: 'demo' })
  for (const person of others) await people.addAccount({ ...person, as: 'technician', actor, key: null })
  for (const service of services) queue.addService({ ...service, actor, key: null })
  const idOf = new Map(queue.services().map(({ prefix, service }) => [prefix, service]))
  for (const { name, prefixes } of counters) {
    queue.addCounter({ name, services: [...prefixes].flatMap((prefix) => idOf.get(prefix) ?? []), actor, key: null })
  }
  queue.changeNotice({ text: 'Posyandu balita Rabu pagi di balai dusun, mulai 08.00', actor, key: null })
}
