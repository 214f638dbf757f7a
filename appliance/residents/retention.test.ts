import { afterEach, beforeEach, expect, test } from 'vitest'
import { bringFile, bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { furnish, openTestBox } from '../../testing/test-box.ts'
import { dayMs } from '../base/time.ts'
import type { PersonFields } from './person.ts'
import { usualDays } from './retention-rules.ts'

let box: Awaited<ReturnType<typeof openTestBox>>
let office: Awaited<ReturnType<typeof furnish>>
beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
})
afterEach(() => box.remove())

const by = { actor: 'secretary-000' }
const person = (name: string, n: number, status = 1): PersonFields => ({
  ...{ name, nik: `351024010180000${n}`, birthPlace: 'BANYUWANGI', birthDate: '1980-01-01', sex: 1, status },
})
const people = [person('SLAMET', 1), person('MARIYAM', 2, 2), person('SUPARDI', 3, 3)]
const names = (query: string) => box.residents.find(query).map(({ name }) => name)
const gone = () =>
  box.journal
    .readBehind(box.journal.head().epoch, 0, 10_000)
    .filter(({ type }) => type === 'residents.let-go')
    .map(({ data }) => JSON.parse(data) as unknown)
const set = (days: Partial<typeof usualDays>) =>
  box.residents.retention.set({ days: { ...usualDays, ...days }, actor: 'head-0000000', key: null })
const pass = async (days: number) => {
  box.time.advance(days * dayMs)
  await box.residents.look()
}

test('the dead and those who moved go after their days, each by an entry that counts them; who lives here stays', async () => {
  await bringResidents(box, residentSheet(people), by)
  set({ dead: 60, moved: 90 })
  expect(box.residents.retention.view().next).toMatchObject({ dead: 0, moved: 0 })
  await pass(40)
  expect(box.residents.retention.view().next).toMatchObject({ dead: 1, moved: 0 })
  expect(names('mariyam')).toEqual(['MARIYAM'])
  await pass(21)
  expect(names('mariyam')).toEqual([])
  expect(names('supardi')).toEqual(['SUPARDI'])
  await pass(30)
  expect(names('supardi')).toEqual([])
  expect(names('slamet')).toEqual(['SLAMET'])
  expect(gone()).toEqual([
    { count: 1, kind: 'dead' },
    { count: 1, kind: 'moved' },
  ])
})

test('other rooms hear once of all who go in one transaction, and know each of them', async () => {
  await bringResidents(box, residentSheet([...people, person('SUMINAH', 4, 2)]), by)
  set({ dead: 60 })
  const heard: string[][] = []
  box.residents.onErase((_tx, { residents, isNamed }) => {
    heard.push(people.flatMap((said) => (isNamed(said) ? [said.name ?? ''] : [])))
    expect(residents.size).toBe(2)
  })
  await pass(61)
  expect(heard).toEqual([['MARIYAM']])
})

test('a file that still says dead brings nobody back; who lives here again comes back', async () => {
  await bringResidents(box, residentSheet(people), by)
  set({ dead: 30, moved: 30 })
  await pass(31)
  await bringFile(box, residentSheet(people), by)
  expect(box.imports.view().staged?.counts).toMatchObject({ new: 0, same: 3, asked: 0 })
  box.imports.apply({ ...by, key: null })
  expect(names('mariyam')).toEqual([])
  await bringResidents(box, residentSheet([person('SUPARDI', 3, 1)]), by)
  expect(names('supardi')).toEqual(['SUPARDI'])
})

test('a file that was not used is put away, and what was said of rows goes', async () => {
  await bringResidents(box, residentSheet([...people, { ...person('SALAH', 4), nik: '12' }]), by)
  expect(box.imports.rows({ outcome: 'refused', behind: 0 })).toHaveLength(1)
  await pass(91)
  expect(box.imports.rows({ outcome: 'refused', behind: 0 })).toHaveLength(0)
  await bringFile(box, residentSheet([person('BARU', 5)]), by)
  await pass(29)
  expect(box.imports.view().staged).not.toBeNull()
  expect(box.residents.retention.view().next.staged).toBe(1)
  await pass(2)
  expect(box.imports.view().staged).toBeNull()
  expect(gone()).toEqual([
    { count: expect.any(Number), kind: 'problems' },
    { count: 1, kind: 'staged' },
  ])
})

test('openings that are older are not shown, and their entries stay', async () => {
  await bringResidents(box, residentSheet(people), by)
  const open = () =>
    box.residents.open({
      ...{ resident: box.residents.find('slamet')[0]?.resident ?? '', as: 'clerk', reason: 'present' },
      ...{ note: '', actor: office.clerks[0] ?? '', key: null },
    })
  await open()
  set({ openings: 10 })
  expect(box.residents.retention.view().next.openings).toBe(1)
  await pass(11)
  expect((await open()).trail).toHaveLength(1)
  expect(box.store.db.prepare('SELECT count(*) FROM resident_opened').pluck().get()).toBe(2)
})

test('nothing goes where an office says so, nor by a date that nobody vouches for', async () => {
  await box.remove()
  box = await openTestBox({ trusted: false })
  await bringResidents(box, residentSheet(people), by)
  set({ dead: null, moved: 30 })
  await pass(40)
  expect(names('supardi')).toEqual(['SUPARDI'])
  box.clock.setNtp(true)
  await pass(1)
  expect(names('supardi')).toEqual([])
  expect(names('mariyam')).toEqual(['MARIYAM'])
})

test('R3: a date that somebody mistyped as 2050 takes nobody', async () => {
  await box.remove()
  box = await openTestBox({ trusted: false })
  await bringResidents(box, residentSheet(people), by)
  set({ moved: 30 })
  box.clock.confirm(Date.UTC(2050, 0, 1, 3))
  await pass(1)
  expect(names('supardi')).toEqual(['SUPARDI'])
})
