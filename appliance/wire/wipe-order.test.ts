import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { publicKeyOf } from './sign.ts'
import { findOrderFault, signOrder } from './wipe-order.ts'

const { privateKey: key } = generateKeyPairSync('ed25519')
const { privateKey: hub } = generateKeyPairSync('ed25519')
const content = { village: '3510242008', box: 'b'.repeat(22), id: 'c'.repeat(12), at: 1_000, expires: 5_000 }
const order = signOrder(key, content)
const facts = { wipeKey: publicKeyOf(key), village: content.village, box: content.box, command: content.id, now: 4_999 }

test('an order holds for the box, the command and the time that it names', () => {
  expect(findOrderFault(order, facts)).toBeNull()
  expect(findOrderFault(order, { ...facts, wipeKey: null })).toBe('no-key')
  expect(findOrderFault(order, { ...facts, village: '3510242009' })).toBe('village')
  expect(findOrderFault(order, { ...facts, box: 'd'.repeat(22) })).toBe('box')
  expect(findOrderFault(order, { ...facts, command: 'e'.repeat(12) })).toBe('repeated')
  expect(findOrderFault(order, { ...facts, now: 5_000 })).toBe('expired')
})

test('the hub’s key makes no order, and none holds with any member changed', () => {
  expect(findOrderFault(signOrder(hub, content), facts)).toBe('signature')
  for (const change of [
    { village: '3510242009' },
    { box: 'd'.repeat(22) },
    { id: 'e'.repeat(12) },
    { at: 2 },
    { expires: 9e12 },
  ])
    expect(findOrderFault({ ...order, ...change }, facts), Object.keys(change)[0]).toBe('signature')
})
