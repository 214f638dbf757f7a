import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { furnish, openTestBox } from '../../testing/test-box.ts'
import type { PersonFields } from '../residents/person.ts'
import { asks, kinds } from './kinds.ts'

let box: Awaited<ReturnType<typeof openTestBox>>
let clerk: string
beforeEach(async () => {
  box = await openTestBox()
  clerk = (await furnish(box)).clerks[0] ?? ''
  await bringResidents(box, residentSheet([mother]), { actor: 'secretary-000' })
})
afterEach(() => box.remove())

const mother: PersonFields = {
  ...{ name: 'SITI AMINAH', nik: '3510154107800001', kk: '3510150101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, hamlet: 'KRAJAN', rw: '001', rt: '002', religion: 1 },
}
const nothing = { fields: {}, place: '', other: '', note: '', instead: null, key: null }

async function openMother(): Promise<string> {
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  return resident
}
type Made = Parameters<typeof box.proposals.make>[0]
const make = (one: Pick<Made, 'kind' | 'resident'> & Partial<Made>) =>
  box.proposals.make({ ...nothing, on: '2026-11-20', papers: ['kk'], actor: clerk, ...one })
const newest = () => box.proposals.view(null).proposals[0]
const answer = (said: Parameters<typeof box.proposals.takeAnswer>[0]) => box.proposals.takeAnswer(said)

describe('what is recorded', () => {
  test('a death stands in the list by name, with the change that only the record shows', async () => {
    const resident = await openMother()
    await make({ kind: 'died', resident, place: 'RSUD Blambangan', papers: ['kk', 'death-letter', 'no such paper'] })
    expect(newest()).toMatchObject({
      ...{ kind: 'died', name: 'SITI AMINAH', on: '2026-11-20', by: 'Petugas 1', state: 'sent' },
      papers: ['death-letter', 'kk'],
    })
    expect(box.proposals.of(resident, clerk)).toMatchObject([
      { changes: { status: 2 }, before: {}, place: 'RSUD Blambangan' },
    ])
    // A cache changes by files of the registry only.
    expect(box.residents.find('siti')[0]?.status).toBe(1)
  })

  test('a newborn has no record of its own, and stands at the parent’s with the family card', async () => {
    const resident = await openMother()
    const fields = { name: ' bayu  putra ', sex: 1, birthPlace: 'BANYUWANGI', motherName: 'SITI AMINAH' }
    await make({ kind: 'born', resident, fields, papers: ['birth-letter'] })
    expect(box.proposals.of(resident, clerk)).toMatchObject([
      {
        name: 'bayu putra',
        changes: { name: 'bayu putra', birthDate: '2026-11-20', relation: 4, sex: 1 },
        before: {},
      },
    ])
  })

  test('a correction keeps what the record says beside what it shall say, and needs a difference', async () => {
    const resident = await openMother()
    await expect(make({ kind: 'corrected', resident, fields: { name: 'SITI AMINAH' } })).rejects.toMatchObject({
      code: 'proposals.nothing',
    })
    await make({ kind: 'corrected', resident, fields: { name: 'SITI AMINAH', birthPlace: 'JEMBER', religion: 2 } })
    expect(box.proposals.of(resident, clerk)).toMatchObject([
      { changes: { birthPlace: 'JEMBER', religion: 2 }, before: { birthPlace: 'BANYUWANGI' } },
    ])
  })

  test('a name, a number and a note stand in no entry in clear', async () => {
    const resident = await openMother()
    await make({ kind: 'married', resident, other: 'JOKO SUSILO', note: 'Telepon 081234567890' })
    const stored = box.store.db.prepare(`SELECT data FROM entry WHERE type LIKE 'proposals.%'`).pluck().all().join()
    expect(stored).toContain('married')
    for (const secret of ['SITI', 'JOKO', '0812', '3510154107800001']) expect(stored).not.toContain(secret)
  })

  test.each([
    ['a day that has not come', { on: '2026-12-24' }, 'proposals.future', 'on'],
    ['no day', { on: '2026-02-30' }, 'proposals.future', 'on'],
    ['no paper', { papers: [] }, 'proposals.papers-needed', 'papers'],
    ['no place', { kind: 'moved-out' as const }, 'proposals.place-needed', 'place'],
    ['nobody married', { kind: 'married' as const }, 'proposals.other-needed', 'other'],
    ['no name of a newborn', { kind: 'born' as const, papers: ['kk'] }, 'proposals.field-needed', 'name'],
    [
      'a NIK of month 13',
      { kind: 'corrected' as const, fields: { nik: '3510154113800001' } },
      'proposals.wrong-field',
      'nik',
    ],
    [
      'a code that no table has',
      { kind: 'corrected' as const, fields: { religion: 77 } },
      'proposals.wrong-field',
      'religion',
    ],
    [
      'a day that is none',
      { kind: 'corrected' as const, fields: { birthDate: '1980-02-31' } },
      'proposals.wrong-field',
      'birthDate',
    ],
  ])('%s is refused with the field that it is', async (_what, given, code, field) => {
    const resident = await openMother()
    await expect(make({ kind: 'died', resident, ...given })).rejects.toMatchObject({ code, details: { field } })
    expect(newest()).toBeUndefined()
  })

  test('nobody proposes anything of a record that they have not opened', async () => {
    const resident = box.residents.find('siti')[0]?.resident ?? ''
    await expect(make({ kind: 'died', resident })).rejects.toMatchObject({ code: 'residents.not-open' })
    await expect(make({ kind: 'died', resident: null })).rejects.toMatchObject({ code: 'proposals.record-needed' })
    expect(() => box.proposals.of(resident, clerk)).toThrow('Open the record first.')
  })

  test('each kind asks for papers, and those of one key are one', async () => {
    for (const kind of kinds) expect(asks[kind].papers.length).toBeGreaterThan(0)
    const resident = await openMother()
    await make({ kind: 'died', resident, key: 'k'.repeat(12) })
    await make({ kind: 'died', resident, key: 'k'.repeat(12) })
    expect(box.proposals.view(null).proposals).toHaveLength(1)
  })
})

describe('what becomes of it', () => {
  test('an answer stands at the record with the regency’s words, and its sentence goes to the desks', async () => {
    const resident = await openMother()
    await make({ kind: 'died', resident })
    const proposal = newest()?.proposal ?? ''
    const taken = answer({ proposal, answer: 'refused', text: 'Surat kematian tidak terbaca.' })
    expect(taken?.say).toBe('Usulan Kematian (20 November 2026) ditolak. Surat kematian tidak terbaca.')
    taken?.keep()
    expect(newest()).toMatchObject({ state: 'refused', text: 'Surat kematian tidak terbaca.' })
    expect(answer({ proposal: 'x'.repeat(12), answer: 'accepted' })).toBeNull()
  })

  test('one whose papers are missing is proposed again, and a newer answer replaces an older one', async () => {
    const resident = await openMother()
    await make({ kind: 'died', resident })
    const proposal = newest()?.proposal ?? ''
    await expect(make({ kind: 'died', resident, instead: proposal })).rejects.toMatchObject({
      code: 'proposals.not-asked',
    })
    answer({ proposal, answer: 'papers' })?.keep()
    await make({ kind: 'died', resident, instead: proposal, papers: ['kk', 'death-letter'] })
    expect(box.proposals.view(null).proposals.map(({ state }) => state)).toEqual(['sent', 'replaced'])
    expect(answer({ proposal, answer: 'accepted' })).toBeNull()
  })

  test('whoever is erased is in no proposal either, and the person at a parent’s record neither', async () => {
    const resident = await openMother()
    await make({ kind: 'died', resident, note: 'Kata keluarganya' })
    await make({
      kind: 'moved-in',
      resident: null,
      fields: { name: 'Siti Aminah', nik: mother.nik ?? '' },
      place: 'Jember',
    })
    await make({ kind: 'moved-in', resident: null, fields: { name: 'JOKO SUSILO' }, place: 'Jember' })
    await box.residents.erase({ resident, reason: 'asked', note: '', typed: 'siti aminah', actor: clerk, key: null })
    expect(box.proposals.view(null).proposals.map(({ kind, name }) => [kind, name])).toEqual([
      ['moved-in', 'JOKO SUSILO'],
      ['moved-in', null],
      ['died', null],
    ])
    const kept = box.store.db.prepare(`SELECT private FROM entry WHERE type = 'proposals.made'`).pluck().all()
    expect(JSON.stringify(kept)).not.toMatch(/aminah|keluarganya/i)
  })

  test('it is taken back while nobody has answered', async () => {
    const resident = await openMother()
    await make({ kind: 'died', resident })
    const proposal = newest()?.proposal ?? ''
    box.proposals.withdraw({ proposal, actor: clerk, key: null })
    expect(newest()?.state).toBe('withdrawn')
    expect(() => box.proposals.withdraw({ proposal, actor: clerk, key: null })).toThrow('answered it already')
  })

  test('months count by the day of the event, up to four as few, and without what was taken back or refused', async () => {
    const resident = await openMother()
    for (let i = 0; i < 6; i++) await make({ kind: 'died', resident, on: '2026-10-31' })
    await make({ kind: 'died', resident, on: '2026-11-01' })
    await make({ kind: 'died', resident, on: '2026-10-02' })
    box.proposals.withdraw({ proposal: newest()?.proposal ?? '', actor: clerk, key: null })
    const months = box.proposals.view(null).months.map(({ month, counts }) => [month, counts.died, counts.born])
    expect(months).toEqual([
      ['2026-11', 'few', 0],
      ['2026-10', 6, 0],
    ])
  })
})
