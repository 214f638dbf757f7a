import { parseArgs } from 'node:util'
import { expect, test } from 'vitest'
import { keepBoxIds } from './box-ids.ts'

const parse = (...args: string[]) =>
  parseArgs({
    args: keepBoxIds(args),
    allowPositionals: true,
    options: { box: { type: 'string' }, now: { type: 'boolean' }, config: { type: 'string' } },
  })

test.each(['-Zq3kPz0xN5tYb1Lw2Rs7A', '--q3kPz0xN5tYb1Lw2Rs7A', 'aZq3kPz0xN5tYb1Lw2Rs7A'])('%s is a box', (box) => {
  expect(parse('wipe', '3510012001', '--box', box, '--now')).toMatchObject({
    values: { box, now: true },
    positionals: ['wipe', '3510012001'],
  })
  const { values, positionals } = parse('owner', '3510012001', box, '--config', 'hub.toml')
  expect({ ...values, positionals }).toEqual({ config: 'hub.toml', positionals: ['owner', '3510012001', box] })
})

test('the beginning of a key may begin with a hyphen, too; what is no box stays what it is', () => {
  expect(parse('revoke', '3510012001', '--box', '-Zq', '--now').values).toEqual({ box: '-Zq', now: true })
  expect(() => parse('revoke', '-Zq')).toThrow(/-Z/)
})
