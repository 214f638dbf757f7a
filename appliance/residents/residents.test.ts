import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bringFile, bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { furnish, openTestBox, testVillage } from '../../testing/test-box.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { rooms } from '../rooms.ts'
import { recipientOfBox } from '../wire/box-recipient.ts'
import { sealResidents } from '../wire/sealed-residents.ts'
import type { PersonFields } from './person.ts'

let box: Awaited<ReturnType<typeof openTestBox>>
let office: Awaited<ReturnType<typeof furnish>>
beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
})
afterEach(() => box.remove())

const mother: PersonFields = {
  ...{ name: 'SITI AMINAH', nik: '3510154107800001', kk: '3510150101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
const child: PersonFields = {
  ...{ name: 'RIZKY RAMADHAN', nik: '3510150508180003', kk: '3510150101100001', sex: 1, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '2018-08-05', relation: 4, hamlet: 'KRAJAN', rw: '001', rt: '002' },
}

const idOf = (query: string): string => box.residents.find(query)[0]?.resident ?? ''
const clerk = () => office.clerks[0] ?? ''
const open = (resident: string, more: Partial<Parameters<typeof box.residents.open>[0]> = {}) =>
  box.residents.open({ resident, as: 'clerk', reason: null, note: '', actor: clerk(), key: null, ...more })

/** The clerk serves somebody: a number in service. */
function serve() {
  const command = { actor: clerk(), account: clerk(), key: null, counter: office.counters[0] ?? '' }
  box.queue.takeTicket({ service: office.services[0] ?? '', actor: 'kiosk:1', key: null })
  box.office.sit(command)
  const { ticket } = box.queue.callNext(command)
  box.queue.start({ ...command, ticket })
}

describe('opening a record', () => {
  beforeEach(() => bringResidents(box, residentSheet([mother, child]), { actor: 'secretary-000' }))

  test('a list shows nobody’s number whole', () => {
    expect(box.residents.find('siti')).toMatchObject([{ name: 'SITI AMINAH', nik: '351015******0001', age: 46 }])
    expect(JSON.stringify(box.residents.find('siti'))).not.toContain('3510154107800001')
  })

  test('without a number in service it takes a reason, and the words of another reason are private', async () => {
    await expect(open(idOf('siti'))).rejects.toMatchObject({
      code: 'residents.reason-needed',
      details: { why: 'no-ticket' },
    })
    await expect(open(idOf('siti'), { reason: 'other', note: ' ' })).rejects.toMatchObject({
      code: 'residents.note-needed',
    })
    const record = await open(idOf('siti'), { reason: 'other', note: 'Tetangganya sakit' })
    expect(record.person.nik).toBe('3510154107800001')
    expect(record.trail).toMatchObject([{ name: 'Petugas 1', reason: 'other', note: 'Tetangganya sakit' }])
    const entries = box.journal.readBehind(box.journal.head().epoch, 0, 1_000)
    const opened = entries.filter(({ type }) => type === 'residents.record-opened')
    expect(opened).toHaveLength(1)
    expect(opened[0]?.data).not.toMatch(/Tetangga|SITI|35101541/)
  })

  test('for a number in service it takes none, and the trail says which number it was', async () => {
    serve()
    const { trail } = await open(idOf('siti'))
    expect(trail).toMatchObject([{ ticket: 'A001', reason: null }])
  })

  test('a clerk says why a child’s is opened, a head does not while a number is in service', async () => {
    serve()
    await expect(open(idOf('rizky'))).rejects.toMatchObject({ details: { why: 'child' } })
    expect((await open(idOf('rizky'), { as: 'head' })).person.name).toBe('RIZKY RAMADHAN')
    expect((await open(idOf('rizky'), { reason: 'present' })).person.name).toBe('RIZKY RAMADHAN')
  })

  test('the family stands beside it, masked, and says nothing of itself to the trail', async () => {
    const { family } = await open(idOf('siti'), { reason: 'present' })
    expect(family).toMatchObject([{ name: 'RIZKY RAMADHAN', nik: '351015******0003' }])
    const { trail } = await open(idOf('rizky'), { reason: 'present' })
    expect(trail).toHaveLength(1)
  })

  test('a repeated key is one opening', async () => {
    const key = 'opened-once-'
    await open(idOf('siti'), { reason: 'present', key })
    expect((await open(idOf('siti'), { reason: 'present', key })).trail).toHaveLength(1)
  })

  test('the trail is printed by who has the record open, as a PDF', async () => {
    const resident = idOf('siti')
    expect(() => box.residents.trail(resident, clerk())).toThrow(
      expect.objectContaining({ code: 'residents.not-open' }),
    )
    await open(resident, { reason: 'present' })
    const logIn = await box.app.inject({
      ...({ method: 'POST', url: '/api/session', headers: { 'x-balai': '1' } } as const),
      payload: { account: clerk(), pin: '258014' },
    })
    const cookie = logIn.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const answer = await box.app.inject({ url: `/api/residents/${resident}/trail.pdf`, headers: { cookie } })
    expect(answer.statusCode).toBe(200)
    expect(answer.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    // The whole copy has what a clerk does not see.
    const whole = await box.app.inject({ url: `/api/residents/${resident}/trail.pdf?whole=true`, headers: { cookie } })
    expect(whole.statusCode).toBe(403)
  })

  test('a rebuild gives the same trail, and leaves the cache alone', async () => {
    await open(idOf('siti'), { reason: 'phone' })
    const { trail, person } = await open(idOf('siti'), { reason: 'present' })
    const found = box.residents.find('siti')
    const again = new Database(':memory:')
    migrate(again, ':memory:')
    expect(rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))).toMatchObject({
      ...{ differences: [], failed: [] },
    })
    again.close()
    expect(box.residents.find('siti')).toEqual(found)
    expect((await open(idOf('siti'), { reason: 'check' })).trail.slice(1)).toEqual(trail)
    expect(person.name).toBe('SITI AMINAH')
  })
})

test('the head sees who looked at whom, and what is unusual: the own family, by the name on the card', async () => {
  const own: PersonFields = { ...mother, name: 'Petugas 1', nik: '3510154107800009' }
  await bringResidents(box, residentSheet([own, child, { ...mother, kk: '3510150101100777' }]), {
    actor: 'secretary-000',
  })
  await open(idOf('siti'), { reason: 'phone' })
  await open(idOf('rizky'), { reason: 'present' })
  const view = box.residents.openings({ before: null, unusual: false })
  expect(view.people).toEqual([{ name: 'Petugas 1', records: 2, withoutTicket: 2, unusual: 1 }])
  expect(view.openings).toMatchObject([
    { name: 'Petugas 1', line: { name: 'RIZKY RAMADHAN' }, reason: 'present', unusual: ['own-family'] },
    { name: 'Petugas 1', line: { name: 'SITI AMINAH' }, reason: 'phone', unusual: [] },
  ])
  const [newest] = view.openings
  expect(box.residents.openings({ before: newest?.ordinal ?? 0, unusual: false }).openings).toHaveLength(1)
  expect(box.residents.openings({ before: null, unusual: true }).openings).toHaveLength(1)
})

test('aid lists are marks that a clerk sees for a reason only', async () => {
  await bringResidents(box, residentSheet([mother]), { actor: 'secretary-000' })
  await bringResidents(box, 'NIK;Nama\n3510154107800001;SITI AMINAH\n', { actor: 'secretary-000', mark: 'PKH 2026' })
  serve()
  const hidden = await open(idOf('siti'))
  expect(hidden).toMatchObject({ marksHidden: true })
  expect(JSON.stringify(hidden)).not.toContain('PKH')
  const shown = await open(idOf('siti'), { reason: 'present' })
  expect(shown.person.marks).toMatchObject([{ mark: 'PKH 2026', asOf: '2026-11-01' }])
})

test('whoever looks after the machine finds nobody', async () => {
  const logIn = await box.app.inject({
    ...({ method: 'POST', url: '/api/session', headers: { 'x-balai': '1' } } as const),
    payload: { account: office.technician, pin: '258014' },
  })
  const cookie = logIn.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const answer = await box.app.inject({
    ...({ method: 'POST', url: '/api/residents/find', headers: { 'x-balai': '1', cookie } } as const),
    payload: { query: 'siti' },
  })
  expect(answer.statusCode).toBe(403)
})

test('nothing of a resident reaches the log, the health message, the metrics, a view of another page or what goes up in clear', async () => {
  await box.remove()
  const said: string[] = []
  box = await openTestBox({ hubKey: regencyKey, onLog: (line) => said.push(line) })
  office = await furnish(box)
  const people: PersonFields[] = [mother, child]
  await bringResidents(box, residentSheet(people), { actor: 'secretary-000', source: 'KK SITI AMINAH.csv' })
  serve()
  await open(idOf('siti'))
  await open(idOf('rizky'), { reason: 'other', note: 'SITI AMINAH bertanya' })
  await bringFile(
    box,
    residentSheet([
      { ...mother, nik: '351015' },
      { ...child, kk: '35' },
    ]),
    { actor: 'secretary-000' },
  )
  // What the regency sends: opened, read, and waiting.
  await box.imports.drop()
  const head = { village: testVillage, source: 'KK SITI AMINAH.csv', asOf: '2026-11-01', mark: null }
  const sent = residentSheet([mother, { ...child, nik: '35' }])
  const sealed = await sealResidents(head, Buffer.from(sent), recipientOfBox(box.identity.publicKey))
  giveDataset(box, 'residents', { sealed: sealed.toString('base64') })
  box.imports.look()
  await box.imports.whenLooked()
  expect(box.imports.view().staged).toMatchObject({ sent: true, counts: { refused: 1 } })
  const { app } = box
  const texts = [
    ...[said.join('\n'), (await app.inject('/metrics')).payload, JSON.stringify(box.health.message())],
    ...[
      JSON.stringify(box.screens.desk(office.counters[0])),
      JSON.stringify(box.imports.rows({ outcome: 'refused', behind: 0 })),
    ],
    ...['/', '/api/live/kiosk', '/api/live/line', '/api/health'].map((url) => app.inject(url)),
    JSON.stringify(box.journal.readBehind(box.journal.head().epoch, 0, 1_000).map(({ private: _p, ...sent }) => sent)),
  ]
  const all = (await Promise.all(texts)).map((one) => (typeof one === 'string' ? one : one.payload))
  const planted = people.flatMap(({ name = '', nik = '', kk = '' }) => [...name.split(' '), nik, kk])
  for (const text of all) expect(planted.filter((word) => text.includes(word))).toEqual([])
  expect(all.every((text) => text.length > 0)).toBe(true)
})
