import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { earlyMs } from '../../appliance/automation/host-care.ts'
import { systemClock } from '../../appliance/base/clock.ts'
import { readHardware } from '../../appliance/health/readings.ts'
import { buildProgram } from '../../testing/build-once.ts'
import { openDebianRoot } from '../../testing/debian-root.ts'
import { eventually, openCaller } from '../../testing/office-by-http.ts'
import { openKiosk, startBoxWith } from '../../testing/programs.ts'
import { freePort, makeFolder } from '../../testing/servers.ts'
import { furnish, openTestBox, testPin, testVillage } from '../../testing/test-box.ts'
import type { Bench } from '../run.ts'
import { printTable, quantile, round } from '../statistics.ts'

const root = join(import.meta.dirname, '..', '..')
const line = { count: 800, perSecond: 20 }
/** A little longer than the kills take. */
const longLine = { count: 10_000, perSecond: 27 }
const kills = 5
const patienceMs = 5 * 60_000

/**
 * What flows cost the queue: how long a ticket takes without them and beside flows that loop, leak and fall over, what the
 * second process weighs beside the box, and whether a flow that goes by keys misses any of 10,000 entries, or takes one for
 * two, while its process is killed five times, each time after it has run for a minute.
 */
export const bench: Bench = {
  name: 'flows',
  async run() {
    const quiet = await withBox('', (office) => takeTickets(office, line))
    const hostile = await withBox('[flows]\nenabled = true\n', async (office) => {
      const harm = startHarm(office)
      const samples = await takeTickets(office, line)
      await harm.stop()
      return samples
    })
    const seen = await withBox('[flows]\nenabled = true\nnodes = ["http-request"]\n', countEntries)
    const { rssMiB, startMs } = await weigh()
    const [ticketP99Ms, ticketP99MsHostile] = [quantile(quiet, 0.99), quantile(hostile, 0.99)]
    printTable([
      ['', 'p50 ms', 'p99 ms'],
      [`${line.perSecond} tickets a second, no flows`, round(quantile(quiet, 0.5)), round(ticketP99Ms)],
      ['beside flows that loop, leak and fall over', round(quantile(hostile, 0.5)), round(ticketP99MsHostile)],
    ])
    printTable([
      [`${longLine.count} entries, process killed ${kills} times`, ''],
      ['missed', seen.missed],
      ['taken for two: under a second key', seen.doubled],
      ['handed out again after a kill, with the same key', seen.repeated],
    ])
    return {
      ...{ ticketP99Ms: round(ticketP99Ms), ticketP99MsHostile: round(ticketP99MsHostile) },
      ...{ ratio: round(ticketP99MsHostile / ticketP99Ms), rssMiB, startMs },
      ...{ missed: seen.missed, doubled: seen.doubled, repeated: seen.repeated },
    }
  },
}

type Office = { url: string; services: string[]; editor: Awaited<ReturnType<typeof openEditor>> }

