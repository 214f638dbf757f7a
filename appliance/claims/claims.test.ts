import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { rooms } from '../rooms.ts'

let box: TestBox
let head: string
beforeEach(async () => {
  box = await openTestBox()
  await furnish(box)
  head = await box.people.addAccount({
    ...{ as: 'head', name: 'Bu Kades', role: 'head', pin: '258014', actor: 'x', key: null },
  })
  const siti = { name: 'SITI AMINAH', nik: '3510244107800001', birthDate: '1980-07-01' }
  await bringResidents(box, residentSheet([siti]), { actor: 'secretary-000' })
})
afterEach(() => box.remove())

async function request(): Promise<string> {
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'head', reason: 'present', note: '', actor: head, key: null })
  const signatory = box.letters.signatories()[0]?.signatory ?? ''
  const typed = { keperluan: 'Melamar pekerjaan' }
  return await box.letters.request({ template: 'pengantar-skck', resident, signatory, typed, actor: head, key: null })
}

const give = (letter: string, { anew = false, key = newId() } = {}) =>
  box.claims.giveCode({ letter, anew, actor: head, key })

test('a letter has one code from the request on, another one when it is asked for, and none once it came to nothing', async () => {
  const letter = await request()
  const code = await give(letter)
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  expect(await give(letter)).toBe(code)
  expect(box.letters.view().waiting[0]).toMatchObject({ claim: code })
  const key = newId()
  const other = await give(letter, { anew: true, key })
  expect(await give(letter, { anew: true, key })).toBe(other)
  expect(other).not.toBe(code)
  expect(box.claims.slip(letter)).toEqual({ code: other, title: 'Surat Pengantar SKCK', written: null })

  const withdrawn = await request()
  box.letters.withdraw({ letter: withdrawn, actor: head, key: null })
  await expect(give(withdrawn)).rejects.toMatchObject({ code: 'claims.not-collectable' })
  expect(() => box.claims.slip(withdrawn)).toThrow(expect.objectContaining({ code: 'claims.no-code' }))
})

test('codes come again when the tables are folded anew, and stand in nothing that the regency reads', async () => {
  const code = (await give(await request())).replaceAll('-', '')
  const again = new Database(':memory:')
  migrate(again, ':memory:')
  expect(rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))).toMatchObject({
    ...{ differences: [], failed: [] },
  })
  expect(again.prepare('SELECT code FROM claim_code').pluck().get()).toBe(code)
  again.close()
  const clear = box.journal.readBehind(box.journal.head().epoch, 0, 1_000).map(({ data }) => data)
  expect(clear.join('')).not.toContain(code)
})

test('a box without a regency says that it cannot ask, and says of a code of its own where the letter is', async () => {
  const ask = (code: string) => box.claims.ask({ code, birthDate: '1980-07-01', actor: head, key: newId() })
  expect(box.claims.view()).toEqual({ line: 'off', asked: [], answered: [] })
  const letter = await request()
  const code = await give(letter)
  await expect(ask(code)).rejects.toMatchObject({ code: 'claims.own-unknown' })
  const number = await box.letters.issue({ letter, as: 'head', actor: head, key: null })
  await expect(ask(code)).rejects.toMatchObject({ code: 'claims.own', details: { field: 'code', number } })
})
