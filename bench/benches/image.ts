import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildProgram } from '../../testing/build-once.ts'
import { loseWrites, takeManyNumbers } from '../../testing/card-cuts.ts'
import { addProbe, type Counted, readProbe } from '../../testing/card-probe.ts'
import { type EmulatedOffice, openEmulatedOffice } from '../../testing/emulated-office.ts'
import { cutOut, missingForImages, partitionOf, type Started, startEmulatedPi } from '../../testing/emulated-pi.ts'
import { type Caller, officePin } from '../../testing/office-by-http.ts'
import type { Bench } from '../run.ts'
import { printTable, round } from '../statistics.ts'

const root = join(import.meta.dirname, '..', '..')
/** An office day: who comes, and how long its pages are open. */
const day = { visitors: 300, hours: 9 }
const visitors = 40
/** A kiosk gives twenty numbers in a row and not more. */
const perKiosk = 18
const quietMs = 300_000
/** What the kernel still holds back is on the card after this. */
const writtenBackMs = 45_000
const cuts = 100
const mega = 1_000_000

/**
 * The card for a Raspberry Pi, built and started in an emulated machine: how long it takes to build, its size, the time to
 * its first page, and by the kernel's counters what it writes to the card in an office day (five minutes with four pages
 * open and forty visitors, each scaled up; what the night does besides is not in it), memory with 512 MB, and a hundred
 * power cuts that lose half of what was not flushed. No figure of it is one of a Pi.
 */
export const bench: Bench = {
  name: 'image',
  async run() {
    const missing = missingForImages()
    if (missing.length > 0) throw new Error(`This machine lacks ${missing.join(', ')}.`)
    const folder = mkdtempSync('/var/tmp/balai-bench-image-')
    const inMemory = mkdtempSync('/dev/shm/balai-bench-image-')
    let office: EmulatedOffice | null = null
    try {
      const built = build(folder)
      office = await openEmulatedOffice({ card: built.card, folder, startMachine: startEmulatedPi })
      addProbe(office.card, 2)
      const { bootS, written } = await playDay(office)
      const small = await measureSmall(office)
      const cut = await cutPower(office, { folder, inMemory })
      const bytesPerDay = sum(Object.values(written))
      printTable([
        ['who writes', 'MB a day'],
        ...Object.entries(written)
          .sort(([, one], [, other]) => other - one)
          .map(([name, bytes]): [string, string] => [name, `${round(bytes / mega, 2)}`]),
      ])
      return {
        ...{ buildS: built.seconds, imageMb: built.imageMb, bundleMb: built.bundleMb, bootS },
        ...{ ...small, bytesPerDayMb: round(bytesPerDay / mega, 1), powerCuts: cut.cuts, lost: cut.lost },
      }
    } finally {
      await office?.close()
      for (const one of [folder, inMemory]) rmSync(one, { recursive: true, force: true })
    }
  },
}

function build(folder: string) {
  const version = buildProgram(root)
  const out = join(folder, 'out')
  const began = performance.now()
  execFileSync('bash', [join(root, 'images', 'build.sh'), '--target', 'pi', '--out', out], { stdio: 'inherit' })
  const seconds = Math.round((performance.now() - began) / 1_000)
  const sizeOf = (end: string) => {
    const name = readdirSync(out).find((one) => one.endsWith(end)) ?? end
    return round(statSync(join(out, name)).size / mega, 1)
  }
  const card = join(out, `balai-pi-${version}.img`)
  execFileSync('zstd', ['-q', '-d', `${card}.zst`])
  return { card, seconds, imageMb: sizeOf('.img.zst'), bundleMb: sizeOf('.raucb') }
}

