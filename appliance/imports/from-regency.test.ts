import { generateKeyPairSync } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bringFile, bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { openTestBox, type TestBox, testVillage } from '../../testing/test-box.ts'
import { makeResidents } from '../cli/demo-residents.ts'
import type { PersonFields } from '../residents/person.ts'
import { recipientOfBox } from '../wire/box-recipient.ts'
import { sealResidents } from '../wire/sealed-residents.ts'
import { publicKeyOf } from '../wire/sign.ts'

let box: TestBox
let lines: string[]
beforeEach(async () => {
  lines = []
  box = await openTestBox({ hubKey: regencyKey, onLog: (line) => lines.push(line) })
})
afterEach(() => box.remove())

const by = { actor: 'secretary-000' }
const names = (query: string) => box.residents.find(query).map(({ name }) => name)
const siti: PersonFields = {
  ...{ name: 'SITI AMINAH', nik: '3510154107800001', kk: '3510150101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
const wrong: PersonFields = { ...siti, name: 'RATNA DEWI', nik: '351015410780' }
const head = { village: testVillage, source: 'tamansari.csv', asOf: '2026-11-01', mark: null }

type How = { recipient?: string; village?: string; mark?: string | null }
async function give(version: number, file: string, { recipient, ...about }: How = {}): Promise<void> {
  const to = recipient ?? recipientOfBox(box.identity.publicKey)
  const sealed = (await sealResidents({ ...head, ...about }, Buffer.from(file), to)).toString('base64')
  giveDataset(box, 'residents', { sealed }, { version })
}
const settled = async () => {
  box.imports.look()
  await box.imports.whenLooked()
}
const entries = () => box.journal.readBehind(box.journal.head().epoch, 0, 1_000)
const alarms = () => box.alarms.list().map(({ code }) => code)
const written = (...types: string[]) =>
  entries()
    .filter(({ type }) => types.includes(type))
    .map(({ type, actor, data }) => ({ type, actor, data: JSON.parse(data) as object }))

test('SYNC-021: what the regency sent counts at once where nothing is refused or asked, and is taken back like a file', async () => {
  await give(7, residentSheet([siti]))
  await settled()
  expect(names('siti aminah')).toEqual(['SITI AMINAH'])
  expect(box.imports.view()).toMatchObject({
    staged: null,
    past: [{ source: 'tamansari.csv', asOf: '2026-11-01', sent: true, mayUndo: true, counts: { new: 1 } }],
  })
  expect(written('datasets.applied', 'imports.applied')).toMatchObject([
    { type: 'datasets.applied', actor: 'hub', data: { dataset: 'residents', version: 7 } },
    { type: 'imports.applied', actor: 'hub', data: { format: 'plain', asOf: '2026-11-01' } },
  ])
  expect(box.datasets.view()).toMatchObject([{ dataset: 'residents', current: 7, before: null, refused: null }])
  expect(alarms()).not.toContain('imports.sent-waits')
  box.imports.undo({ ...by, key: null })
  expect(names('siti aminah')).toEqual([])
  // It is not taken again, and nothing of it lies anywhere.
  await settled()
  expect(names('siti aminah')).toEqual([])
  expect(box.store.db.prepare('SELECT sum(length(file)) FROM dataset_version').pluck().get()).toBe(0)
  expect(readdirSync(join(box.data, 'imports'))).toEqual([])
})

test('what holds a refused row waits for a person, who hears of it, and a newer version takes its place', async () => {
  await give(1, residentSheet([siti, wrong]))
  await settled()
  expect(names('siti')).toEqual([])
  const waiting = { sent: true, state: 'ready', counts: { new: 1, refused: 1 } }
  expect(box.imports.view().staged).toMatchObject(waiting)
  expect(box.imports.rows({ outcome: 'refused', behind: 0 })).toMatchObject([{ row: 3 }])
  expect(alarms()).toContain('imports.sent-waits')
  expect(written('datasets.applied')).toMatchObject([{ data: { version: 1 } }])
  await box.close()
  box = await openTestBox({ folder: box.data, hubKey: regencyKey })
  expect(box.imports.view().staged).toMatchObject(waiting)
  expect(alarms()).toContain('imports.sent-waits')

  await give(2, residentSheet([{ ...siti, name: 'SITI AMINAH B' }, wrong]))
  await settled()
  expect(box.imports.view().staged).toMatchObject(waiting)
  box.imports.apply({ ...by, key: null })
  expect(names('siti')).toEqual(['SITI AMINAH B'])
  expect(alarms()).not.toContain('imports.sent-waits')
})

test('two people who may be one wait for a person, who decides as with any file', async () => {
  await bringResidents(box, residentSheet([siti]), by)
  await give(1, residentSheet([{ ...siti, name: 'RATNA DEWI', birthDate: '1991-02-03' }]))
  await settled()
  expect(box.imports.view().staged?.counts).toMatchObject({ asked: 1 })
  const [row] = box.imports.rows({ outcome: 'asked', behind: 0 })
  box.imports.answer({ row: row?.row ?? 0, take: false, resident: null })
  box.imports.apply({ ...by, key: null })
  expect(names('siti')).toEqual(['SITI AMINAH'])
})

test('a file that somebody has brought comes first; what the regency sent follows when that is used or put away', async () => {
  await bringFile(box, residentSheet([{ ...siti, motherName: 'MUINAH' }]), by)
  await give(1, residentSheet([{ ...siti, nik: '3510154107800002', name: 'NUR AINI', birthDate: '1990-01-01' }]))
  await settled()
  expect(box.imports.view().staged).toMatchObject({ sent: false })
  box.imports.apply({ ...by, key: null })
  await settled()
  expect(names('nur aini')).toEqual(['NUR AINI'])
  expect(names('muinah')).toEqual(['SITI AMINAH'])
})

test('what is put away by a person does not come again', async () => {
  await give(1, residentSheet([siti, wrong]))
  await settled()
  await box.imports.drop()
  await settled()
  expect(box.imports.view()).toMatchObject({ staged: null, past: [] })
  expect(box.datasets.view()).toMatchObject([{ current: 1 }])
})

const refused = {
  'to another box': {
    why: 'sealed',
    give: () => {
      const { privateKey } = generateKeyPairSync('ed25519')
      return give(2, residentSheet([siti]), { recipient: recipientOfBox(publicKeyOf(privateKey)) })
    },
  },
  'of another village': {
    why: 'unreadable',
    give: () => give(2, residentSheet([siti]), { village: '3510242009' }),
  },
  'without anybody’s name': { why: 'unreadable', give: () => give(2, 'Umur;Berat\n40;60\n') },
  'that ends amid a cell': { why: 'unreadable', give: () => give(2, 'Nama;NIK\nSITI;1\n"RATNA;2\n') },
  'that is no table': { why: 'unreadable', give: () => give(2, '\x89PNG\r\n\x1a\n\0\0\0\rIHDR') },
}
test.each(Object.entries(refused))(
  'a dataset %s is an alarm and an entry; what counted stays, and the next one is taken',
  async (_what, one) => {
    await give(1, residentSheet([siti]))
    await settled()
    await one.give()
    await settled()
    expect(names('siti')).toEqual(['SITI AMINAH'])
    expect(written('datasets.refused')).toEqual([
      { type: 'datasets.refused', actor: 'hub', data: { dataset: 'residents', version: 2, why: one.why } },
    ])
    expect(box.alarms.list()).toMatchObject([{ code: 'datasets.refused', details: { dataset: 'residents' } }])
    expect(box.datasets.view()).toMatchObject([{ current: 1, refused: 2 }])
    expect(box.imports.view().staged).toBeNull()
    await give(3, residentSheet([{ ...siti, motherName: 'MUINAH' }]))
    await settled()
    expect(names('muinah')).toEqual(['SITI AMINAH'])
    expect(alarms()).not.toContain('datasets.refused')
  },
)

test('a list of aid marks people under the name that the regency gave it', async () => {
  await bringResidents(box, residentSheet([siti]), by)
  await give(1, `NIK;Nama KPM\n${siti.nik};SITI AMINAH\n`, { mark: 'PKH 2026' })
  await settled()
  expect(box.imports.view().past[0]).toMatchObject({ format: 'aid', sent: true })
  const stored = box.store.db.prepare<[], string>('SELECT person FROM resident_now').pluck().get()
  expect(JSON.parse(stored ?? '')).toMatchObject({ marks: [{ mark: 'PKH 2026' }] })
})

test('a box that stops while it reads what the regency sent has it after the start', async () => {
  await give(1, residentSheet(makeResidents({ seed: 1, count: 1_500 })))
  await new Promise((resolve) => setImmediate(resolve))
  expect(box.imports.view().past).toEqual([])
  await box.close()
  box = await openTestBox({ folder: box.data, hubKey: regencyKey })
  await settled()
  const { staged, past, failed } = box.imports.view()
  expect({ staged, failed }).toEqual({ staged: null, failed: null })
  expect(past).toMatchObject([{ sent: true }])
  expect(past[0]?.counts.new).toBeGreaterThan(1_000)
})

test('nothing of anybody whom the regency sent is in the log, an entry, an alarm, or stays in clear or sealed', async () => {
  await give(1, residentSheet([siti, wrong]))
  await settled()
  await give(2, 'Nama;NIK\nSITI AMINAH;3510154107800001\n"RATNA DEWI;2\n')
  await settled()
  const said = [lines.join('\n'), JSON.stringify(entries()), JSON.stringify(box.alarms.list())]
  said.push(JSON.stringify(box.health.message()))
  for (const text of said) expect(text).not.toMatch(/SITI|AMINAH|RATNA|DEWI|35101541|3510150101100001|tamansari\.csv/)
  expect(lines.join('\n')).toContain('residents')
  expect(box.store.db.prepare('SELECT sum(length(file)) FROM dataset_version').pluck().get()).toBe(0)
})
