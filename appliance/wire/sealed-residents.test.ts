import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Encrypter, identityToRecipient } from 'age-encryption'
import { afterAll, expect, test } from 'vitest'
import { recipientOfBox, secretOfBox } from './box-recipient.ts'
import { openResidents, sealResidents } from './sealed-residents.ts'
import { publicKeyOf } from './sign.ts'

const folder = mkdtempSync(join(tmpdir(), 'balai-sealed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'opened')
const village = '3510242008'
const head = { village, source: 'penduduk.csv', asOf: '2026-11-01', mark: null }
const { privateKey } = generateKeyPairSync('ed25519')
const recipient = recipientOfBox(publicKeyOf(privateKey))
const how = { secret: secretOfBox(privateKey), village, path, mostBytes: 1_000_000 }

test('SYNC-021: the recipient of a box, from its public key alone, is that of its secret key', async () => {
  for (let n = 0; n < 40; n++) {
    const { privateKey: key } = generateKeyPairSync('ed25519')
    expect(recipientOfBox(publicKeyOf(key))).toBe(await identityToRecipient(secretOfBox(key)))
  }
})

test('SYNC-021: what is sealed to a box opens there to the byte, also in many pieces, and at no other', async () => {
  const file = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 7_919) % 251))
  const sealed = await sealResidents(head, file, recipient)
  expect(await openResidents(sealed, how)).toEqual(head)
  expect(readFileSync(path)).toEqual(file)
  const { privateKey: other } = generateKeyPairSync('ed25519')
  await expect(openResidents(sealed, { ...how, secret: secretOfBox(other) })).rejects.toMatchObject({ why: 'sealed' })
})

test('what opens and is not what it has to be is unreadable, and of too much nothing more is written', async () => {
  const sealAs = async (plain: Uint8Array) => {
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    return await encrypter.encrypt(plain)
  }
  const unreadable = [
    await sealResidents({ ...head, village: '3510242009' }, Buffer.from('Nama'), recipient),
    await sealResidents(head, Buffer.alloc(0), recipient),
    await sealResidents(head, Buffer.alloc(1_000_001), recipient),
    await sealAs(Buffer.from('no gzip')),
    await sealAs(gzipSync(Buffer.from('{"village":'))),
    await sealAs(gzipSync(Buffer.from('x'.repeat(10_000)))),
    await sealAs(gzipSync(Buffer.from(`${JSON.stringify(head)}\nNama;NIK\n`)).subarray(0, -9)),
  ]
  for (const [index, sealed] of unreadable.entries())
    await expect(openResidents(sealed, how), `${index}`).rejects.toMatchObject({ why: 'unreadable' })
  await expect(openResidents(Buffer.from('no age file'), how)).rejects.toMatchObject({ why: 'sealed' })
})
