import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { version } from '../../appliance/base/version.ts'
import { freePort, startServer } from '../../testing/servers.ts'
import { prepareOffice } from '../offices.ts'
import type { Bench } from '../run.ts'
import { median, printTable, round } from '../statistics.ts'

const village = '3510242008'
const starts = 5
const root = join(import.meta.dirname, '..', '..')
const dist = join(root, 'dist')

/** The program as one file: how long it takes to build, how large it is, how fast it starts, what it keeps in memory. */
export const bench: Bench = {
  name: 'program',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-program-'))
    try {
      const began = performance.now()
      const build = join(root, 'provisioning', 'program', 'build.ts')
      execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', build], { stdio: 'ignore' })
      const buildS = (performance.now() - began) / 1_000
      await prepareOffice(folder, village)
      const startTimes: number[] = []
      let rssMiB = 0
      for (let i = 0; i < starts; i++) {
        const { box, ms } = await start(folder)
        startTimes.push(ms)
        if (i === starts - 1) {
          await sleep(10_000)
          rssMiB = readRssMiB(box.pid())
        }
        await box.pause()
      }
      const megabytes = (name: string) => round(statSync(join(dist, name)).size / 1e6, 0)
      const figures = {
        buildS: round(buildS, 0),
        x64Mb: megabytes('balai-linux-x64'),
        arm64Mb: megabytes('balai-linux-arm64'),
        debAmd64Mb: megabytes(`balai_${version}_amd64.deb`),
        debArm64Mb: megabytes(`balai_${version}_arm64.deb`),
        startMs: round(median(startTimes), 0),
        rssMiB: round(rssMiB, 0),
      }
      printTable([
        ['both programs, both packages, signatures: build, s', figures.buildS],
        ['program x64, MB', figures.x64Mb],
        ['program arm64, MB', figures.arm64Mb],
        ['package amd64, MB', figures.debAmd64Mb],
        ['package arm64, MB', figures.debArm64Mb],
        [`start to first page, median of ${starts}, ms`, figures.startMs],
        ['resident ten seconds later, MiB', figures.rssMiB],
      ])
      return figures
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function start(folder: string) {
  const port = await freePort()
  const config = join(folder, 'balai.toml')
  writeFileSync(
    config,
    `village = "${village}"\nname = "Desa Uji"\ndistrict = "Uji"\nzone = "WIB"\ndata = "${folder}"\nlog = "warn"\n` +
      `[lan]\nhost = "127.0.0.1"\nhttp_port = ${port}\nhttps_port = 0\n`,
  )
  const began = performance.now()
  const box = await startServer({
    command: join(dist, 'balai-linux-x64'),
    args: ['serve', '--config', config],
    folder,
    user: {},
    stopSignal: 'SIGTERM',
    isReady: async () => (await fetch(`http://127.0.0.1:${port}/kiosk`)).text(),
  })
  return { box, ms: performance.now() - began }
}

const readRssMiB = (pid: number | undefined): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
