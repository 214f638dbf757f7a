import { afterEach, beforeEach, expect, test } from 'vitest'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'

let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>
const dayMs = 86_400_000

beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
})
afterEach(() => box.remove())

test('a running text ends with its last day, by itself', () => {
  const { screens, time } = box
  box.office.changeNotice({ text: 'Posyandu Rabu pagi', until: '2026-11-24', ...by(office.technician) })
  expect(screens.display().notice).toBe('Posyandu Rabu pagi')
  time.advance(dayMs)
  box.lookAtDay()
  expect(screens.kiosk().notice).toBe('Posyandu Rabu pagi')
  time.advance(dayMs)
  box.lookAtDay()
  expect([screens.display().notice, screens.kiosk().notice]).toEqual(['', ''])
  box.office.changeNotice({ text: 'Buka sampai malam', ...by(office.technician) })
  time.advance(30 * dayMs)
  box.lookAtDay()
  expect(screens.display().notice).toBe('Buka sampai malam')
})

test('a counter is left out of calling by itself, until somebody changes that', () => {
  const { screens } = box
  const [counter] = office.counters
  const { name, services } = box.office.counters()[0] ?? { name: '', services: [] }
  const calls = () => screens.desk(counter).counter?.autoCall
  expect(calls()).toBe(true)
  box.office.changeCounter({ counter, name, services, autoCall: false, ...by(office.technician) })
  expect(calls()).toBe(false)
  box.office.changeCounter({ counter, name: 'Loket depan', services, ...by(office.technician) })
  expect(calls()).toBe(false)
})
