import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '../../appliance/base/ids.ts'
import { openKiosk, startBox } from '../../testing/programs.ts'
import { freePort, startServer } from '../../testing/servers.ts'
import { post } from '../load.ts'
import { prepareOffice } from '../offices.ts'
import type { Bench } from '../run.ts'
import { median, printTable, quantile, round } from '../statistics.ts'

const rounds = 5
const perRound = 1_200
const connections = 16

/** Durable ticket-taking over HTTP against a bare Fastify route with one durable SQLite insert, in turn, the same load. */
export const bench: Bench = {
  name: 'ticket',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-ticket-'))
    const services = await prepareOffice(join(folder, 'box'), '3510242008')
    const box = await startBox({ folder: join(folder, 'box'), village: '3510242008' })
    const barePort = await freePort()
    const bareUrl = `http://127.0.0.1:${barePort}`
    const bare = await startServer({
      command: process.execPath,
      args: [join(import.meta.dirname, '..', 'bare-route.ts'), String(barePort), join(folder, 'bare.db')],
      folder,
      user: {},
      stopSignal: 'SIGTERM',
      isReady: async () => (await fetch(`${bareUrl}/metrics`)).text(),
    })
    const { cookie } = await openKiosk(box.url)
    const headers = { 'x-balai': '1', cookie }
    const bodies = (round: number) =>
      Array.from({ length: perRound }, () =>
        JSON.stringify({ service: services[round % services.length], key: newId() }),
      )

    const samples: number[] = []
    const ratios: number[] = []
    const rates: { ours: number[]; bare: number[] } = { ours: [], bare: [] }
    try {
      await post(`${bareUrl}/api/tickets`, headers, bodies(0).slice(0, 300), connections)
      await post(`${box.url}/api/tickets`, headers, bodies(0).slice(0, 300), connections)
      for (let turn = 0; turn < rounds; turn++) {
        const bareRun = await post(`${bareUrl}/api/tickets`, headers, bodies(turn).slice(0, 650), connections)
        const ours = await post(`${box.url}/api/tickets`, headers, bodies(turn + 1).slice(0, 650), connections)
        samples.push(...ours.samplesMs)
        rates.bare.push(bareRun.samplesMs.length / bareRun.seconds)
        rates.ours.push(ours.samplesMs.length / ours.seconds)
        ratios.push(ours.samplesMs.length / ours.seconds / (bareRun.samplesMs.length / bareRun.seconds))
      }
    } finally {
      await box.stop()
      await bare.stop()
      rmSync(folder, { recursive: true, force: true })
    }
    printTable([
      ['', 'per second', 'p50 ms', 'p99 ms'],
      ['bare Fastify, one durable insert', Math.round(median(rates.bare)), '', ''],
      [
        'a ticket: entry, hash, projection',
        Math.round(median(rates.ours)),
        round(median(samples)),
        round(quantile(samples, 0.99)),
      ],
      ['ratio, median of rounds', round(median(ratios)), '', ''],
    ])
    return {
      ratio: round(median(ratios)),
      perSecond: Math.round(median(rates.ours)),
      p50Ms: round(median(samples)),
      p99Ms: round(quantile(samples, 0.99)),
    }
  },
}
