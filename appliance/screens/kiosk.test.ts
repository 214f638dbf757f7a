import { afterEach, beforeEach, expect, test } from 'vitest'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'

/* What the tiles promise is what the ticket says. */

let box: TestBox
beforeEach(async () => {
  box = await openTestBox()
})
afterEach(() => box?.remove())

test('a tile counts who is before whoever takes its number now, as the ticket does, also where letters share a line', async () => {
  const { services, clerks, counters } = await furnish(box)
  const take = (service: string, group?: 'elderly') =>
    box.queue.takeTicket({ service, ...(group && { group }), actor: 'kiosk:1', key: null })
  const [first, second] = services as [string, string]
  for (let i = 0; i < 7; i++) take(i % 3 === 0 ? second : first)
  take(second, 'elderly')
  box.office.sit({ ...by(clerks[0]), counter: counters[0] })
  box.queue.callNext({ ...by(clerks[0]), counter: counters[0] })
  for (const service of [first, second, first]) {
    const tile = box.screens.kiosk().services.find((one) => one.service === service)
    expect(tile?.ahead).toBeGreaterThan(1)
    expect(box.queue.show(take(service)).ahead).toBe(tile?.ahead)
  }
})

test('services stand by their letters, in whatever order they were added', async () => {
  const { technician } = await furnish(box)
  const more = { requires: [], minutes: 10, actor: technician, key: null }
  for (const prefix of ['J', 'H']) box.office.addService({ prefix, name: `Layanan ${prefix}`, ...more })
  const letters = box.screens.kiosk().services.map(({ prefix }) => prefix)
  expect(letters).toEqual([...letters].sort())
})
