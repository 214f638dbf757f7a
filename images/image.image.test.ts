import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../appliance/base/ids.ts'
import type { UpdatesView } from '../appliance/updates/views.ts'
import { query } from '../bench/offices.ts'
import { createRandom } from '../bench/simulate/random.ts'
import { buildProgram } from '../testing/build-once.ts'
import { openDebianRoot } from '../testing/debian-root.ts'
import {
  dropOnBoot,
  growCard,
  hostAddress,
  listBoot,
  makeStick,
  missingForImages,
  partitionOf,
  readSlots,
  startEmulatedPi,
  withSbin,
} from '../testing/emulated-pi.ts'
import { playPowerCuts, readWriteLog } from '../testing/lost-writes.ts'
import { officePin, openCaller, setUpByHttp } from '../testing/office-by-http.ts'
import { startHubWith } from '../testing/programs.ts'
import { freePort } from '../testing/servers.ts'
import { openTestRegency, type TestRegency } from '../testing/test-regency.ts'

/*
 * The card as `npm run image` makes it: started by U-Boot in an emulated machine, enrolled at a real hub by the file on its
 * boot partition, a number from kiosk to PostgreSQL. Emulation without hardware help: slow, and no figure of a Pi.
 */

const root = join(import.meta.dirname, '..')
const missing = missingForImages()
if (missing.length > 0) console.warn(`images: not tested here, this machine lacks ${missing.join(', ')}.`)
const patienceMs = 480_000