/** A box as a process of its own, with a technician at its editor. `more` goes into its balai.toml. */
async function withBox<T>(more: string, work: (office: Office) => Promise<T>): Promise<T> {
  const folder = makeFolder('balai-bench-flows-', {})
  const data = join(folder, 'data')
  const made = await prepare(data)
  const port = await freePort()
  const config = join(folder, 'balai.toml')
  writeFileSync(
    config,
    `village = "${testVillage}"\nname = "Desa Uji"\ndistrict = "Licin"\nzone = "WIB"\ndata = "${data}"\nlog = "error"\n` +
      `[lan]\nhost = "127.0.0.1"\nhttp_port = ${port}\nhttps_port = ${await freePort()}\n${more || '[flows]\nenabled = false\n'}`,
  )
  const url = `http://127.0.0.1:${port}`
  const box = await startBoxWith(config, url, '/metrics')
  try {
    const editor = await openEditor(url, made.technician)
    if (more) await editor.running()
    return await work({ url, services: made.services, editor })
  } finally {
    await box.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function prepare(data: string) {
  // On this machine's hardware: on other one the program that is started next would hold its numbers.
  const box = await openTestBox({ folder: data, village: testVillage, system: systemClock, hardware: readHardware() })
  const { technician } = await furnish(box)
  // A service has 999 numbers a day.
  for (const prefix of 'CDEFGHIJKLM')
    box.office.addService({
      prefix,
      name: `Layanan ${prefix}`,
      requires: [],
      minutes: 10,
      actor: technician,
      key: null,
    })
  const services = box.office.services().map(({ service }) => service)
  await box.close()
  return { technician, services }
}

async function openEditor(url: string, account: string) {
  const caller = openCaller(url)
  const { status } = await caller.send('POST', '/api/session', { account, pin: testPin })
  if (status !== 200) throw new Error(`The technician is not let in: ${status}`)
  await caller.call('POST', '/api/flows/unlock', {})
  const state = async () => ((await caller.call('GET', '/api/live/flows')) as { state: string }).state
  return {
    ...caller,
    state,
    async running(): Promise<void> {
      // Whoever is quiet for some minutes is locked out.
      await caller.call('POST', '/api/session/active', {})
      await eventually('the flows', async () => (await state()) === 'running')
    },
    async deploy(nodes: object[]): Promise<number> {
      const answer = await fetch(`${url}/flows/flows`, {
        method: 'POST',
        headers: {
          cookie: caller.cookie(),
          origin: url,
          'content-type': 'application/json',
          'node-red-api-version': 'v1',
        },
        body: JSON.stringify(nodes),
      }).catch(() => null)
      return answer?.status ?? 0
    },
  }
}

const serviceFor = (services: readonly string[], n: number): string => services[n % services.length] ?? ''

/** Tickets at an even pace: a line of people, not a burst. How long each took, ms. */
async function takeTickets({ url, services }: Office, { count, perSecond }: typeof line): Promise<number[]> {
  const kiosk = await openKiosk(url)
  const samples: number[] = []
  const pending: Promise<void>[] = []
  const began = performance.now()
  for (let n = 0; n < count; n++) {
    await sleep(Math.max(0, began + (n * 1_000) / perSecond - performance.now()))
    const at = performance.now()
    const taken = kiosk.take(serviceFor(services, n))
    pending.push(taken.then(() => void samples.push(performance.now() - at)))
  }
  await Promise.all(pending)
  return samples
}

/** Four flows: two that go round in threads, one that keeps buffers, one that falls over; deployed again and again. */
const harmful = (() => {
  const onStart = (id: string, func: string) => [
    {
      id: `${id}-i`,
      type: 'inject',
      z: 'harm',
      once: true,
      onceDelay: 0.1,
      repeat: '',
      props: [],
      wires: [[`${id}-f`]],
    },
    { id: `${id}-f`, type: 'function', z: 'harm', name: id, func, outputs: 0, wires: [] },
  ]
  const breakOut = `const process = node.log.constructor('return process')()
    const { Worker } = process.getBuiltinModule('node:worker_threads')`
  return [
    { id: 'harm', type: 'tab', label: 'Celaka' },
    ...onStart('loop-1', `${breakOut}; for (let i = 0; i < 2; i++) new Worker('for (;;) {}', { eval: true })`),
    ...onStart('loop-2', `setTimeout(() => { for (;;) {} }, 2000)`),
    ...onStart('leak', `const kept = []; setInterval(() => kept.push(Buffer.alloc(1e6, 1)), 40)`),
    ...onStart(
      'fall',
      `setTimeout(() => {}, 1); new Promise((_, no) => setTimeout(() => no(new Error('jatuh')), 6000))`,
    ),
  ]
})()

function startHarm({ editor }: Office) {
  const stopping = new AbortController()
  const work = (async () => {
    while (!stopping.signal.aborted) {
      await editor.deploy(harmful)
      await sleep(2_000, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await work
    },
  }
}

/** A flow that posts each ticket with the name of its entry, which is the key, to a server that acts once for a key. */
async function countEntries(office: Office) {
  const times = new Map<string, number>()
  const counting = createServer((request, response) => {
    const name = String(request.headers['x-entry'])
    times.set(name, (times.get(name) ?? 0) + 1)
    request.resume()
    response.end('{}')
  })
  await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve))
  const { port } = counting.address() as AddressInfo
  const at = { z: 'count' }
  await office.editor.deploy([
    { id: 'count', type: 'tab', label: 'Hitung' },
    { id: 'box', type: 'balai-box', name: 'Kotak ini', where: 'here', url: '' },
    { ...at, id: 'in', type: 'balai entries', box: 'box', types: 'queue.ticket-taken', wait: true, wires: [['one']] },
    {
      ...{ ...at, id: 'one', type: 'function', outputs: 1, wires: [['post']] },
      func: `msg.headers = { 'x-entry': msg.entry.name }; return msg`,
    },
    {
      ...{ ...at, id: 'post', type: 'http request', method: 'POST', url: `http://127.0.0.1:${port}/`, ret: 'txt' },
      wires: [['done']],
    },
    { ...at, id: 'done', type: 'balai done', wires: [] },
  ])
  await sleep(3_000)
  const { count } = longLine
  const taking = takeTickets(office, longLine)
  for (let kill = 0; kill < kills; kill++) {
    await office.editor.running()
    // Sooner it would count against what was deployed, and after three such ends the box leaves that out.
    await sleep(earlyMs + 10_000)
    for (const pid of hosts()) process.kill(pid, 'SIGKILL')
  }
  await taking
  const giveUpAt = performance.now() + patienceMs
  while (times.size < count && performance.now() < giveUpAt) await sleep(50)
  await sleep(2_000) // what would come once more
  counting.close()
  return {
    missed: Math.max(0, count - times.size),
    doubled: Math.max(0, times.size - count),
    repeated: [...times.values()].reduce((sum, n) => sum + n - 1, 0),
  }
}

/** The processes of flows; a bench has one at a time. */
function hosts(): number[] {
  return processes()
    .filter(({ words }) => words.includes('flows') && words.includes('--token-file'))
    .map(({ pid }) => pid)
}

function processes(): { pid: number; words: string[] }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')
        return words[0]?.endsWith('chrt') ? [] : [{ pid: Number(name), words }]
      } catch {
        return [] // it has ended
      }
    })
}

