import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openLanCertificate, serves } from './lan-certificate.ts'

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
