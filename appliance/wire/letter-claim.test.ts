import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { openFromBox, sealForBox } from './letter-claim.ts'
import { publicKeyOf } from './sign.ts'

const boxKey = () => generateKeyPairSync('ed25519').privateKey

test('only the box that it is sealed to opens it, and only as what its sender signed', async () => {
  const [from, to, other] = [boxKey(), boxKey(), boxKey()]
  const body = { claim: 'x', birthDate: '1980-07-01' }
  const sealed = await sealForBox('proof', body, { key: from, to: publicKeyOf(to) })
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('1980')
  expect(await openFromBox('proof', sealed, { key: to, from: publicKeyOf(from) })).toEqual(body)
  expect(await openFromBox('proof', sealed, { key: other, from: publicKeyOf(from) })).toBeNull()
  expect(await openFromBox('proof', sealed, { key: to, from: publicKeyOf(other) })).toBeNull()
  expect(await openFromBox('paper', sealed, { key: to, from: publicKeyOf(from) })).toBeNull()
  expect(await openFromBox('proof', sealed.slice(0, -40), { key: to, from: publicKeyOf(from) })).toBeNull()
  expect(await openFromBox('proof', 'AAAA', { key: to, from: publicKeyOf(from) })).toBeNull()
})
