import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildProgram } from '../testing/build-once.ts'
import { type EmulatedOffice, openEmulatedOffice } from '../testing/emulated-office.ts'
import { missingForPc, readPcSlots, startEmulatedPc, startTpm } from '../testing/emulated-pc.ts'
import { findInData, makeStick, partitionOf, readFromStick } from '../testing/emulated-pi.ts'

/*
 * The data partition behind a key that is not on the disk: a stick's, by the cipher that a Raspberry Pi up to 4 has, and a
 * TPM's. That what is looked for here in vain is found where there is no key is pc.image-long.test.ts's.
 */

const root = join(import.meta.dirname, '..')
const patienceMs = 3_600_000
const missing = [...missingForPc(), ...(existsSync('/usr/bin/swtpm') ? [] : ['swtpm'])]
if (missing.length > 0) console.warn(`images: not tested here, this machine lacks ${missing.join(', ')}.`)
// Whom setUpByHttp adds.
const name = 'Sekretaris'

describe.skipIf(missing.length > 0)('the data behind a key', () => {
  const folder = mkdtempSync('/var/tmp/balai-key-test-')
  // An image that was built before: for whoever works on this test.
  const out = process.env.BALAI_PC_IMAGE ?? join(folder, 'out')
  const keyStick = join(folder, 'key.vfat')
  let image = ''
  let office: EmulatedOffice

  beforeAll(() => {
    if (!process.env.BALAI_PC_IMAGE) {
      buildProgram(root)
      const words = ['--target', 'pc', '--no-compress', '--out', out]
      execFileSync('bash', [join(root, 'images', 'build.sh'), ...words], { stdio: 'inherit' })
    }
    image = join(out, readdirSync(out).find((file) => file.endsWith('.img')) ?? 'no image')
  }, patienceMs)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const open = () => openEmulatedOffice({ card: image, folder, startMachine: startEmulatedPc, readSlots: readPcSlots })
  /** What the technician's page says of the card. */
  const cardFacts = async () =>
    (await office.technicianView()).checks.find(({ code }) => code === 'card')?.facts.map(({ key }) => key)

  describe('on a stick, without instructions for AES', () => {
    beforeAll(async () => {
      makeStick(keyStick, [], 'BALAI-KEY')
      office = await open()
    }, patienceMs)
    afterAll(() => office?.close())
    const start = (stick: 'in' | 'out') =>
      office.start({ stick: keyStick, stickLater: stick === 'out', withoutAes: true })

    test(
      'the first start makes the key and the volume, and one that a power cut has ended begins anew',
      async () => {
        await start('in')
        await office.until('the volume', () => readHeader(office.card).startsWith('LUKS'))
        await office.cutPower()
        const [key, volume] = [readFromStick(keyStick, 'balai.key'), readUuid(office.card)]
        expect(key).toMatch(/^[0-9a-f]{64}\n$/)
        // As if the cut had come before the last of its writes.
        putFirstPageBack(image, office.card)
        await start('in')
        await office.answers()
        expect(readFromStick(keyStick, 'balai.key')).toBe(key)
        expect(readUuid(office.card)).not.toBe(volume)
        await office.setUp()
        expect(await office.takeNumber()).toBe('A001')
        expect(await cardFacts()).toContain('check.encryption-usb')
        await office.isConfirmed('A')
        await office.cutPower()
        expect(findInData(office.card, name)).toBe(false)
      },
      patienceMs,
    )

    test(
      'without the stick it waits and says so, is no reason to leave the slot, and goes on by itself with all its data',
      async () => {
        const { said, plug } = await start('out')
        await office.until('its word', () => said().includes('BALAI-KEY, is missing'))
        await office.isConfirmed('A')
        await plug()
        await office.answers()
        expect(await office.takeNumber()).toBe('A002')
        expect(await cardFacts()).toContain('check.encryption-usb')
        await office.cutPower()
      },
      patienceMs,
    )

    test(
      'another office’s stick opens nothing and changes nothing',
      async () => {
        const other = join(folder, 'other.vfat')
        makeStick(other, [], 'BALAI-KEY')
        const { said } = await office.start({ stick: other })
        await office.until('its word', () => said().includes('does not hold the key of this box'))
        await office.cutPower()
        await start('in')
        await office.answers()
        expect(await office.takeNumber()).toBe('A003')
      },
      patienceMs,
    )
  })

  describe('in the TPM of its PC', () => {
    beforeAll(async () => {
      office = await open()
    }, patienceMs)
    afterAll(() => office?.close())

    test(
      'it opens by itself there, and nowhere else',
      async () => {
        await office.start({ tpm: await startTpm(folder) })
        await office.answers()
        await office.setUp()
        expect(await office.takeNumber()).toBe('A001')
        expect(await cardFacts()).toContain('check.encryption-tpm')
        await office.isConfirmed('A')
        await office.cutPower()
        expect(findInData(office.card, name)).toBe(false)

        const { said } = await office.start()
        await office.until('its word', () => said().includes('does not give the key of the data (TPM)'))
        await office.cutPower()

        await office.start({ tpm: await startTpm(folder) })
        await office.answers()
        expect(await office.takeNumber()).toBe('A002')
      },
      patienceMs,
    )
  })
})

const pageBytes = 4_096

function readHeader(card: string): string {
  return readPage(card, partitionOf(card, 4).start).toString('latin1')
}

/** Which volume it is: the header's uuid (LUKS2 On-Disk Format, 1.1.0, section 2.1). */
const readUuid = (card: string): string => readHeader(card).slice(168, 208)

function putFirstPageBack(from: string, card: string): void {
  const at = partitionOf(from, 4).start
  const file = openSync(card, 'r+')
  writeSync(file, readPage(from, at), 0, pageBytes, at)
  closeSync(file)
}

function readPage(file: string, at: number): Buffer {
  const page = Buffer.alloc(pageBytes)
  const opened = openSync(file, 'r')
  readSync(opened, page, 0, pageBytes, at)
  closeSync(opened)
  return page
}
