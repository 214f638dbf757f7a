import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../appliance/base/ids.ts'
import { readPages } from '../../appliance/pages/pages.ts'
import { buildProgram } from '../../testing/build-once.ts'
import { openKiosk, startBox } from '../../testing/programs.ts'
import { weighPage } from '../../testing/weigh-pages.ts'
import { post } from '../load.ts'
import { prepareOffice } from '../offices.ts'
import type { Bench } from '../run.ts'
import { asItsServiceDoes } from '../service-environment.ts'
import { median, printTable, round } from '../statistics.ts'

const root = join(import.meta.dirname, '..', '..')
const village = '3510242008'
const starts = 5
const tickets = 10_000
/** A service has 999 numbers a day. */
const prefixes = 'ABCDEFGHIJKL'
const mebibyte = 1024 * 1024

/**
 * What a box costs: the time from start to first page, its resident memory, and what a page weighs on the wire. It is the
 * built program, with the environment that its service gives it.
 */
export const bench: Bench = {
  name: 'footprint',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-footprint-'))
    try {
      buildProgram(root)
      // As dpkg puts it there: how much of a file counts as resident also depends on how it was written.
      copyFileSync(join(root, 'dist', 'balai-linux-x64'), programIn(folder))
      const services = await prepareOffice(folder, village, prefixes)
      const startTimes: number[] = []
      for (let i = 1; i < starts; i++) {
        const { box, ms } = await timeStart(folder)
        startTimes.push(ms)
        await box.pause()
      }
      const { box, ms } = await timeStart(folder)
      startTimes.push(ms)
      const idle = await settled(box.pid())
      const { cookie } = await openKiosk(box.url)
      const bodies = Array.from({ length: tickets }, (_, index) =>
        JSON.stringify({ service: services[index % services.length], key: newId() }),
      )
      const { seconds } = await post(`${box.url}/api/tickets`, { 'x-balai': '1', cookie }, bodies, 8)
      const busy = memoryOf(box.pid())
      const after = await settled(box.pid())
      await box.pause()
      const full = await timeStart(folder)
      await full.box.pause()
      const pagesKiB = Object.fromEntries(
        Object.keys(await readPages()).map((name) => [name, round(weighPage(name, join(root, 'dist', 'pages')), 1)]),
      )

      printTable([
        ['', 'ms', 'MiB', 'of its own'],
        [`start to first page, median of ${starts}`, round(median(startTimes), 0), idle.rss, idle.own],
        [`after ${tickets} tickets in ${round(seconds, 1)} s, at once`, '', busy.rss, busy.own],
        ['ten seconds later', '', after.rss, after.own],
        [`start to first page with these tickets`, round(full.ms, 0), '', ''],
      ])
      printTable([['page', 'KiB gzip'], ...Object.entries(pagesKiB)])
      return {
        startMs: round(median(startTimes), 0),
        rssMiB: Math.max(busy.rss, after.rss),
        ownMiB: Math.max(busy.own, after.own),
        idleRssMiB: idle.rss,
        pagesKiB,
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** From the start of the process until the kiosk page is here. */
async function timeStart(folder: string) {
  const began = performance.now()
  const box = await startBox({ folder, village, program: programIn(folder), under: asItsServiceDoes() })
  const page = await fetch(`${box.url}/kiosk`)
  await page.text()
  if (page.status !== 200) throw new Error(`/kiosk answered ${page.status}. Build the pages first: npx vite build`)
  return { box, ms: performance.now() - began }
}

const programIn = (folder: string): string => join(folder, 'balai')

async function settled(pid: number | undefined) {
  await sleep(10_000)
  return memoryOf(pid)
}

/** Resident memory, and what of it is not the program's own file, which others share and the system may drop. */
function memoryOf(pid: number | undefined) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (what: string) =>
    round((Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024) / mebibyte, 1)
  return { rss: read('VmRSS'), own: read('RssAnon') }
}
