import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeEnrolment } from '../wire/enrolment.ts'
import { findEnrolmentFile } from './find-file.ts'

/* What an enrolment file goes through before it is in a box: Windows, mail, and people who rename it. */

let stick: string
beforeEach(() => {
  stick = mkdtempSync(join(tmpdir(), 'balai-stick-'))
})
afterEach(() => rmSync(stick, { recursive: true, force: true }))

const { privateKey } = generateKeyPairSync('ed25519')
const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
const issuedAt = Date.UTC(2026, 10, 30)
const text = writeEnrolment(privateKey, {
  ...{ format: 'balai-enrolment-1', regency: 'Kabupaten Uji', village: '3510242008', name: 'Désa', district: 'Licin' },
  ...{ broker: 'mqtts://127.0.0.1:1', enrolBroker: 'mqtts://127.0.0.1:1', hub: 'https://127.0.0.1:1', zone: 'WIB' },
  ...{ ca: pem, lanCa: pem, network: {}, issuedAt, expiresAt: issuedAt + 86_400_000, sealed: 'AA' },
})
const find = () => findEnrolmentFile([stick], { member: null, village: null, certain: issuedAt })
const usual = 'balai-enrol-3510242008.json'

test.each([
  ['with a byte-order mark', Buffer.from(`\ufeff${text}`)],
  ['in UTF-16, as Notepad has "Unicode"', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['in UTF-16 the other way round', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['with the line ends of Windows', Buffer.from(text.replaceAll('\n', '\r\n'))],
])('R18: a file that was saved %s is taken', (_how, bytes) => {
  writeFileSync(join(stick, usual), bytes)
  expect(find()).toMatchObject({ trouble: null, file: { village: '3510242008', name: 'Désa' } })
})

test.each([`${usual}.txt`, '3510242008.json', 'Tamansari (1).JSON', 'Desa Tamansari.json.txt', 'balai-enrol.txt'])(
  'N21: one that is called %s is taken',
  (name) => {
    writeFileSync(join(stick, name), text)
    expect(find()).toMatchObject({ path: join(stick, name), trouble: null })
  },
)

test('what else lies on a stick is no enrolment file, and one that was cut off says so by its name only', () => {
  writeFileSync(join(stick, 'notes.json'), '{"format":"notes"}')
  writeFileSync(join(stick, 'surat.txt'), text.slice(0, 400))
  expect(find()).toBeNull()
  writeFileSync(join(stick, `${usual}.txt`), text.slice(0, 400))
  expect(find()).toMatchObject({ path: join(stick, `${usual}.txt`), trouble: 'unreadable' })
})

test('a copy under another name is the same file, another village’s is not', () => {
  writeFileSync(join(stick, usual), text)
  writeFileSync(join(stick, 'salinan.json'), text)
  expect(find()).toMatchObject({ trouble: null })
  const { privateKey: other } = generateKeyPairSync('ed25519')
  const { hubKey: _key, sig: _sig, ...content } = JSON.parse(text)
  writeFileSync(join(stick, 'salinan.json'), writeEnrolment(other, { ...content, village: '3510152004' }))
  expect(find()).toMatchObject({ trouble: 'several' })
})
