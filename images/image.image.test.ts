import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../bench/offices.ts'
import { buildProgram } from '../testing/build-once.ts'
import { openDebianRoot } from '../testing/debian-root.ts'
import {
  dropOnBoot,
  growCard,
  hostAddress,
  listBoot,
  missingForImages,
  readSlots,
  startEmulatedPi,
} from '../testing/emulated-pi.ts'
import { openCaller, setUpByHttp } from '../testing/office-by-http.ts'
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
/** Slot A, as build.sh lays the card out. */
const slotOffset = (4 + 128) * 1024 ** 2

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
        spawnSync('debugfs', ['-R', request, `${card}?offset=${slotOffset}`], { encoding: 'utf8' }).stdout
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

  test('takes its file from the boot partition, becomes a member, and a number comes from its kiosk to PostgreSQL', async () => {
    const regency: TestRegency = await openTestRegency({ offices: 1, reachedAt: hostAddress })
    const hub = await startHubWith(regency.hubConfig, `https://127.0.0.1:${regency.ports.hub_port}`)
    const inside = join(folder, 'card.img')
    cpSync(card, inside)
    growCard(inside)
    const { village, path } = await regency.bringFile(0)
    dropOnBoot(inside, path)
    const [httpPort, httpsPort] = [await freePort(), await freePort()]
    const box = startEmulatedPi({ card: inside, folder, httpPort, httpsPort })
    const until = async <T>(
      what: string,
      read: () => Promise<T | null | undefined | false> | T | null | undefined | false,
    ) => {
      const giveUpAt = performance.now() + patienceMs
      while (performance.now() < giveUpAt && !box.hasEnded()) {
        const found = await Promise.resolve(read()).catch(() => null)
        if (found) return found
        await sleep(1_000)
      }
      throw new Error(`Still not: ${what}. The box said:\n${box.said().slice(-3_000)}`)
    }
    try {
      const url = `http://127.0.0.1:${httpPort}`
      // The forwarding takes a call before anybody inside listens.
      const answers = (page: string) => fetch(url + page, { signal: AbortSignal.timeout(2_000) })
      const began = performance.now()
      await until('its pages', async () => (await answers('/api/session')).status === 200)
      // A PIN is typed by HTTPS only. Whom the box's certificate names is another test's (enrolment.broker.test.ts).
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
      const code = await until(
        'the set-up code on its screen',
        () => / Set-up code: (\d{5} \d{5})/.exec(box.said())?.[1],
      )
      expect(box.said()).not.toMatch(/login:/i)
      const office = await setUpByHttp(`https://127.0.0.1:${httpsPort}`, code)
      const kiosk = openCaller(url)
      const asked = await kiosk.send('POST', '/api/device', { kind: 'kiosk' })
      await office.technician.call('POST', '/api/devices/approve', { code: asked.body.code, name: 'Kios' })
      const { number } = await kiosk.call('POST', '/api/tickets', { service: office.service })
      expect(number).toBe('A001')
      console.log(`images: first number ${Math.round((performance.now() - began) / 1_000)} s after power, emulated`)

      const taken = `SELECT data FROM entry WHERE village = '${village}' AND type = 'queue.ticket-taken'`
      const rows = await until('the number in PostgreSQL', async () => {
        const found = await query<{ data: { number: number } }>(regency.postgres.url, taken)
        return found.length > 0 && found
      })
      expect(rows).toHaveLength(1)
      // The file opens enrolment once, and is wiped where it was found.
      await until('the wiped file', () => !listBoot(inside).includes('balai-enrol'))
      // What answers is started nine times from now on without another look.
      await until('the confirmed slot', () => readSlots(inside).includes('BOOT_A_LEFT=9'))
    } finally {
      await box.cutPower()
      await hub.stop()
      await regency.close()
    }
  }, 1_200_000)
})
