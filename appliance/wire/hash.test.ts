import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import vectors from './golden/hashes.json' with { type: 'json' }
import { canonicalJson, entryHash, entryName, epochStart, type HashedEntry, privateHash, publicJson } from './hash.ts'

const readHash = (text: string) => Buffer.from(text, 'base64url')

test('the chain of an epoch starts at the hash of village and epoch', () => {
  const { village, epoch, hash } = vectors.start
  expect(epochStart(village, epoch).toString('base64url')).toBe(hash)
})

test.each(vectors.entries)(
  'an entry has its hash and name: $case',
  ({ prev, entry, private: part, publicJson: json, p, hash, name }) => {
    const hashed = entry as HashedEntry
    expect(publicJson(hashed)).toBe(json)
    expect(privateHash(part).toString('hex')).toBe(p)
    const here = entryHash(readHash(prev), hashed, privateHash(part))
    expect(here.toString('base64url')).toBe(hash)
    expect(entryName(here, hashed, privateHash(part)).toString('base64url')).toBe(name)
  },
)

test('an erased private part leaves the hash as it was', () => {
  const withPart = vectors.entries.find(({ private: part }) => part !== null)
  const { prev, entry, p, hash } = withPart as NonNullable<typeof withPart>
  expect(entryHash(readHash(prev), entry as HashedEntry, Buffer.from(p, 'hex')).toString('base64url')).toBe(hash)
})

test('the written-out order of the public members is the canonical one', () => {
  const entry = fc.record({
    village: fc.stringMatching(/^[0-9]{10}$/),
    epoch: fc.stringMatching(/^[A-Za-z0-9_-]{12}$/),
    seq: fc.nat(),
    type: fc.constantFrom('queue.ticket-taken', 'people.logged-in'),
    at: fc.maxSafeInteger(),
    clock: fc.constantFrom('synced', 'confirmed', 'doubtful'),
    actor: fc.string({ unit: 'grapheme' }),
    key: fc.option(fc.string()),
    data: fc.dictionary(
      fc.string({ unit: 'grapheme' }),
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
    ),
    origin: fc.option(fc.tuple(fc.string(), fc.nat(), fc.string())),
  })
  fc.assert(fc.property(entry, (value) => publicJson(value) === canonicalJson(value)))
})

test('what is canonical for the library is canonical here, in order or not', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => canonicalJson(value) === canonicalize(value)))
  for (const value of [
    { 10: 1, 2: 1 },
    { b: 1, a: { d: [{ f: 0, e: -0 }], c: 1e21 } },
    { é: '\u2028', z: '"\\ud800"' },
  ]) {
    expect(canonicalJson(value)).toBe(canonicalize(value))
  }
  expect(() => canonicalJson({ lone: '\ud800' })).toThrow()
})
