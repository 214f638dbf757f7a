import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildProgram } from '../testing/build-once.ts'
import { type EmulatedOffice, openEmulatedOffice } from '../testing/emulated-office.ts'
import { missingForPc, readPcSlots, startEmulatedPc } from '../testing/emulated-pc.ts'
import { findInData, partitionOf, wipe } from '../testing/emulated-pi.ts'

/*
 * The disk as `npm run image -- --target pc` makes it, started by EFI and GRUB in an emulated PC, with a real hub. Emulation
 * without hardware help: slow, and no figure of a PC.
 */

const root = join(import.meta.dirname, '..')
const patienceMs = 3_600_000
const missing = missingForPc()
if (missing.length > 0) console.warn(`images: not tested here, this machine lacks ${missing.join(', ')}.`)

describe.skipIf(missing.length > 0)('the image for a PC', () => {
  const folder = mkdtempSync('/var/tmp/balai-pc-test-')
  // An image that was built before: for whoever works on this test.
  const out = process.env.BALAI_PC_IMAGE ?? join(folder, 'out')
  let version = ''
  let office: EmulatedOffice

  beforeAll(async () => {
    if (!process.env.BALAI_PC_IMAGE) {
      buildProgram(root)
      const words = ['--target', 'pc', '--no-compress', '--out', out]
      execFileSync('bash', [join(root, 'images', 'build.sh'), ...words], { stdio: 'inherit' })
    }
    version = /^balai-pc-(.*)\.img$/m.exec(readdirSync(out).join('\n'))?.[1] ?? ''
    const named = join(out, `balai-pc-${version}`)
    office = await openEmulatedOffice({
      ...{
        card: `${named}.img`,
        folder,
        bundles: [`${named}.raucb`],
        startMachine: startEmulatedPc,
        readSlots: readPcSlots,
      },
    })
  }, patienceMs)
  afterAll(async () => {
    await office?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test(
    'a PC that starts only what is signed starts it, and becomes a member by the file on its disk',
    async () => {
      const began = performance.now()
      const { said } = await office.start({ secure: true, stick: office.stick })
      await office.answers()
      await office.setUp()
      expect(await office.takeNumber()).toBe('A001')
      console.log(`images: first number ${Math.round((performance.now() - began) / 1_000)} s after power, emulated PC`)
      expect(said()).not.toMatch(/login:/i)
      await office.isConfirmed('A')
    },
    patienceMs,
  )

  test(
    'a technician installs the bundle of a stick: it starts from the other slot with all its data',
    async () => {
      const { bundles, slot } = await office.until('the stick', async () => {
        const view = await office.updates('GET')
        return view.bundles.length > 0 && view
      })
      expect([slot, bundles]).toMatchObject(['A', [{ version, said: null }]])
      await office.updates('POST', { file: bundles[0]?.file, when: 'now' })
      await office.isConfirmed('B')
      expect(readPcSlots(office.card)).toContain('BOOT_ORDER=B A')
      expect(await office.takeNumber()).toBe('A002')
      await office.cutPower()
      // Nobody brought a key: what key.image-long.test.ts looks for in vain is there.
      expect(findInData(office.card, 'Sekretaris')).toBe(true)
    },
    patienceMs,
  )

  test(
    'a slot that cannot be read is left for the other one, with all data',
    async () => {
      wipe(office.card, partitionOf(office.card, 3).start, 64 * 1024 ** 2)
      const { said } = await office.start()
      await office.answers()
      expect(said()).toContain('balai: slot B cannot be loaded')
      expect(readPcSlots(office.card)).toContain('BOOT_B_LEFT=0')
      expect(await office.takeNumber()).toBe('A003')
    },
    patienceMs,
  )
})
