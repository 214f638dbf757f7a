import { afterEach, beforeEach, expect, test } from 'vitest'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'

let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>
let ticket: string
const secret = 'bawa akta nikah asli'

beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
  ticket = box.queue.takeTicket({ service: office.services[0], actor: 'kiosk:1', key: null }).ticket
})
afterEach(() => box.remove())

test('a note goes with its ticket to the next counter, and is gone after its end', () => {
  const { queue, screens } = box
  const [first, second] = office.counters
  for (const [at, account] of office.clerks.entries())
    box.office.sit({ ...by(account), counter: office.counters[at] ?? '' })
  queue.callNext({ ...by(office.clerks[0]), counter: first })
  queue.start({ ...by(office.clerks[0]), ticket })
  queue.writeNote({ ticket, note: secret })
  expect(screens.desk(first).current?.note).toBe(secret)
  queue.transfer({ ...by(office.clerks[0]), ticket, service: office.services[1], counter: null, position: 'front' })
  expect(screens.desk(second).waiting[0]?.note).toBe(secret)
  queue.callNext({ ...by(office.clerks[1]), counter: second })
  queue.start({ ...by(office.clerks[1]), ticket })
  queue.complete({ ...by(office.clerks[1]), ticket, result: 'done' })
  box.lookAtDay()
  expect(queue.noteOf(ticket)).toBeNull()
  expect(() => queue.writeNote({ ticket, note: secret })).toThrow('has ended')
})

test('an empty note takes it away, and nothing of it stands in the journal or before citizens', () => {
  const { queue, screens, store } = box
  queue.writeNote({ ticket, note: secret })
  const entries = store.db.prepare<[], { data: string }>('SELECT data FROM entry').all()
  const shown = [entries, screens.display(), screens.kiosk(), queue.show(queue.ticket(ticket))]
  expect(JSON.stringify(shown)).not.toContain(secret)
  queue.writeNote({ ticket, note: '' })
  expect(queue.noteOf(ticket)).toBeNull()
})
