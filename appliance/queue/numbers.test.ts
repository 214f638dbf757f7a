import { afterEach, expect, test } from 'vitest'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'

let box: TestBox | undefined
afterEach(async () => {
  await box?.remove()
  box = undefined
})

/** A furnished box that has given three numbers, stopped and started again on other hardware, as after a swap. */
async function openMovedBox() {
  const before = await openTestBox()
  const { services } = await furnish(before)
  for (let i = 0; i < 3; i++) before.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  await before.close()
  const moved = await openTestBox({ folder: before.folder, hardware: { serial: 'another', card: 'test' } })
  box = moved
  return { moved, services, take: () => moved.queue.takeTicket({ service: services[0], ...by('kiosk:1') }) }
}

test('SYNC-010, F58: on changed hardware no number is given before the regency was heard or a person said the last one', async () => {
  const { moved, services, take } = await openMovedBox()
  expect(moved.journal.numbersHeld()).toBe('hardware')
  expect(take).toThrow(expect.objectContaining({ code: 'queue.numbers-held' }))
  moved.queue.confirmNumbers({ last: [[services[0], 41]], ...by('petugas') })
  expect(take().label).toBe('A042')
  expect(moved.journal.numbersHeld()).toBeNull()
})

test('SYNC-010: the number that was said never lowers a series that is further', async () => {
  const { moved, services, take } = await openMovedBox()
  moved.queue.confirmNumbers({ last: [[services[0], 1]], ...by('petugas') })
  expect(take().label).toBe('A004')
})

test('SYNC-010: a first start holds nothing back, and a number said without need changes nothing', async () => {
  box = await openTestBox()
  const { services } = await furnish(box)
  expect(box.journal.numbersHeld()).toBeNull()
  box.queue.confirmNumbers({ last: [[services[0], 41]], ...by('petugas') })
  expect(box.queue.takeTicket({ service: services[0], ...by('kiosk:1') }).label).toBe('A001')
})

test('SYNC-012: a box that another one has replaced gives no numbers, and gives them again when it is chosen again', async () => {
  const opened = await openTestBox()
  box = opened
  const { services } = await furnish(opened)
  const take = () => opened.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  opened.journal.setForeignOwner(true)
  expect(take).toThrow(expect.objectContaining({ code: 'queue.not-owner' }))
  opened.queue.confirmNumbers({ last: [[services[0], 41]], ...by('petugas') })
  expect(take).toThrow(expect.objectContaining({ code: 'queue.not-owner' }))
  opened.journal.setForeignOwner(false)
  expect(take().label).toBe('A001')
})