describe.skipIf(missing.length > 0)('the image for a Raspberry Pi', () => {
  const folder = mkdtempSync('/var/tmp/balai-image-test-')
  // An image that was built before: for whoever works on this test.
  const out = process.env.BALAI_IMAGE ?? join(folder, 'out')
  let version = ''
  let card = ''

  beforeAll(() => {
    if (process.env.BALAI_IMAGE) {
      version = /^balai-pi-(.*)\.img$/m.exec(readdirSync(out).join('\n'))?.[1] ?? ''
      card = join(out, `balai-pi-${version}.img`)
      return
    }
    version = buildProgram(root)
    const words = ['--target', 'pi', '--no-compress', '--out', out]
    execFileSync('bash', [join(root, 'images', 'build.sh'), ...words], { stdio: 'inherit' })
    card = join(out, `balai-pi-${version}.img`)
  }, 1_200_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('holds what its list names, with sums that are signed by the key of the packages', () => {
    execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: out })
    const words = ['-verify', '-pubin', '-inkey', join(root, 'dist', 'release.pub'), '-rawin']
    execFileSync('openssl', ['pkeyutl', ...words, '-in', 'SHA256SUMS', '-sigfile', 'SHA256SUMS.sig'], { cwd: out })
    const bill = JSON.parse(readFileSync(join(out, `balai-pi-${version}.cdx.json`), 'utf8')) as {
      components: { name: string; version: string; purl: string }[]
    }
    const program = bill.components.find(({ name }) => name === 'balai')
    expect(program).toMatchObject({ version, purl: expect.stringContaining('arch=arm64') })
    expect(bill.components.filter(({ purl }) => /arch=(amd64|i386)/.test(purl))).toEqual([])
    const listed = readFileSync(join(out, `balai-pi-${version}.packages`), 'utf8')
      .trim()
      .split('\n')
    expect(listed).toHaveLength(bill.components.length)
    expect(readdirSync(out)).toHaveLength(6)
  })

  test('comes with a bundle that its own boxes take, and boxes of another builder refuse', () => {
    const bundle = join(out, `balai-pi-${version}.raucb`)
    const asked = (keyring: string) => spawnSync('rauc', ['info', `--keyring=${keyring}`, bundle], { encoding: 'utf8' })
    const own = process.env.BALAI_UPDATE_CERT ?? join(root, 'data', 'update-cert.pem')
    expect(asked(own)).toMatchObject({ status: 0, stdout: expect.stringContaining(version) })
    expect(asked(own).stdout).toContain('balai-pi')
    const [key, foreign] = [join(folder, 'foreign.key'), join(folder, 'foreign.pem')]
    const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=foreign']
    execFileSync('openssl', ['req', '-x509', ...made, '-keyout', key, '-out', foreign], { stdio: 'ignore' })
    expect(asked(foreign).status).not.toBe(0)
    expect(asked(foreign).stderr).toMatch(/[Vv]erif/)
  })

  test('leaves behind what install.sh leaves on a machine: settings, units, users, modes', () => {
    const machine = openDebianRoot()
    try {
      const installed = machine.run([join(root, 'dist', 'install.sh'), '--flows', 'yes'])
      expect(installed).toMatchObject({ status: 0 })
      const inImage = (request: string) =>
        spawnSync('debugfs', ['-R', request, `${card}?offset=${partitionOf(card, 2).start}`], { encoding: 'utf8' })
          .stdout
      const written = [...installed.stdout.matchAll(/^balai: write (\/etc\/\S+)$/gm)].map(([, path = '']) => path)
      expect(written).toEqual(
        expect.arrayContaining(['/etc/balai/balai.toml', '/etc/systemd/system.conf.d/balai.conf']),
      )
      for (const path of written)
        expect([path, inImage(`cat ${path}`)]).toEqual([path, machine.run(['cat', path]).stdout])

      const links = machine.run(['sh', '-c', 'cd /etc/systemd/system && find . -name "*balai*" -type l | sort']).stdout
      for (const link of links.trim().split('\n'))
        expect(inImage(`stat /etc/systemd/system/${link}`)).toContain('Type: symlink')
      expect(links).toContain('./multi-user.target.wants/balai.service')

      const users = (text: string) =>
        [...text.matchAll(/^(balai[\w-]*):x:\d+:\d+:(.*)$/gm)].map(([, name, rest]) => `${name} ${rest}`).sort()
      expect(users(inImage('cat /etc/passwd'))).toEqual(users(machine.run(['cat', '/etc/passwd']).stdout))
      const owner = /^balai:x:(\d+)/m.exec(inImage('cat /etc/group'))?.[1]
      expect(inImage('stat /etc/balai')).toMatch(new RegExp(`Mode: +0750[\\s\\S]*User: +0 +Group: +${owner} `))
      // No password opens anything: none is set, and nothing asks for one.
      expect(inImage('cat /etc/shadow').match(/^[^:]+:(?![*!])/gm)).toBe(null)
    } finally {
      machine.remove()
    }
  }, 300_000)

  describe('written to a card of 4 GB', () => {
    const inside = join(folder, 'card.img')
    const writeLog = join(folder, 'writes.log')
    const dataBefore = join(folder, 'data.ext4')
    const stick = join(folder, 'stick.vfat')
    /** What kiosks were told, and how long the record of writes was then. */
    const confirmed: { key: string; logBytes: number }[] = []
    let regency: TestRegency
    let hub: Awaited<ReturnType<typeof startHubWith>>
    let village = ''
    let box: ReturnType<typeof startEmulatedPi> | null = null
    let ports: { httpPort: number; httpsPort: number }
    let kiosk: ReturnType<typeof openCaller>
    let technician: ReturnType<typeof openCaller>
    let service = ''

    beforeAll(async () => {
      regency = await openTestRegency({ offices: 1, reachedAt: hostAddress })
      hub = await startHubWith(regency.hubConfig, `https://127.0.0.1:${regency.ports.hub_port}`)
      cpSync(card, inside)
      growCard(inside)
      const file = await regency.bringFile(0)
      village = file.village
      dropOnBoot(inside, file.path)
      makeStick(stick, [join(out, `balai-pi-${version}.raucb`)])
      ports = { httpPort: await freePort(), httpsPort: await freePort() }
      // A PIN is typed by HTTPS only. Whom the box's certificate names is another test's (enrolment.broker.test.ts).
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
      kiosk = openCaller(`http://127.0.0.1:${ports.httpPort}`)
    }, 300_000)
    afterAll(async () => {
      await box?.cutPower()
      await hub?.stop()
      await regency?.close()
    })

    const start = async (more: { writeLog?: string; stick?: string } = {}) => {
      // One that an earlier test has left running.
      await box?.cutPower()
      box = startEmulatedPi({ card: inside, folder, ...ports, ...more })
      return box
    }
    const until = async <T>(
      what: string,
      read: () => Promise<T | null | undefined | false> | T | null | undefined | false,
    ) => {
      const giveUpAt = performance.now() + patienceMs
      while (performance.now() < giveUpAt && !box?.hasEnded()) {
        const found = await Promise.resolve(read()).catch(() => null)
        if (found) return found
        await sleep(500)
      }
      throw new Error(`Still not: ${what}. The box said:\n${box?.said().slice(-3_000)}`)
    }
    /** The forwarding takes a call before anybody inside listens. */
    const answers = () =>
      until('its pages', async () => {
        const signal = AbortSignal.timeout(2_000)
        return (await fetch(`http://127.0.0.1:${ports.httpPort}/api/session`, { signal })).status === 200
      })
    const takeNumber = async () => String((await kiosk.call('POST', '/api/tickets', { service })).number)
    /** Whoever has been away for some minutes types the PIN again. */
    const asTechnician = async (method: 'GET' | 'POST', path: string, body?: object) => {
      await technician.send('POST', '/api/session/unlock', { pin: officePin })
      return technician.call(method, path, body)
    }
    const updates = async (method: 'GET' | 'POST', body?: object) =>
      (await asTechnician(method, '/api/updates', body)) as UpdatesView
    const pair = async (caller: typeof kiosk) => {
      const asked = await caller.send('POST', '/api/device', { kind: 'kiosk' })
      await asTechnician('POST', '/api/devices/approve', { code: asked.body.code, name: 'Kios' })
    }
    /** What answers is started nine times from now on without another look. */
    const isConfirmed = (slot: 'A' | 'B') =>
      until(`slot ${slot}`, () => readSlots(inside).includes(`BOOT_${slot}_LEFT=9`))

    test('takes its file from the boot partition, becomes a member, and a number comes from its kiosk to PostgreSQL', async () => {
      const began = performance.now()
      const { said } = await start({ stick })
      await answers()
      const code = await until('the set-up code on its screen', () => / Set-up code: (\d{5} \d{5})/.exec(said())?.[1])
      expect(said()).not.toMatch(/login:/i)
      ;({ service, technician } = await setUpByHttp(`https://127.0.0.1:${ports.httpsPort}`, code))
      await pair(kiosk)
      expect(await takeNumber()).toBe('A001')
      console.log(`images: first number ${Math.round((performance.now() - began) / 1_000)} s after power, emulated`)

      const taken = `SELECT data FROM entry WHERE village = '${village}' AND type = 'queue.ticket-taken'`
      const rows = await until('the number in PostgreSQL', async () => {
        const found = await query<{ data: { number: number } }>(regency.postgres.url, taken)
        return found.length > 0 && found
      })
      expect(rows).toHaveLength(1)
      // The file opens enrolment once, and is wiped where it was found.
      await until('the wiped file', () => !listBoot(inside).includes('balai-enrol'))
      await isConfirmed('A')
    }, 1_200_000)

    test('a technician installs the bundle of a stick: the box starts from the other slot with all its data, and says so', async () => {
      const { bundles, slot } = await updates('GET')
      expect([slot, bundles]).toMatchObject(['A', [{ version, said: null }]])
      await updates('POST', { file: bundles[0]?.file, when: 'now' })
      await isConfirmed('B')
      expect(readSlots(inside)).toContain('BOOT_ORDER=B A')
      expect(await takeNumber()).toBe('A002')
      const { last } = await until('its own word', async () => {
        const view = await updates('GET')
        return view.slot === 'B' && view.last && view
      })
      expect(last).toMatchObject({ outcome: 'done', version })
      await box?.cutPower()
    }, 1_200_000)

    test('three power cuts early in the start are no reason to leave a slot that was confirmed', async () => {
      for (const left of [8, 7, 6]) {
        const { said } = await start()
        await until('the count', () => readSlots(inside).includes(`BOOT_B_LEFT=${left}`))
        await until('the slot', () => said().includes('balai: slot B'))
        await sleep(4_000)
        await box?.cutPower()
      }
      expect(readSlots(inside)).toContain('BOOT_ORDER=B A')
    }, 1_200_000)

    test('a slot that cannot be read is left for the other one, with all data', async () => {
      wipe(inside, partitionOf(inside, 3).start, 64 * 1024 ** 2)
      cutOut(inside, partitionOf(inside, 4), dataBefore)
      const { said } = await start({ writeLog })
      await answers()
      expect(said()).toContain('balai: slot B cannot be loaded')
      expect(await takeNumber()).toBe('A003')
      await isConfirmed('A')
      // A kiosk gives twenty numbers in a row and not more.
      const others = Array.from({ length: 8 }, () => openCaller(`http://127.0.0.1:${ports.httpPort}`))
      for (const other of others) await pair(other)
      await Promise.all(
        others.map(async (other) => {
          for (let visitor = 0; visitor < 18; visitor++) {
            const key = newId()
            await other.call('POST', '/api/tickets', { service, key })
            confirmed.push({ key, logBytes: statSync(writeLog).size })
          }
        }),
      )
      await box?.cutPower()
    }, 1_200_000)

    test('100 power cuts that lose half of what was not flushed: the data mends itself, and no confirmed number is missing', () => {
      expect(confirmed).toHaveLength(144)
      const log = readWriteLog(writeLog)
      const busy = log.flushes.filter(({ endAt }) => endAt >= (confirmed[0]?.logBytes ?? 0))
      const cuts = busy.filter((_, index) => index % Math.ceil(busy.length / 100) === 0)
      expect(cuts.length).toBeGreaterThan(50)
      playPowerCuts({
        ...{ log, partition: dataBefore, startsAt: partitionOf(inside, 4).start, cuts },
        random: createRandom(17),
        onCut(file, cut) {
          const mended = spawnSync('e2fsck', ['-p', file], { encoding: 'utf8', env: withSbin })
          expect([mended.stdout, (mended.status ?? 8) < 4]).toEqual([mended.stdout, true])
          const checked = spawnSync('e2fsck', ['-fn', file], { encoding: 'utf8', env: withSbin })
          expect([checked.stdout, checked.status]).toEqual([checked.stdout, 0])
          const keys = readTaken(file, folder)
          const due = confirmed.filter(({ logBytes }) => logBytes <= cut.endAt)
          expect(due.filter(({ key }) => !keys.has(key))).toEqual([])
        },
      })
    }, 600_000)
  })
})

