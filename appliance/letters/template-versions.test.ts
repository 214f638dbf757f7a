import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { createTestClock, furnish, openTestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { rooms } from '../rooms.ts'
import type { Template } from '../wire/letter-template.ts'
import { readTemplates } from './templates.ts'

/* What an office makes of its kinds of letters, above those of the regency and of the program. */

let box: Awaited<ReturnType<typeof openTestBox>>
let system: ReturnType<typeof createTestClock>
let clerk: string
let head: string
let resident: string

beforeEach(async () => {
  system = createTestClock()
  box = await openTestBox({ hubKey: regencyKey, system })
  const office = await furnish(box)
  clerk = office.clerks[0] ?? ''
  const account = { as: 'head', name: 'Bu Kades', role: 'head', pin: '258014', actor: 'x', key: null } as const
  head = await box.people.addAccount(account)
  await bringResidents(box, residentSheet([{ name: 'SITI AMINAH', nik: '3510154107800001', sex: 2 }]), {
    actor: 'secretary-000',
  })
  resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
})
afterEach(() => box.remove())

const shipped = readTemplates().template('keterangan-usaha')
const own: Template = {
  ...shipped,
  title: 'Surat Keterangan Usaha Desa',
  body: ['Bahwa {{nama}} berusaha.', ...shipped.body],
}
const typed = { jenis_usaha: 'Warung', alamat_usaha: 'Krajan' }
const save = (template: object, expected: string | null = null, key: string | null = null) =>
  box.letters.saveTemplate({ template, expected, actor: head, key })
const lineOf = (code: string) => box.letters.listTemplates().find((one) => one.code === code)
const hashOf = (code: string) => box.letters.templateView(code).hash
const offered = () => box.letters.templates().templates.map(({ code }) => code)
const request = (template: string) =>
  box.letters.request({
    ...{ template, resident, typed, actor: clerk, key: null },
    signatory: box.letters.signatories()[0]?.signatory ?? '',
  })
const textOf = (letter: string) => JSON.stringify(box.letters.paper(letter, head)?.content)
const refused = (code: string) => expect.objectContaining({ code })

describe('an office’s own', () => {
  test('counts for the next letter; one that waits, and one that was issued, stay as they were', async () => {
    const issued = await request('keterangan-usaha')
    await box.letters.issue({ letter: issued, actor: head, as: 'head', key: null })
    const waiting = await request('keterangan-usaha')
    const before = [box.letters.paper(issued, head), textOf(waiting)]
    expect(save(own)).toBe('keterangan-usaha')
    expect([box.letters.paper(issued, head), textOf(waiting)]).toEqual(before)
    const code = box.letters.paper(issued, head)?.code ?? ''
    expect(box.letters.check(code, 'siti aminah')).toMatchObject({ verdict: 'valid', name: true })
    await box.letters.issue({ letter: waiting, actor: head, as: 'head', key: null })
    expect(JSON.parse(textOf(waiting) ?? '')).toEqual(JSON.parse(String(before[1])))
    expect(textOf(await request('keterangan-usaha'))).toMatch(/Surat Keterangan Usaha Desa.*SITI AMINAH berusaha/)
    expect(lineOf('keterangan-usaha')).toMatchObject({ source: 'village', newer: null, by: 'Bu Kades', uses: 3 })
  })

  test('is another kind beside those that there are, by a code of its own, once however often it is sent', () => {
    const fresh = { ...own, code: '', title: 'Surat Keterangan Hibah' }
    const key = newId()
    expect([save(fresh, null, key), save(fresh, null, key)]).toEqual([
      'desa-surat-keterangan-hibah',
      'desa-surat-keterangan-hibah',
    ])
    expect(save(fresh)).toBe('desa-surat-keterangan-hibah-2')
    expect(offered()).toContain('desa-surat-keterangan-hibah')
    expect(box.letters.templateView('desa-surat-keterangan-hibah')).toMatchObject({ source: 'village', beneath: null })
    expect(() => box.letters.dropTemplate({ code: 'desa-surat-keterangan-hibah', actor: head, key: null })).toThrow(
      refused('letters.template-own-only'),
    )
  })

  test('has a past with who and when; one before counts again, and the one that came along', () => {
    save(own)
    system.advance(60_000)
    save({ ...own, title: 'Surat Lain' }, hashOf('keterangan-usaha'))
    const { history } = box.letters.templateView('keterangan-usaha')
    expect(history).toMatchObject([
      { what: 'saved', by: 'Bu Kades', counts: true },
      { what: 'saved', by: 'Bu Kades', counts: false },
    ])
    expect((history[0]?.at ?? 0) - (history[1]?.at ?? 0)).toBe(60_000)
    box.letters.restoreTemplate({ code: 'keterangan-usaha', row: history[1]?.row ?? 0, actor: head, key: null })
    expect(lineOf('keterangan-usaha')).toMatchObject({ title: 'Surat Keterangan Usaha Desa', source: 'village' })
    box.letters.dropTemplate({ code: 'keterangan-usaha', actor: head, key: null })
    expect(lineOf('keterangan-usaha')).toMatchObject({ title: shipped.title, source: 'shipped' })
    expect(box.letters.templateView('keterangan-usaha').history.map(({ what }) => what)).toEqual([
      ...['dropped', 'saved', 'saved', 'saved'],
    ])
    expect(() =>
      box.letters.restoreTemplate({ code: 'keterangan-usaha', row: 999_999, actor: head, key: null }),
    ).toThrow(refused('letters.unknown-template'))
  })

  test('is not overwritten by whoever began before somebody else saved', () => {
    const before = hashOf('keterangan-usaha')
    save(own, before)
    expect(() => save({ ...own, title: 'Surat Lain' }, before)).toThrow(refused('letters.template-newer'))
    expect(lineOf('keterangan-usaha')?.title).toBe(own.title)
  })

  test('is refused with the place where it is wrong, and nothing is saved', () => {
    expect(() => save({ ...own, body: ['x', '{{namaa}}'] })).toThrow(
      expect.objectContaining({
        code: 'letters.template-misspelt',
        details: { name: 'namaa', nearest: 'nama', where: 'body/1' },
      }),
    )
    expect(() => save({ ...own, body: Array.from({ length: 8 }, () => 'panjang '.repeat(240)) })).toThrow(
      refused('letters.template-too-large'),
    )
    expect(() => save({ ...own, code: '', title: '' })).toThrow(refused('letters.template-missing'))
    expect(() => save({ code: '' })).toThrow(refused('letters.template-missing'))
    expect(lineOf('keterangan-usaha')?.source).toBe('shipped')
  })

  test('is tried with words for an example, about nobody who lives here', () => {
    const tried = box.letters.tryTemplate({ ...own, code: '' })
    expect(tried.problems).toEqual([])
    expect(JSON.stringify(tried.paper)).toMatch(/CONTOH NAMA berusaha.*\(jenis usaha\)/)
    expect(JSON.stringify(tried.paper)).not.toContain('SITI')
    const begun = {
      ...own,
      title: '',
      body: ['', ...own.body],
      classification: { ...own.classification, 'permendagri-78-2012': '' },
    }
    expect(box.letters.tryTemplate(begun).problems.map(({ where, empty }) => [where, empty])).toEqual([
      ['title', true],
      ['classification/permendagri-78-2012', true],
      ['body/0', true],
    ])
    expect(JSON.stringify(box.letters.tryTemplate(begun).paper)).toContain('CONTOH NAMA berusaha')
    expect(box.letters.tryTemplate({ ...begun, body: ['{{namaa}}'] }).paper).toBeNull()
    expect(box.letters.tryTemplate('teks')).toMatchObject({ paper: null, problems: [{ where: '' }] })
    for (const template of readTemplates().all())
      expect(JSON.stringify(box.letters.tryTemplate(template).paper)).not.toMatch(/undefined|\{\{/)
  })

  test('is the same after the tables were folded anew', () => {
    save(own)
    save({ ...own, code: '', title: 'Surat Hibah' })
    box.letters.useTemplate({ code: 'pengantar-skck', used: false, actor: head, key: null })
    const before = box.letters.listTemplates()
    const again = new Database(':memory:')
    migrate(again, ':memory:')
    expect(rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))).toMatchObject({
      ...{ differences: [], failed: [] },
    })
    again.close()
    expect(box.letters.listTemplates()).toEqual(before)
  })
})

test('a kind that is off is not offered, and a letter that waits for it is issued all the same', async () => {
  const waiting = await request('keterangan-usaha')
  const use = (used: boolean) => box.letters.useTemplate({ code: 'keterangan-usaha', used, actor: head, key: null })
  use(false)
  use(false)
  expect(offered()).not.toContain('keterangan-usaha')
  await expect(request('keterangan-usaha')).rejects.toMatchObject({ code: 'letters.template-off' })
  expect(await box.letters.issue({ letter: waiting, actor: head, as: 'head', key: null })).toContain('/001/')
  use(true)
  expect(offered()).toContain('keterangan-usaha')
  expect(box.letters.templateView('keterangan-usaha').history.map(({ what }) => what)).toEqual(['on', 'off'])
})

describe('what the regency publishes', () => {
  const theirs = { ...shipped, title: 'Surat Keterangan Usaha Kabupaten' }
  const more = { ...shipped, code: 'izin-hajatan', title: 'Surat Izin Hajatan' }
  const publish = (templates: Template[], version = 1) =>
    giveDataset(box, 'letter-templates', { 'letter-templates': templates }, { version })

  test('replaces what came along and adds to it; a letter that waits keeps what it was asked for with', async () => {
    const waiting = await request('keterangan-usaha')
    publish([theirs, more])
    expect(lineOf('keterangan-usaha')).toMatchObject({ title: theirs.title, source: 'regency' })
    expect(lineOf('izin-hajatan')).toMatchObject({ source: 'regency' })
    expect(textOf(waiting)).toContain('"title":"Surat Keterangan Usaha"')
    const then = await request('izin-hajatan')
    publish([theirs], 2)
    expect(lineOf('izin-hajatan')).toBeUndefined()
    expect(textOf(then)).toContain('Surat Izin Hajatan')
    expect(await box.letters.issue({ letter: then, actor: head, as: 'head', key: null })).toContain('/001/')
  })

  test('leaves the village’s own, which says that there is a newer one until somebody has chosen', () => {
    publish([theirs])
    save(own)
    expect(lineOf('keterangan-usaha')).toMatchObject({ source: 'village', newer: null })
    publish([{ ...theirs, title: 'Surat Keterangan Usaha 2027' }], 2)
    expect(lineOf('keterangan-usaha')).toMatchObject({ title: own.title, source: 'village', newer: 'regency' })
    expect(JSON.stringify(box.letters.samplePaper({ code: 'keterangan-usaha', of: 'beneath' }))).toContain('2027')
    save(own, hashOf('keterangan-usaha'))
    expect(lineOf('keterangan-usaha')).toMatchObject({ title: own.title, newer: null })
    box.letters.dropTemplate({ code: 'keterangan-usaha', actor: head, key: null })
    expect(lineOf('keterangan-usaha')).toMatchObject({ title: 'Surat Keterangan Usaha 2027', source: 'regency' })
  })

  test('that a box cannot fill in is not taken, and the one before stays', () => {
    publish([theirs])
    publish([{ ...theirs, body: ['{{rahasia}}'] }], 2)
    expect(lineOf('keterangan-usaha')).toMatchObject({ title: theirs.title, source: 'regency' })
    expect(box.datasets.view()).toMatchObject([{ dataset: 'letter-templates', current: 1, refused: 2 }])
  })
})
