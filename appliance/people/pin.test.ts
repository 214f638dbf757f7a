import { expect, test } from 'vitest'
import { testPinCost } from '../../testing/test-box.ts'
import { hashPin, isWeakPin, matchesPin, safePinCost } from './pin.ts'

test.each([
  ['the cost of a box', safePinCost],
  ['the cost of a test', testPinCost],
])('a hash carries what it cost and verifies by it: %s', async (_what, cost) => {
  const hash = await hashPin('258014', cost)
  expect(hash).toContain(`$m=${cost.memory},t=${cost.passes}$`)
  expect(await matchesPin('258014', hash)).toBe(true)
  expect(await matchesPin('258015', hash)).toBe(false)
  const [kind, , salt, tag] = hash.split('$')
  const another = [kind, `m=${cost.memory * 2},t=${cost.passes}`, salt, tag].join('$')
  expect(await matchesPin('258014', another)).toBe(false)
})

test('a hash of an earlier program, which did not carry its cost, still verifies', async () => {
  const [kind, , salt, tag] = (await hashPin('258014', safePinCost)).split('$')
  expect(await matchesPin('258014', [kind, salt, tag].join('$'))).toBe(true)
})

test('a box that is started without a word about it hashes at 19 MiB and two passes', () => {
  expect(safePinCost).toEqual({ memory: 19 * 1_024, passes: 2 })
})

test.each([
  '',
  'argon2id',
  'argon2id$$',
  'argon2id$m=,t=$AAAAAAAAAAAAAAAAAAAAAA$AAAA',
  'scrypt$AAAAAAAAAAAAAAAAAAAAAA$AAAA',
])('an unknown format is never right: %s', async (stored) => expect(await matchesPin('258014', stored)).toBe(false))

test.each(['000000', '123456', '654321', '12345', '1234567', 'abcdef'])('%s is a weak PIN', (pin) =>
  expect(isWeakPin(pin)).toBe(true),
)
