import { expect, test } from 'vitest'
import { openCatalogues } from '../base/messages/catalogues.ts'
import { ticketsSheet } from './sheet.ts'

const visit = {
  number: 'A001',
  day: '2026-11-23',
  service: '=HYPERLINK("http://x";"KTP")',
  counter: 'Loket; 1',
  state: 'completed',
  takenAt: Date.UTC(2026, 10, 23, 1, 0),
  calledAt: Date.UTC(2026, 10, 23, 1, 7, 30),
  startedAt: null,
  endedAt: null,
  timed: true,
} as const

test('a name is never a formula, and never breaks out of its cell', () => {
  const [, line] = ticketsSheet([visit], 'Asia/Jakarta', openCatalogues().speak('id')).split('\r\n')
  expect(line).toBe('2026-11-23;A001;"\'=HYPERLINK(""http://x"";""KTP"")";"Loket; 1";selesai;08:00:00;08:07:30;;;7,5;')
})
