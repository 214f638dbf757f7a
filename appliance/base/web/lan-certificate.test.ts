import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, describe, expect, test } from 'vitest'
import { openTestBox } from '../../../testing/test-box.ts'
import { openLanCertificate, serves } from './lan-certificate.ts'
import { followNetwork } from './lan-network.ts'

/* The box's own certificate, which people have told their browsers to believe: no wrong clock makes another one. */

const folder = mkdtempSync(join(tmpdir(), 'balai-certificate-'))
afterAll(() => rmSync(folder, { recursive: true }))
const names = ['balai.local', '127.0.0.1']
const now = Date.UTC(2026, 10, 28)
const synced = { doubtful: false, floor: now, now }
const { cert } = await openLanCertificate(folder, names, synced)

test.each([
  ['1970', 0],
  ['2020', Date.UTC(2020, 0, 1)],
  ['2036', Date.UTC(2036, 0, 1)],
  ['a month wrong', Date.UTC(2026, 9, 28)],
])('at %s, which no source has said, the certificate goes on', async (_name, wrong) => {
  const opened = await openLanCertificate(folder, names, { doubtful: true, floor: now, now: wrong })
  expect(opened).toMatchObject({ cert, madeAnew: false })
})

test('one whose end is near by a time that is certain, or that a clock years ahead has made, is made anew', async () => {
  expect(serves(cert, names, synced)).toBe(true)
  const late = now + 370 * 86_400_000
  expect(serves(cert, names, { doubtful: false, floor: late, now: late })).toBe(false)
  expect(serves(cert, names, { doubtful: true, floor: late, now: 0 })).toBe(false)
  const ahead = Date.UTC(2036, 0, 1)
  const other = mkdtempSync(join(folder, 'ahead-'))
  const made = await openLanCertificate(other, names, { doubtful: true, floor: now, now: ahead })
  expect(serves(made.cert, names, synced)).toBe(false)
})

test('a key and a certificate that a power cut has parted are made anew, both', async () => {
  const parted = mkdtempSync(join(folder, 'parted-'))
  const before = await openLanCertificate(parted, names, synced)
  await openLanCertificate(parted, [...names, '192.168.1.5'], synced)
  writeFileSync(join(parted, 'lan-cert.pem'), before.cert)
  const after = await openLanCertificate(parted, names, synced)
  expect(after.madeAnew).toBe(true)
  expect(new X509Certificate(after.cert).checkPrivateKey(createPrivateKey(after.key))).toBe(true)
})

describe('a box that runs', () => {
  const dayMs = 86_400_000
  /** When the certificate ends that a new connection is shown. */
  const shownUntil = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        resolve(Date.parse(socket.getPeerCertificate().valid_to))
        socket.destroy()
      })
      socket.once('error', reject)
    })

  test('shows another certificate of its own a month before the old one ends', async () => {
    const box = await openTestBox()
    try {
      const first = await shownUntil(box.https.port)
      box.time.advance(300 * dayMs)
      await box.look()
      expect(await shownUntil(box.https.port)).toBe(first)
      box.time.advance(70 * dayMs)
      await box.look()
      expect(await shownUntil(box.https.port)).toBeGreaterThan(first + 300 * dayMs)
    } finally {
      await box.remove()
    }
  })

  test('goes back to its own when the regency’s has ended, and takes the next one', async () => {
    const place = mkdtempSync(join(folder, 'given-'))
    const earlier = now - 390 * dayMs
    const made = { doubtful: false, floor: earlier, now: earlier }
    const given = await openLanCertificate(mkdtempSync(join(folder, 'regency-')), names, made)
    let at = now
    const clock = { belief: () => ({ doubtful: false, floor: at, now: at }), certain: () => at }
    const network = await followNetwork({ data: place, lan: { host: '127.0.0.1', names: [] } }, clock, () => ({
      ...{ key: given.key, certificate: given.cert },
    }))
    const shown: string[] = []
    network.onChange(({ cert }) => shown.push(cert))
    expect(network.certificate().cert).toBe(given.cert)
    at += 8 * dayMs
    await network.checkAddresses()
    await network.checkAddresses()
    expect(shown).toHaveLength(1)
    expect(shown[0]).not.toBe(given.cert)
  })
})