/** The installed package: the second process as a share of what both have (Pss), and from a kill until it runs again. */
async function weigh(): Promise<{ rssMiB: number; startMs: number }> {
  buildProgram(root)
  const inside = openDebianRoot()
  try {
    const installed = inside.run([join(root, 'dist', 'install.sh'), '--flows', 'yes'])
    if (installed.status !== 0) throw new Error(installed.stderr)
    const port = await freePort()
    const data = makeFolder('balai-bench-flows-', {})
    const made = await prepare(data)
    const text =
      `village = "${testVillage}"\\nname = "Desa Uji"\\ndistrict = "Licin"\\nzone = "WIB"\\ndata = "${data}"\\nlog = "error"\\n` +
      `[lan]\\nhost = "127.0.0.1"\\nhttp_port = ${port}\\nhttps_port = ${await freePort()}\\n[flows]\\nenabled = true\\n`
    inside.run(['sh', '-c', `printf '${text}' >/etc/balai/bench.toml`])
    const box = inside.start(['balai', 'serve', '--config', '/etc/balai/bench.toml'])
    const url = `http://127.0.0.1:${port}`
    await eventually('the box', async () => (await fetch(`${url}/metrics`)).ok)
    const editor = await openEditor(url, made.technician)
    await editor.running()
    await sleep(10_000)
    const [host = 0] = hosts()
    const rollup = readFileSync(`/proc/${host}/smaps_rollup`, 'utf8')
    const rssMiB = round(Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / 1024, 0)
    process.kill(host, 'SIGKILL')
    // The box waits a second before it starts it anew.
    await eventually('its end', async () => hosts().every((pid) => pid !== host))
    await eventually('its start', async () => hosts().length > 0)
    const began = performance.now()
    while ((await editor.state()) !== 'running') await sleep(20)
    const startMs = round(performance.now() - began, 0)
    box.kill('SIGTERM')
    rmSync(data, { recursive: true, force: true })
    return { rssMiB, startMs }
  } finally {
    inside.remove()
  }
}
