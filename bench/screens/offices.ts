import { usualServices } from '../../appliance/office/usual-services.ts'
import { playDays } from '../../testing/play-days.ts'
import { by, openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'

/* Real boxes in the states in which pages are looked at. */

const minute = 60_000
/** 2026-11-23 09.41 in Banyuwangi, a Monday. */
const now = Date.UTC(2026, 10, 23, 2, 41)

type Service = { prefix: string; name: string; requires: string[]; minutes: number }
type Plan = {
  name?: string
  services?: readonly Service[]
  counters?: readonly string[]
  /** Weeks behind it, for waiting times and quiet hours. */
  weeks?: number
  trusted?: boolean
}

export type Office = Awaited<ReturnType<typeof openOffice>>

/** An office at 09.41 on a Monday with as many clerks as counters; nobody has come yet. */
export async function openOffice({
  name = 'Desa Tamansari',
  services: wanted = usualServices,
  counters: names = ['Loket 1', 'Loket 2', 'Loket 3', 'Loket 4'],
  weeks = 0,
  trusted = true,
}: Plan = {}) {
  const box: TestBox = await openTestBox({ trusted, name })
  const { people, office, queue, setupCode } = box
  const technician = await people.setUp({ code: setupCode.read() ?? '', name: 'Teknisi', pin: testPin, device: 'test' })
  const me = { actor: technician, key: null }
  for (const service of wanted) office.addService({ ...service, ...me })
  const services = office.services().map(({ service }) => service)
  for (const counter of names) office.addCounter({ name: counter, services, ...me })
  const counters = office.counters().map(({ counter }) => counter)
  const clerks: string[] = []
  for (const index of counters.keys()) {
    const clerk = { name: `Petugas ${index + 1}`, role: 'clerk', pin: testPin } as const
    clerks.push(await people.addAccount({ as: 'technician', ...clerk, ...me }))
  }
  if (weeks > 0) {
    const past = { technician, clerks, services, counters } as unknown as Parameters<typeof playDays>[1]
    playDays(box, past, { from: now - weeks * 7 * 24 * 60 * minute, days: weeks * 7, visitors: 40 })
  }
  box.time.setWall(now)
  box.lookAtDay()

  return {
    box,
    services,
    counters,
    clerks,
    me,
    url: `http://localhost:${box.http.port}`,
    /** So many visitors take a number, spread over the services as the alphabet goes, first ones most. */
    come(count: number): string[] {
      return Array.from({ length: count }, (_, i) => {
        const service = services[Math.floor((((i * 7) % 10) ** 2 / 100) * services.length)] ?? services[0] ?? ''
        return queue.takeTicket({ service, actor: 'kiosk:1', key: null, hours: 'waived' }).ticket
      })
    },
    sit(at: number): void {
      office.sit({ ...by(clerks[at] ?? ''), counter: counters[at] ?? '' })
    },
    /** The next visitor is called to this counter, and the one before is done. */
    call(at: number): { ticket: string; label: string } {
      const clerk = clerks[at] ?? ''
      const counter = counters[at] ?? ''
      this.finish(at)
      return queue.callNext({ ...by(clerk), counter })
    },
    finish(at: number): void {
      const clerk = clerks[at] ?? ''
      const before = queue.ticketAt(counters[at] ?? '')
      if (before?.state === 'called') queue.start({ ...by(clerk), ticket: before.ticket })
      if (before) queue.complete({ ...by(clerk), ticket: before.ticket, result: 'done' })
    },
    pass(minutes: number): void {
      box.time.advance(minutes * minute)
    },
  }
}

/** Twenty-six services, as many as there are letters, the names as long as offices write them. */
export const manyServices: readonly Service[] = [
  'KTP dan Kartu Keluarga',
  'Akta kelahiran',
  'Akta kematian',
  'Surat pindah datang',
  'Surat pindah keluar',
  'Keterangan usaha',
  'Keterangan domisili',
  'Keterangan tidak mampu',
  'Pengantar nikah',
  'Pengantar SKCK',
  'Izin keramaian',
  'Keterangan ahli waris',
  'Riwayat tanah',
  'Pajak bumi (PBB)',
  'Beasiswa',
  'Bantuan sosial',
  'BPJS Kesehatan',
  'Kartu identitas anak',
  'Legalisir',
  'Keterangan penghasilan',
  'Keterangan kehilangan',
  'Keterangan beda identitas',
  'Surat jalan',
  'Konsultasi',
  'Pengaduan dan usul',
  'Lainnya atau belum tahu',
].map((name, i) => ({ prefix: String.fromCharCode(65 + i), name, requires: ['KTP', 'Kartu Keluarga'], minutes: 10 }))

export const longServices: readonly Service[] = [
  'Keterangan penghasilan orang tua untuk persyaratan beasiswa',
  'Rekomendasi pembelian bahan bakar bersubsidi untuk nelayan',
  'Pemutakhiran kependudukan dan pencatatan perkawinan',
  'Pertanggungjawaban kemasyarakatan',
  'Pengantar permohonan sertifikat tanah sistematis lengkap',
  'Pengaduan penyalahgunaan kewenangan',
].map((name, i) => ({
  prefix: String.fromCharCode(65 + i),
  name,
  requires: [
    'Kartu Tanda Penduduk asli dan fotokopi',
    'Kartu Keluarga',
    'Surat pengantar RT/RW bermeterai',
    'Pasfoto 3 × 4',
  ],
  minutes: 20,
}))
