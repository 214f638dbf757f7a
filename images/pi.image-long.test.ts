import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { programCompatible } from '../appliance/wire/releases.ts'
import { buildProgram } from '../testing/build-once.ts'
import { addProbe, readProbe, writeIntoSlot } from '../testing/card-probe.ts'
import { type EmulatedOffice, openEmulatedOffice } from '../testing/emulated-office.ts'
import { missingForImages, startEmulatedPi } from '../testing/emulated-pi.ts'
import { makeOwnBundle } from '../testing/rauc-bundle.ts'

/* What image.image.test.ts has no time for, with the same card. Emulation, and no figure of a Pi. */

const root = join(import.meta.dirname, '..')
const missing = missingForImages()
if (missing.length > 0) console.warn(`images: not tested here, this machine lacks ${missing.join(', ')}.`)
const patienceMs = 3_600_000

/** For whoever looks at it. */
function keepPicture(name: string, ppm: Buffer): void {
  mkdirSync(join(root, 'artifacts', 'screens'), { recursive: true })
  writeFileSync(join(root, 'artifacts', 'screens', `${name}.ppm`), ppm)
}

describe.skipIf(missing.length > 0)('the image for a Raspberry Pi, in the long form', () => {
  const folder = mkdtempSync('/var/tmp/balai-image-long-')
  // An image that was built before: for whoever works on this test.
  const out = process.env.BALAI_IMAGE ?? join(folder, 'out')
  let office: EmulatedOffice

  beforeAll(async () => {
    if (!process.env.BALAI_IMAGE) {
      buildProgram(root)
      const words = ['--target', 'pi', '--no-compress', '--out', out]
      execFileSync('bash', [join(root, 'images', 'build.sh'), ...words], { stdio: 'inherit' })
    }
    const card = join(out, readdirSync(out).find((name) => name.endsWith('.img')) ?? 'no card')
    // It says its version, and does nothing else.
    const broken = makeOwnBundle(folder, {
      ...{ name: 'broken', compatible: programCompatible('arm64'), version: '9.9.9' },
      program: '#!/bin/sh\n[ "$1" = --version ] && echo 9.9.9\n',
    })
    office = await openEmulatedOffice({ card, folder, bundles: [broken], startMachine: startEmulatedPi })
    addProbe(office.card, 2)
  }, patienceMs)
  afterAll(async () => {
    await office?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test(
    'with 1 GB the screen at the box itself becomes the display that a technician has chosen, and is it again after a power cut',
    async () => {
      const first = await office.start({ screen: true })
      await office.answers()
      await office.setUp()
      expect(await office.takeNumber()).toBe('A001')
      await office.isConfirmed('A')
      await office.asTechnician('POST', '/api/devices/attached', { page: 'display', turned: 0 })
      const isOpen = async () =>
        (await office.screens()).some(({ device, connected }) => connected && /^display/.test(device))
      await office.until('the display', isOpen)
      await sleep(60_000)
      keepPicture('attached-display', await first.picture())
      const { availableMiB } = readProbe(first.said()) ?? { availableMiB: 0 }
      console.log(`images: with 1 GB and the display at its own screen ${Math.round(availableMiB)} MiB are available`)
      await office.cutPower()
      await office.start({ screen: true })
      await office.answers()
      await office.until('the display again', isOpen)
      await office.cutPower()
    },
    patienceMs,
  )

  test(
    'a program alone that does not come up is given up after three starts, and the one of before runs with all data',
    async () => {
      writeIntoSlot(office.card, 2, [
        {
          path: '/usr/lib/systemd/system/balai-confirm-slot.service.d/patience.conf',
          text: '[Service]\nEnvironment=BALAI_CONFIRM_S=40\n',
        },
      ])
      const { said } = await office.start({ stick: office.stick })
      await office.answers()
      const { bundles, program } = await office.until('the stick', async () => {
        const view = await office.updates('GET')
        return view.bundles.length > 0 && view
      })
      expect(bundles).toMatchObject([{ kind: 'program', version: '9.9.9' }])
      await office.updates('POST', { file: bundles[0]?.file, when: 'now' })
      const after = await office.until('its own word', async () => {
        const view = await office.updates('GET')
        return view.last && view
      })
      expect(after).toMatchObject({ slot: 'A', program, last: { outcome: 'fell-back', version: '9.9.9' } })
      expect(said().match(/^program 9\.9\.9/gm)?.length).toBeGreaterThanOrEqual(3)
      expect(await office.takeNumber()).toBe('A002')
      await office.cutPower()
    },
    patienceMs,
  )

  test(
    'with 512 MB a box and its relay leave more than 200 MB free',
    async () => {
      const { said } = await office.start({ memoryMiB: 512 })
      await office.answers()
      expect(await office.takeNumber()).toBe('A003')
      await office.isConfirmed('A')
      const settled = await office.until('three minutes', () => {
        const counted = readProbe(said())
        return counted && counted.upS > 180 && counted
      })
      const [free, box] = [settled.availableMiB, settled.boxRssMiB].map(Math.round)
      console.log(`images: with 512 MB ${free} MiB are available, and the box takes ${box} MiB`)
      expect((settled.availableMiB * 1024 ** 2) / 1e6).toBeGreaterThan(200)
    },
    patienceMs,
  )
})
