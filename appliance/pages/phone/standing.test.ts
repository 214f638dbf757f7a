import { expect, test } from 'vitest'
import type { LineView, TicketView } from '../../queue/ticket-view.ts'
import { standing } from './standing.ts'

const ticket = { number: 'A014', day: '2026-11-23', state: 'waiting', ahead: 3 } as TicketView
const row = { number: 'A014', state: 'called', counter: 'Loket 2', calls: 1, ahead: 0 } as const
const line = (day: string) => ({ day, line: [row] }) as unknown as LineView

test('a ticket follows its row in the line', () => {
  expect(standing(ticket, line('2026-11-23'))).toMatchObject({ state: 'called', counter: 'Loket 2' })
})

test('the same number on another day is another ticket', () => {
  expect(standing(ticket, line('2026-11-24')).state).toBe('closed')
  expect(standing({ ...ticket, state: 'completed' }, line('2026-11-24')).state).toBe('completed')
})

test('without a view the ticket is as it was taken', () => {
  expect(standing(ticket, null)).toMatchObject({ state: 'waiting', ahead: 3 })
})
