import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TechnicianView } from '../appliance/health/views.ts'
import type { UpdatesView } from '../appliance/updates/views.ts'
import {
  dropOnBoot,
  growCard,
  hostAddress,
  type Machine,
  makeStick,
  readSlots as readPiSlots,
  type Started,
} from './emulated-pi.ts'
import { officePin, openCaller, setUpByHttp } from './office-by-http.ts'
import { startHubWith } from './programs.ts'
import { freePort } from './servers.ts'
import { openTestRegency } from './test-regency.ts'

/*
 * An office whose box is a card in an emulated machine, beside a regency on this one: Mosquitto, PostgreSQL and a hub. The
 * card holds the office's enrolment file; a stick holds the bundles that it is given.
 */

const patienceMs = 900_000

type Options = {
  /** As `npm run image` made it; the office works on a copy. */
  card: string
  folder: string
  bundles?: readonly string[]
  startMachine: (machine: Machine) => Started
  /** The state of the slots, where such a machine keeps it. */
  readSlots?: (card: string) => string
}

export type EmulatedOffice = Awaited<ReturnType<typeof openEmulatedOffice>>

export async function openEmulatedOffice({ card, folder, bundles, startMachine, readSlots = readPiSlots }: Options) {
  const inside = join(folder, 'card.img')
  const stick = join(folder, 'stick.vfat')
  const regency = await openTestRegency({ offices: 1, reachedAt: hostAddress })
  const hub = await startHubWith(regency.hubConfig, `https://127.0.0.1:${regency.ports.hub_port}`).catch(
    async (error: unknown) => {
      await regency.close()
      throw error
    },
  )
  // Without its holes: most of a card is empty.
  execFileSync('cp', ['--reflink=auto', '--sparse=always', card, inside])
  growCard(inside)
  const { village, path } = await regency.bringFile(0)
  dropOnBoot(inside, path)
  if (bundles) makeStick(stick, bundles)
  const ports = { httpPort: await freePort(), httpsPort: await freePort() }
  const url = `http://127.0.0.1:${ports.httpPort}`
  // A PIN is typed by HTTPS only. Whom the box's certificate names is another test's (enrolment.broker.test.ts).
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  let box: Started | null = null
  let office: Awaited<ReturnType<typeof setUpByHttp>> | null = null
  const kiosk = openCaller(url)

  const start = async (more: Partial<Machine> = {}) => {
    // One that was left running.
    await box?.cutPower()
    box = startMachine({ card: inside, folder, ...ports, ...more })
    return box
  }

  type Maybe<T> = T | null | undefined | false
  async function until<T>(what: string, read: () => Promise<Maybe<T>> | Maybe<T>): Promise<T> {
    const giveUpAt = performance.now() + patienceMs
    while (performance.now() < giveUpAt && !box?.hasEnded()) {
      const found = await Promise.resolve()
        .then(read)
        .catch(() => null)
      if (found) return found
      await sleep(500)
    }
    throw new Error(`Still not: ${what}. The box said:\n${box?.said().slice(-3_000)}`)
  }

  /** Whoever has been away for some minutes types the PIN again. */
  const findTechnician = async () => {
    if (!office) throw new Error('The office was not set up.')
    await office.technician.send('POST', '/api/session/unlock', { pin: officePin })
    return office.technician
  }
  const asTechnician = async (method: 'GET' | 'POST', path: string, body?: object) =>
    (await findTechnician()).call(method, path, body)

  const technicianView = async () => (await (await findTechnician()).view('/live/technician')) as TechnicianView

  /** A kiosk gives twenty numbers in a row and not more. */
  const addKiosk = async (caller = openCaller(url)) => {
    const asked = await caller.send('POST', '/api/device', { kind: 'kiosk' })
    await asTechnician('POST', '/api/devices/approve', { code: asked.body.code, name: 'Kios' })
    return caller
  }

  return {
    /** The card in the machine, and the stick that a start may be given. */
    card: inside,
    stick,
    village,
    regency,
    url,
    start,
    until,
    asTechnician,
    addKiosk,
    cutPower: async () => box?.cutPower(),
    /** The one that set-up has made. */
    service: () => office?.service ?? '',
    /** The forwarding takes a call before anybody inside listens. */
    answers: () =>
      until('its pages', async () => {
        const signal = AbortSignal.timeout(2_000)
        return (await fetch(`${url}/api/session`, { signal })).status === 200
      }),
    /** By the set-up code that stands on its screen. */
    async setUp() {
      const code = await until('the set-up code', () => / Set-up code: (\d{5} \d{5})/.exec(box?.said() ?? '')?.[1])
      office = await setUpByHttp(`https://127.0.0.1:${ports.httpsPort}`, code)
      await addKiosk(kiosk)
      return office
    },
    takeNumber: async () => String((await kiosk.call('POST', '/api/tickets', { service: office?.service })).number),
    updates: async (method: 'GET' | 'POST', body?: object) =>
      (await asTechnician(method, '/api/updates', body)) as UpdatesView,
    technicianView,
    /** Kiosks and displays, and whether they are open. */
    screens: async () => (await technicianView()).devices,
    /** What answers is started nine times from now on without another look. */
    isConfirmed: (slot: 'A' | 'B') => until(`slot ${slot}`, () => readSlots(inside).includes(`BOOT_${slot}_LEFT=9`)),
    async close(): Promise<void> {
      await box?.cutPower()
      await hub.stop()
      await regency.close()
    },
  }
}
