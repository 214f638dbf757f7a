import { generateKeyPairSync } from 'node:crypto'
import { base32nopad } from '@scure/base'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeByList } from '../../wire/judge-letter.ts'
import { digestName, parseLetterCode, signLetter, verifyLetter } from '../../wire/letter-code.ts'
import { publicKeyOf } from '../../wire/sign.ts'
import { judgeKept } from './verify.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const key = publicKeyOf(privateKey)
const statement = {
  ...{ village: '3510242008', letter: 'AbCdEf012_-9', day: '2026-11-23', template: 'keterangan-usaha' },
  ...{ number: '500.2/001/2008/XI/2026', content: '00'.repeat(16), name: digestName('AbCdEf012_-9', 'SITI AMINAH') },
}
const code = signLetter(privateKey, statement)
const list = { asOf: '2026-11-24', keys: [{ village: '3510242008', key }], voided: [] }

test('a letter is signed, void, not true, unknown or unreadable, by the list alone', () => {
  expect(judgeKept(code, ' siti  aminah', list)).toMatchObject({ verdict: 'signed', name: true, says: statement })
  expect(judgeKept(code, 'Budi', list)).toMatchObject({ verdict: 'signed', name: false })
  const voided = [{ letter: statement.letter, on: '2026-11-24' }]
  expect(judgeKept(code, '', { ...list, voided })).toMatchObject({
    verdict: 'void',
    voidedOn: '2026-11-24',
    name: null,
  })
  const { privateKey: other } = generateKeyPairSync('ed25519')
  const foreign = signLetter(other, statement)
  expect(judgeKept(foreign, '', list)).toMatchObject({ verdict: 'false', asOf: '2026-11-24' })
  expect(judgeKept(foreign, '', { ...list, asOf: '2026-11-01' })).toMatchObject({ verdict: 'unknown' })
  expect(judgeKept(code, '', { ...list, keys: [] })).toMatchObject({ verdict: 'unknown' })
  expect(
    judgeKept(code, '', { ...list, keys: [{ ...list.keys[0], village: '3510242008', key, until: '2026-11-22' }] })
      .verdict,
  ).toBe('false')
  for (const text of ['', 'A001', code.slice(0, 60)]) expect(judgeKept(text, '', list).verdict).toBe('unreadable')
})

test('it says what a box says, whatever byte is changed', () => {
  const bytes = base32nopad.decode(code.slice('BALAI1.'.length))
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ by
      const text = `BALAI1.${base32nopad.encode(changed)}`
      const read = parseLetterCode(text)
      const expected = read ? judgeByList(read, list, verifyLetter).verdict : 'unreadable'
      expect(expected).not.toBe('signed')
      expect(judgeKept(text, '', list).verdict).toBe(expected)
    }),
    { numRuns: 150 },
  )
})
