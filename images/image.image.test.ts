import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { programCompatible } from '../appliance/wire/releases.ts'
import { query } from '../bench/offices.ts'
import { buildProgram } from '../testing/build-once.ts'
import { type Confirmed, loseWrites, takeManyNumbers } from '../testing/card-cuts.ts'
import { openDebianRoot } from '../testing/debian-root.ts'
import { type EmulatedOffice, openEmulatedOffice } from '../testing/emulated-office.ts'
import {
  cutOut,
  listBoot,
  missingForImages,
  partitionOf,
  readSlots,
  startEmulatedPi,
  wipe,
} from '../testing/emulated-pi.ts'
import { makeOwnBundle, renameProgram } from '../testing/rauc-bundle.ts'

/*
 * The card as `npm run image` makes it: started by U-Boot in an emulated machine, enrolled at a real hub by the file on its
 * boot partition, a number from kiosk to PostgreSQL. Emulation without hardware help: slow, and no figure of a Pi.
 */

const root = join(import.meta.dirname, '..')
const missing = missingForImages()
if (missing.length > 0) console.warn(`images: not tested here, this machine lacks ${missing.join(', ')}.`)

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
      // The screen's own, whom --screen makes: nothing is shown before somebody chooses it.
      const screen = 'balai-screen :/var/lib/balai-screen:/usr/sbin/nologin'
      const installedUsers = users(machine.run(['cat', '/etc/passwd']).stdout)
      expect(users(inImage('cat /etc/passwd'))).toEqual([...installedUsers, screen])
      expect(inImage('ls /etc/balai')).not.toContain('screen')
      const owner = /^balai:x:(\d+)/m.exec(inImage('cat /etc/group'))?.[1]
      expect(inImage('stat /etc/balai')).toMatch(new RegExp(`Mode: +0750[\\s\\S]*User: +0 +Group: +${owner} `))
      // No password opens anything: none is set, and nothing asks for one.
      expect(inImage('cat /etc/shadow').match(/^[^:]+:(?![*!])/gm)).toBe(null)
    } finally {
      machine.remove()
    }
  }, 300_000)

  describe('written to a larger card', () => {
    const writeLog = join(folder, 'writes.log')
    /** A folder for the data partition, since each cut is a copy of it. */
    let inMemory = ''
    let dataBefore = ''
    let confirmed: Confirmed[] = []
    let office: EmulatedOffice

    beforeAll(async () => {
      inMemory = mkdtempSync('/dev/shm/balai-image-test-')
      dataBefore = join(inMemory, 'data.ext4')
      const bundles = [join(out, `balai-pi-${version}.raucb`), makeProgram()]
      office = await openEmulatedOffice({ card, folder, bundles, startMachine: startEmulatedPi })
    }, 300_000)
    afterAll(async () => {
      rmSync(inMemory, { recursive: true, force: true })
      await office?.close()
    })

    test('takes its file from the boot partition, becomes a member, and a number comes from its kiosk to PostgreSQL', async () => {
      const began = performance.now()
      const { said } = await office.start({ stick: office.stick })
      await office.answers()
      await office.setUp()
      expect(said()).not.toMatch(/login:/i)
      expect(await office.takeNumber()).toBe('A001')
      console.log(`images: first number ${Math.round((performance.now() - began) / 1_000)} s after power, emulated`)

      const taken = `SELECT data FROM entry WHERE village = '${office.village}' AND type = 'queue.ticket-taken'`
      const rows = await office.until('the number in PostgreSQL', async () => {
        const found = await query<{ data: { number: number } }>(office.regency.postgres.url, taken)
        return found.length > 0 && found
      })
      expect(rows).toHaveLength(1)
      // The file opens enrolment once, and is wiped where it was found.
      await office.until('the wiped file', () => !listBoot(office.card).includes('balai-enrol'))
      await office.isConfirmed('A')
    }, 1_200_000)

    /** The same program by a newer name. */
    function makeProgram() {
      const program = renameProgram(readFileSync(join(root, 'dist', 'balai-linux-arm64')), version, newer())
      return makeOwnBundle(folder, {
        name: 'program',
        compatible: programCompatible('arm64'),
        version: newer(),
        program,
      })
    }
    /** Of one number later, and as long. */
    const newer = () => version.replace(/^(\d+\.\d+\.)(\d)/, (_, before, last) => `${before}${(Number(last) + 1) % 10}`)

    test('a technician installs the bundle of a stick: the box starts from the other slot with all its data, and says so', async () => {
      const { bundles, slot } = await office.updates('GET')
      expect([slot, bundles]).toMatchObject([
        'A',
        [
          { kind: 'system', version, said: null },
          { kind: 'program', version: newer(), said: null },
        ],
      ])
      await office.updates('POST', { file: bundles[0]?.file, when: 'now' })
      await office.isConfirmed('B')
      expect(readSlots(office.card)).toContain('BOOT_ORDER=B A')
      expect(await office.takeNumber()).toBe('A002')
      const { last } = await office.until('its own word', async () => {
        const view = await office.updates('GET')
        return view.slot === 'B' && view.last && view
      })
      expect(last).toMatchObject({ outcome: 'done', version })
    }, 1_200_000)

    test('the program alone, from the same stick: it runs over the one of the system, and proves itself', async () => {
      const { bundles } = await office.updates('GET')
      await office.updates('POST', { file: bundles[1]?.file, when: 'now' })
      const view = await office.until('its own word', async () => {
        const seen = await office.updates('GET')
        return seen.wish === null && seen.last?.kind === 'program' && seen
      })
      expect(view).toMatchObject({
        slot: 'B',
        version,
        program: newer(),
        last: { outcome: 'done', version: newer(), reason: null },
      })
      expect(await office.takeNumber()).toBe('A003')
      await office.cutPower()
    }, 1_200_000)

    test('three power cuts early in the start are no reason to leave a slot that was confirmed', async () => {
      for (const left of [8, 7, 6]) {
        const { said } = await office.start()
        await office.until('the count', () => readSlots(office.card).includes(`BOOT_B_LEFT=${left}`))
        await office.until('the slot', () => said().includes('balai: slot B'))
        await sleep(4_000)
        await office.cutPower()
      }
      expect(readSlots(office.card)).toContain('BOOT_ORDER=B A')
    }, 1_200_000)

    test('a slot that cannot be read is left for the other one, with all data', async () => {
      wipe(office.card, partitionOf(office.card, 3).start, 64 * 1024 ** 2)
      cutOut(office.card, partitionOf(office.card, 4), dataBefore)
      const { said } = await office.start({ writeLog })
      await office.answers()
      expect(said()).toContain('balai: slot B cannot be loaded')
      expect(await office.takeNumber()).toBe('A004')
      expect((await office.updates('GET')).program).toBe(newer())
      await office.isConfirmed('A')
      confirmed = await takeManyNumbers(office, writeLog, 8)
      await office.cutPower()
    }, 1_200_000)

    test('100 power cuts that lose half of what was not flushed: the data mends itself, and no confirmed number is missing', () => {
      expect(confirmed).toHaveLength(144)
      const cuts = { card: office.card, folder: inMemory, writeLog, dataBefore, confirmed, count: 100 }
      expect(loseWrites(cuts)).toEqual({ cuts: 100, lost: 0 })
    }, 600_000)
  })
})