/** Starts it for the first time, and counts what is written: while nobody comes, and by who comes. By process, of a day. */
async function playDay(office: EmulatedOffice) {
  const began = performance.now()
  const started = await office.start()
  await office.answers()
  const bootS = Math.round((performance.now() - began) / 1_000)
  const people = await office.setUp()
  await office.takeNumber()
  await office.isConfirmed('A')
  const pages = new AbortController()
  await people.clerk.call('POST', '/api/desk/sit', { counter: people.counter })
  const kiosks: Caller[] = [await office.addKiosk(), await office.addKiosk(), await office.addKiosk()]
  const opened: readonly (readonly [Caller, string])[] = [
    [people.clerk, `/live/desk?counter=${people.counter}`],
    [kiosks[0] as Caller, '/live/kiosk'],
    [kiosks[1] as Caller, '/live/display'],
    [kiosks[2] as Caller, '/live/line'],
  ]
  for (const [caller, path] of opened) void keepOpen(caller, path, pages.signal)
  await sleep(writtenBackMs)

  const first = await counted(office, started)
  await sleep(quietMs)
  const quiet = await counted(office, started)
  // Nobody has pressed anything for some minutes.
  await people.clerk.send('POST', '/api/session/unlock', { pin: officePin })
  for (let visitor = 0; visitor < visitors; visitor++) {
    const kiosk = kiosks[Math.floor(visitor / perKiosk)] as Caller
    await kiosk.call('POST', '/api/tickets', { service: people.service })
    const { ticket } = await people.clerk.call('POST', '/api/desk/next', { counter: people.counter })
    await people.clerk.call('POST', '/api/desk/start', { ticket })
    await people.clerk.call('POST', '/api/desk/complete', { ticket, result: 'done' })
  }
  await sleep(writtenBackMs)
  const served = await counted(office, started)
  pages.abort()

  // What comes of itself goes on while people come.
  const perSecond = between(first, quiet, (bytes) => bytes / (quiet.upS - first.upS))
  const passed = served.upS - quiet.upS
  const each = between(quiet, served, (bytes, name) => (bytes - (perSecond[name] ?? 0) * passed) / visitors)
  const names = new Set([...Object.keys(perSecond), ...Object.keys(each)])
  const written = Object.fromEntries(
    [...names].map((name) => [
      name,
      (perSecond[name] ?? 0) * day.hours * 3_600 + Math.max(0, each[name] ?? 0) * day.visitors,
    ]),
  )
  return { bootS, written }
}

/** By process what is more; what the kernel writes besides (its journal) is the rest of what came to the card. */
function between(before: Counted, after: Counted, of: (bytes: number, name: string) => number): Record<string, number> {
  const names = Object.keys(after.written)
  const more = new Map(names.map((name) => [name, (after.written[name] ?? 0) - (before.written[name] ?? 0)]))
  const rest = after.diskBytes - before.diskBytes - sum([...more.values()])
  return Object.fromEntries([...more, ['file system', rest] as const].map(([name, bytes]) => [name, of(bytes, name)]))
}

/** What its kernel counts from now on: the next word of the probe. */
async function counted(office: EmulatedOffice, { said }: Started): Promise<Counted> {
  const before = readProbe(said())?.upS ?? 0
  return office.until('what its kernel counts', () => {
    const now = readProbe(said())
    return now && now.upS > before && now
  })
}

/** A page that follows the box. */
async function keepOpen({ url, cookie }: Caller, path: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url + path, { headers: { cookie: cookie() }, signal })
  if (!response.ok || !response.body) throw new Error(`${path}: ${response.status}`)
  try {
    for await (const _chunk of response.body) {
      // Only followed.
    }
  } catch {
    // It was closed.
  }
}

/** With 512 MB, three minutes after its start. */
async function measureSmall(office: EmulatedOffice) {
  await office.cutPower()
  const { said } = await office.start({ memoryMiB: 512 })
  await office.answers()
  const settled = await office.until('three minutes', () => {
    const now = readProbe(said())
    return now && now.upS > 180 && now
  })
  await office.cutPower()
  return { rssMiB: Math.round(settled.boxRssMiB), freeMiB512: Math.round(settled.availableMiB) }
}

async function cutPower(office: EmulatedOffice, { folder, inMemory }: { folder: string; inMemory: string }) {
  const [writeLog, dataBefore] = [join(folder, 'writes.log'), join(inMemory, 'data.ext4')]
  cutOut(office.card, partitionOf(office.card, 4), dataBefore)
  await office.start({ writeLog })
  await office.answers()
  const confirmed = await takeManyNumbers(office, writeLog, 8)
  await office.cutPower()
  return loseWrites({ card: office.card, folder: inMemory, writeLog, dataBefore, confirmed, count: cuts })
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
