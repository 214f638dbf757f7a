import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Catalogues, openCatalogues } from '../../appliance/base/messages/catalogues.ts'
import { boxHealth } from '../../testing/box-health.ts'
import { startFakeSmtp } from '../../testing/fake-smtp.ts'
import { openTestDatabase, quiet } from '../../testing/hub-parts.ts'
import { loadContacts } from '../base/village-contacts.ts'
import { loadVillages } from '../base/villages.ts'
import { startDaySummaries } from './day-summary.ts'
import { createMailer } from './mailer.ts'

const [tamansari, kemiren, away] = ['3510242008', '3510152004', '3510012001']
const email = 'kantor@tamansari.example.id'
let opened: Awaited<ReturnType<typeof openTestDatabase>>
let smtp: Awaited<ReturnType<typeof startFakeSmtp>>
const clock = { now: 0 }
/** Of the office, WIB. */
const at = (day: string, time: string) => Date.parse(`${day}T${time}:00+07:00`)

beforeAll(async () => {
  opened = await openTestDatabase()
  smtp = await startFakeSmtp()
  const row = { kind: 'desa', district: 'Licin' } as const
  await loadVillages(
    opened.database,
    [
      { ...row, village: tamansari, name: 'Tamansari', district_code: '351024' },
      { ...row, village: kemiren, name: 'Kemiren', district_code: '351015' },
      { ...row, village: away, name: 'Sarongan', district_code: '351001' },
    ],
    '2026-01-01',
  )
  const nobody = { contact: '', phone: '', technician: '', technician_phone: '' }
  await loadContacts(opened.database, [
    { ...nobody, village: tamansari, email },
    { ...nobody, village: kemiren, contact: 'Bu Sri', email: '' },
    { ...nobody, village: away, email: 'kantor@sarongan.example.id' },
  ])
  for (const village of [tamansari, kemiren]) await sayState(village, 'connected')
  await sayState(away, 'offline')
  await opened.database.query(
    `INSERT INTO service (village, service, prefix, name, minutes, named_at) SELECT v, 's', 'A', 'KTP dan KK', 10, now()
     FROM unnest($1::text[]) v`,
    [[tamansari, kemiren, away]],
  )
}, 30_000)
afterAll(async () => {
  await smtp.stop()
  await opened.close()
})

async function sayState(village: string, state: string, backlog = 0): Promise<void> {
  const health = JSON.stringify({ ...boxHealth(), backlog_entries: backlog })
  await opened.database.query(
    `INSERT INTO contact (village, state, since, session, box, version, health, health_at)
     VALUES ($1, $2, now(), 's', 'b', '1', $3, now())
     ON CONFLICT (village) DO UPDATE SET state = excluded.state, health = excluded.health`,
    [village, state, health],
  )
}

/** `waits`: minutes until each was called; null: nobody called. */
async function addDay(village: string, day: string, waits: (number | null)[]): Promise<void> {
  for (const [index, wait] of waits.entries())
    await opened.database.query(
      `INSERT INTO ticket (village, ticket, service, day, number, label, taken_at, called_at, started_at, ended_at, outcome)
       VALUES ($1, $2, 's', $3, $4, 'A', $5::timestamptz, $5::timestamptz + $6 * interval '1 minute',
         $5::timestamptz + $6 * interval '1 minute', $5::timestamptz + ($6 + 7) * interval '1 minute', $7)`,
      [
        village,
        `${day}-${index}`,
        day,
        index + 1,
        new Date(at(day, '08:00')),
        wait,
        wait === null ? 'closed' : 'completed',
      ],
    )
}

type Opening = { port?: number; districts?: string[] | null; catalogues?: Catalogues }

function open({ port = smtp.port, districts = null, catalogues = openCatalogues() }: Opening = {}) {
  const tls = 'none' as const
  const server = { host: '127.0.0.1', port, tls, from: 'balai@example.go.id', severity: 'action' as const }
  return startDaySummaries({
    ...{ database: opened.database, log: quiet, now: () => clock.now, zone: 'Asia/Jakarta', at: '18:00' },
    mail: createMailer({ ...server, to: [], summary_at: '18:00' }),
    ...{ catalogues, regency: 'Kabupaten Uji', districts },
  })
}

