import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { readOwn } from '../../appliance/backup/recovery.ts'
import { openIdentity } from '../../appliance/base/broker/identity.ts'
import { systemClock } from '../../appliance/base/clock.ts'
import { readHardware } from '../../appliance/health/readings.ts'
import { buildBatch } from '../../appliance/relay/batch.ts'
import { limits } from '../../appliance/wire/messages.ts'
import { hubPublicKey, hubSeed } from '../../testing/hub-and-boxes.ts'
import { startBox, startHub } from '../../testing/programs.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'
import { openTestBox, type TestBox } from '../../testing/test-box.ts'
import { noteVisitor, visitorsRoom } from '../../testing/visitors-room.ts'
import { countHubEntries, fillJournal, prepareOffice, readBoxPlaces } from '../offices.ts'
import type { Bench } from '../run.ts'
import { median, printTable, round } from '../statistics.ts'

const village = '3510242008'
const entries = 100_000
const privateParts = 30_000

/** What sealing costs an entry, in time and on the wire, and how long a village's past takes to come back opened. */
export const bench: Bench = {
  name: 'sealing',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-sealing-'))
    const boxFolder = join(folder, 'box')
    await prepareOffice(boxFolder, village)
    // These first: the voice of a box looks at all calls of its day, and the filled day has thousands.
    const { sealMs, sealedBytes, clearBytes } = await writePrivate(boxFolder)
    await fillJournal(boxFolder, village, entries - privateParts)
    const [broker, postgres] = await Promise.all([
      startMosquitto({ config: 'max_queued_messages 0\nmax_inflight_messages 0' }),
      startPostgres(),
    ])
    mkdirSync(join(folder, 'hub', 'data'), { recursive: true })
    writeFileSync(join(folder, 'hub', 'data', 'hub-key.pem'), hubSeed, { mode: 0o600 })
    const hub = await startHub({
      folder: join(folder, 'hub'),
      brokerUrl: broker.url,
      postgresUrl: postgres.url,
      villages: [village],
    })
    try {
      const total = readBoxPlaces(boxFolder).length
      const box = await startBox({ folder: boxFolder, village, brokerUrl: broker.url })
      while ((await countHubEntries(postgres.url, village)) < total)
        await new Promise((resolve) => setTimeout(resolve, 500))
      const key = readOwn(boxFolder)?.key ?? ''
      await box.stop()
      await forgetBox(postgres.url)
      const { seconds, said } = await restore(join(folder, 'new'), broker.url, key)
      await hub.stop()
      printTable([
        ['', ''],
        ['sealing and writing an entry, ms, median', round(sealMs)],
        ['on the wire, bytes an entry, sealed', round(sealedBytes)],
        ['the same parts in clear', round(clearBytes)],
        [`${total} entries, ${privateParts} with a private part, back and opened, s`, round(seconds)],
      ])
      console.log(`  ${said}`)
      return {
        sealMs: round(sealMs),
        bytesPerEntry: round(sealedBytes),
        clearBytesPerEntry: round(clearBytes),
        restoreSeconds: round(seconds),
      }
    } finally {
      await broker.stop()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

const names = ['Siti Aminah', 'Budi Santoso', 'Sri Wahyuni', 'Ahmad Fauzi', 'Dewi Lestari', 'Slamet Riyadi']
const personOf = (i: number) => ({
  name: `${names[i % names.length]} ${i}`,
  nik: `351012${String(4_000_000_000 + i * 7_919).slice(-10)}`,
})

async function writePrivate(folder: string) {
  const hardware = readHardware()
  const box = await openTestBox({ folder, village, system: systemClock, hardware, moreRooms: [visitorsRoom] })
  box.store.db.pragma('synchronous = OFF')
  const took: number[] = []
  for (let i = 0; i < privateParts; i++) {
    const began = performance.now()
    await noteVisitor(box, personOf(i))
    took.push(performance.now() - began)
  }
  const sizes = measureWire(box)
  await box.close()
  return { sealMs: median(took), ...sizes }
}

/** A full batch of them, and what the same entries would take with the parts in clear. */
function measureWire({ journal, folder }: TestBox) {
  const { epoch, seq } = journal.head()
  const rows = journal.readBehind(epoch, seq - 100, 100)
  const identity = openIdentity(folder, readHardware())
  const envelope = { village, session: 'A'.repeat(16), n: 1, epoch }
  const bytes = (list: typeof rows) => buildBatch(envelope, list, limits.batchWireBytes, identity).payload.length
  const clear = rows.map((row) => ({
    ...row,
    sealed: null,
    p: null,
    data: JSON.stringify({ ...JSON.parse(row.data), ...JSON.parse(row.private ?? '{}') }),
  }))
  return { sealedBytes: bytes(rows) / rows.length, clearBytes: bytes(clear) / rows.length }
}

/** As the fleet tool does it: the next box that says hello is the village's. */
async function forgetBox(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('UPDATE stream SET owner = NULL')
  await client.query('DELETE FROM signing_key')
  await client.end()
}

/** `balai restore --from-regency` on a new folder, typed as a person would. */
async function restore(folder: string, brokerUrl: string, key: string) {
  mkdirSync(folder, { recursive: true })
  const config = join(folder, 'balai.toml')
  writeFileSync(
    config,
    `village = "${village}"\nname = "Desa Uji"\ndistrict = "Uji"\nzone = "WIB"\ndata = "${join(folder, 'data')}"\n` +
      `hub_key = "${hubPublicKey}"\nlog = "warn"\n[mqtt]\nurl = "${brokerUrl}"\n`,
  )
  const program = join(import.meta.dirname, '..', '..', 'appliance', 'balai.js')
  const began = performance.now()
  const child = spawn(process.execPath, [program, 'restore', '--from-regency', '--config', config])
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  child.stderr.pipe(process.stderr)
  child.stdin.end(`${key}\n`)
  await once(child, 'close')
  if (child.exitCode !== 0) throw new Error(`restore ended with ${child.exitCode}: ${said}`)
  return { seconds: (performance.now() - began) / 1_000, said: said.trim().split('\n').at(-1) ?? '' }
}
