import { expect, test } from 'vitest'
import { escapeBeyondAscii } from './one-byte.ts'

const meant = (code: string): unknown => Function(`return ${code}`)()

test.each([
  "'Bupati’s “kantor” – ☕ 😀'",
  '`Loket “A” … \n`',
  "'\\\\’ and \\’ and \\\\\\’'",
  "/^[\u2018-’]+$/.test('‘’')",
  "/^\\😀$/u.source + '’'.replace(/’/g, 'x')",
  '({ ünë: 1, ’: 2 })'.replace('’: 2', "'’': 2"),
])('%s says the same in ASCII', (code) => {
  const escaped = escapeBeyondAscii(code)
  expect(escaped).toMatch(/^[\0-\x7f]*$/)
  if (!code.includes('.source')) expect(meant(escaped)).toEqual(meant(code))
})
