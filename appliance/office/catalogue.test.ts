import { afterEach, beforeEach, expect, test } from 'vitest'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { openTestBox, type TestBox } from '../../testing/test-box.ts'

let box: TestBox
beforeEach(async () => {
  box = await openTestBox({ hubKey: regencyKey })
})
afterEach(() => box.remove())

const by = { actor: 'box', key: null }
const ktp = { code: 'ktp', name: 'KTP-el', requires: ['KK'], minutes: 10 }
const publish = (change: object = {}, version = 1) =>
  giveDataset(box, 'services', { services: [{ ...ktp, ...change }] }, { version })
const ours = () => {
  const [row] = box.office.services()
  if (!row) throw new Error('There is no service.')
  return row
}
const admin = () => {
  const [row] = box.screens.admin().services
  if (!row) throw new Error('There is no service.')
  return row
}

test('a service that follows the regency is as the newest version says, with fee, result, agency and date', () => {
  giveDataset(box, 'agencies', { agencies: [{ code: 'capil', name: 'Disdukcapil' }] })
  publish({ fee: 0, result: 'KTP-el', agency: 'capil' })
  expect(box.screens.admin().regency.services).toEqual([ktp])
  box.office.addService({ prefix: 'A', ...ktp, ...by })
  expect(box.screens.admin().regency.services).toEqual([])
  expect(ours()).toMatchObject({ name: 'KTP-el', own: {}, published: { fee: 0, agency: 'Disdukcapil' } })
  publish({ name: 'KTP elektronik', requires: ['KK', 'foto'], minutes: 15, fee: 5000 }, 2)
  expect(ours()).toMatchObject({ publicName: 'KTP elektronik', requires: ['KK', 'foto'], minutes: 15 })
  const [kiosk] = box.screens.kiosk().services
  expect(kiosk).toMatchObject({ requires: ['KK', 'foto'], published: { fee: 5000, at: Date.UTC(2026, 10, 12) } })
  const ticket = box.queue.takeTicket({ service: ours().service, ...by })
  expect(ticket.label).toBe('A001')
})

test('what the village set itself survives a new version; a change of the regency there is shown until somebody decides', () => {
  publish()
  box.office.addService({ prefix: 'A', ...ktp, requires: ['KK', 'surat RT'], ...by })
  publish({ minutes: 20 }, 2)
  expect(ours()).toMatchObject({ requires: ['KK', 'surat RT'], minutes: 20 })
  expect(admin().conflicts).toEqual([])

  publish({ requires: ['KK', 'akta'], minutes: 20 }, 3)
  expect(ours().requires).toEqual(['KK', 'surat RT'])
  expect(admin().conflicts).toEqual([{ member: 'requires', theirs: 'KK, akta' }])

  const { service, name, requires, minutes } = ours()
  box.office.changeService({ service, name, requires, minutes, ...by }) // "keep ours"
  expect(admin().conflicts).toEqual([])
  expect(ours().requires).toEqual(['KK', 'surat RT'])
  box.office.changeService({ service, name, requires: ['KK', 'akta'], minutes, ...by }) // "take the regency's"
  expect(ours().own).toEqual({})
  publish({ requires: ['KK'], minutes: 20 }, 4)
  expect(ours().requires).toEqual(['KK'])
})

test('a service that the regency drops stays as the office last had it set, and one that it never had is refused', () => {
  publish()
  box.office.addService({ prefix: 'A', ...ktp, ...by })
  giveDataset(box, 'services', { services: [] }, { version: 2 })
  expect(ours()).toMatchObject({ name: 'KTP-el', requires: ['KK'], published: null })
  expect(() => box.office.addService({ prefix: 'B', ...ktp, code: 'skck', ...by })).toThrow('no service skck')
})

test('going back to the version before is seen at the kiosk at once', () => {
  publish()
  box.office.addService({ prefix: 'A', ...ktp, ...by })
  publish({ minutes: 60 }, 2)
  box.datasets.rollBack({ dataset: 'services', ...by })
  expect(ours().minutes).toBe(10)
})

test('holidays of the regency close the office, unless it says that it is open', () => {
  giveDataset(box, 'holidays', { holidays: [{ day: '2026-11-23', name: 'Hari jadi kabupaten' }] })
  box.office.addService({ prefix: 'A', name: 'KTP', requires: [], minutes: 10, ...by })
  const { service } = ours()
  const state = () => box.screens.kiosk().services[0]?.state
  expect(state()).toBe('closed')
  expect(() => box.queue.takeTicket({ service, ...by })).toThrow('closed at this hour')
  const waive = { day: '2026-11-23', ...by }
  box.office.waiveHoliday({ ...waive, waived: true })
  expect(state()).toBe('open')
  expect(box.office.regencyHolidays()).toEqual([{ day: '2026-11-23', name: 'Hari jadi kabupaten', waived: true }])
  box.office.waiveHoliday({ ...waive, waived: false })
  expect(state()).toBe('closed')
})