/** What was mailed since, as people read it: quoted-printable, UTF-8. */
const mails = () =>
  smtp.mails.splice(0).map(({ to, message }) => {
    const body = message.slice(message.indexOf('\n\n') + 2).replaceAll('=\n', '')
    const bytes = body.replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    return { to, text: Buffer.from(bytes, 'latin1').toString() }
  })

test('a day goes out once, in the evening, to the villages that want it, in figures without a name', async () => {
  const [before, day] = ['2026-11-20', '2026-11-23']
  await addDay(tamansari, before, [1, 1])
  await addDay(tamansari, day, [4, 10, 30, null])
  await addDay(kemiren, day, [5])
  await addDay(away, day, [5])
  const summaries = open()
  clock.now = at(day, '17:59')
  await summaries.look()
  expect(mails()).toEqual([])
  clock.now = at(day, '18:01')
  await summaries.look()
  await summaries.look()
  const [mail, ...more] = mails()
  expect(more).toEqual([])
  expect(mail?.to).toEqual([email])
  expect(mail?.text.trim().split('\n')).toEqual([
    'Desa Tamansari, Kecamatan Licin',
    'Senin, 23 November 2026',
    '',
    'Nomor diambil: 4',
    'Selesai: 3 · tidak datang: 0 · batal atau ditutup: 1',
    'Menunggu dipanggil: separuh warga di bawah 10 menit, 9 dari 10 paling lama 26 menit',
    'Dilayani di loket: separuh warga di bawah 7 menit',
    'Seminggu sebelumnya: 2 nomor sehari',
    '',
    'Per layanan:',
    '• KTP dan KK: 4 diambil, 3 selesai, menunggu 10 menit',
    '',
    'Selengkapnya di kantor: halaman Laporan di https://balai.local/reports',
    expect.stringContaining('Kabupaten Uji'),
  ])
  await summaries.stop()
})

test('a box that was away, or has not sent everything, brings its days when it is back', async () => {
  const [first, second] = ['2026-11-24', '2026-11-25']
  const summaries = open()
  await addDay(tamansari, first, [3])
  await sayState(tamansari, 'connected', 2)
  clock.now = at(first, '19:00')
  await summaries.look()
  await sayState(tamansari, 'offline')
  await summaries.look()
  expect(mails()).toEqual([])
  await addDay(tamansari, second, [3])
  await sayState(tamansari, 'connected')
  clock.now = at(second, '19:00')
  await summaries.look()
  expect(mails().map(({ text }) => text.split('\n')[1])).toEqual(['Selasa, 24 November 2026', 'Rabu, 25 November 2026'])
  await summaries.stop()
})

test('another hub’s districts are not its own, and a mailbox that refuses is told and tried again', async () => {
  const day = '2026-11-26'
  await addDay(tamansari, day, [3])
  clock.now = at(day, '19:00')
  const other = open({ districts: ['351015'] })
  await other.look()
  await other.stop()
  const refusing = await startFakeSmtp({ refuses: true })
  const summaries = open({ port: refusing.port })
  for (let time = 0; time < 3; time++) {
    expect(summaries.failing()).toEqual([])
    await summaries.look()
  }
  expect(summaries.failing()).toEqual([tamansari])
  await summaries.stop()
  await refusing.stop()
  const again = open()
  await again.look()
  expect(mails()).toHaveLength(1)
  await again.stop()
})

test('A6: a village whose day cannot be said keeps no other one’s from going out', async () => {
  const day = '2026-11-27'
  for (const village of [away, tamansari]) {
    await sayState(village, 'connected')
    await addDay(village, day, [3])
  }
  const catalogues = openCatalogues()
  const speak: Catalogues['speak'] = (language) => {
    const say = catalogues.speak(language)
    const failing: typeof say = Object.assign((...asked: Parameters<typeof say>) => {
      if (JSON.stringify(asked).includes('Sarongan')) throw new TypeError('poison')
      return say(...asked)
    }, say)
    return failing
  }
  clock.now = at(day, '19:00')
  const summaries = open({ catalogues: { ...catalogues, speak } })
  for (let time = 0; time < 3; time++) await summaries.look()
  expect(mails().map(({ to }) => to)).toEqual([[email]])
  expect(summaries.failing()).toEqual([away])
  await summaries.stop()
  const mended = open()
  await mended.look()
  expect(mails().map(({ to }) => to)).toEqual([['kantor@sarongan.example.id']])
  await mended.stop()
})