/** A partition as a file of its own, holes kept. */
const cutOut = (disk: string, { start, bytes }: { start: number; bytes: number }, file: string) => {
  const words = [`if=${disk}`, `of=${file}`, 'bs=1M', `skip=${start}`, `count=${bytes}`]
  execFileSync('dd', [...words, 'iflag=skip_bytes,count_bytes', 'conv=sparse', 'status=none'])
  truncateSync(file, bytes)
}

const wipe = (disk: string, at: number, bytes: number) => {
  const flags = ['iflag=count_bytes', 'oflag=seek_bytes', 'conv=notrunc', 'status=none']
  execFileSync('dd', ['if=/dev/zero', `of=${disk}`, 'bs=1M', `seek=${at}`, `count=${bytes}`, ...flags])
}

/** The keys of all numbers in the box's database on a data partition; throws for one that SQLite finds damaged. */
function readTaken(partition: string, folder: string): Set<string> {
  const path = join(folder, 'balai.db')
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  for (const suffix of ['', '-wal'])
    execFileSync('debugfs', ['-R', `dump /var/lib/balai/balai.db${suffix} ${path}${suffix}`, partition], {
      stdio: 'ignore',
    })
  const db = new Database(path)
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    return new Set(db.prepare<[], string>(`SELECT key FROM entry WHERE type = 'queue.ticket-taken'`).pluck().all())
  } finally {
    db.close()
  }
}
