import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { furnish, openTestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import type { PersonFields } from '../residents/person.ts'
import { rooms } from '../rooms.ts'

let box: Awaited<ReturnType<typeof openTestBox>>
let office: Awaited<ReturnType<typeof furnish>>
let head: string
let resident: string

const siti: PersonFields = {
  ...{ name: 'SITI AMINAH', nik: '3510154107800001', kk: '3510150101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, hamlet: 'KRAJAN', rw: '001', rt: '002' },
}

beforeEach(() => openOffice())
afterEach(() => box.remove())

/** An office with a head, and one resident whose record the clerk has open. */
async function openOffice(options: Parameters<typeof openTestBox>[0] = {}) {
  box = await openTestBox(options)
  office = await furnish(box)
  head = await box.people.addAccount({
    as: 'head',
    name: 'Bu Kades',
    role: 'head',
    pin: '258014',
    actor: 'x',
    key: null,
  })
  await bringResidents(box, residentSheet([siti]), { actor: 'secretary-000' })
  resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk(), key: null })
}

const clerk = () => office.clerks[0] ?? ''
const settings = () => box.letters.settingsView().settings
const change = (some: Partial<ReturnType<typeof settings>>) =>
  box.letters.changeSettings({ settings: { ...settings(), ...some }, actor: head, key: null })
const typed = { jenis_usaha: 'Warung kelontong', alamat_usaha: 'Dusun Krajan' }
const signatory = () => box.letters.signatories()[0]?.signatory ?? ''

const request = (more: Partial<Parameters<typeof box.letters.request>[0]> = {}) =>
  box.letters.request({
    ...{ template: 'keterangan-usaha', resident, signatory: signatory(), typed, actor: clerk(), key: null },
    ...more,
  })
const issue = (letter: string, more: Partial<Parameters<typeof box.letters.issue>[0]> = {}) =>
  box.letters.issue({ letter, actor: head, as: 'head', key: null, ...more })
const issueOne = async () => issue(await request())

describe('a letter', () => {
  test('is filled in from the record, waits, and has number, date and signature once the head approves', async () => {
    const letter = await request()
    expect(box.letters.view().waiting).toMatchObject([
      { letter, title: 'Surat Keterangan Usaha', name: 'SITI AMINAH', state: 'waiting', written: null },
    ])
    expect(box.letters.paper(letter, head)).toMatchObject({ written: null, code: null, mark: 'draft' })
    expect(await issue(letter)).toBe('500.2/001/2008/XI/2026')
    expect(box.letters.view().waiting).toEqual([])
    const paper = box.letters.paper(letter, head)
    expect(paper).toMatchObject({ written: '500.2/001/2008/XI/2026', mark: null })
    expect(paper?.code).toMatch(/^BALAI1\./)
    expect(JSON.stringify(paper?.content)).toMatch(/SITI AMINAH.*3510154107800001.*Warung kelontong/)
    expect(paper?.content.signature).toEqual({ lines: ['Kepala Desa Tamansari'], name: 'Bu Kades', number: '' })
  })

  test('names nobody in what the regency may read, in tables, or in its code', async () => {
    await issueOne()
    const entries = box.journal.readBehind(box.journal.head().epoch, 0, 1_000)
    const own = entries.filter(({ type }) => type.startsWith('letters.'))
    expect(own.map(({ type }) => type)).toEqual(['letters.requested', 'letters.issued'])
    const tables = ['letter', 'letter_number'].map((table) => box.store.db.prepare(`SELECT * FROM ${table}`).all())
    for (const text of [...own.map(({ data }) => data), JSON.stringify(tables)])
      expect(text).not.toMatch(/SITI|35101541|kelontong/i)
  })

  test('is the same again after the tables were folded anew', async () => {
    const letter = await request()
    await issue(letter)
    const before = box.letters.register({ year: null, before: null })
    const again = new Database(':memory:')
    migrate(again, ':memory:')
    expect(rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))).toMatchObject({
      ...{ differences: [], failed: [] },
    })
    again.close()
    expect(box.letters.register({ year: null, before: null })).toEqual(before)
  })

  test('a repeated command gives the same letter and the same number', async () => {
    const [one, two] = [newId(), newId()]
    const letter = await request({ key: one })
    expect(await request({ key: one })).toBe(letter)
    const written = await issue(letter, { key: two })
    expect(await issue(letter, { key: two })).toBe(written)
    expect(box.letters.register({ year: null, before: null }).lines).toHaveLength(1)
  })

  test('begins with an open record, and lacks nothing that it needs', async () => {
    await expect(request({ actor: office.clerks[1] ?? 'x' })).rejects.toMatchObject({ code: 'residents.not-open' })
    await expect(request({ typed: { alamat_usaha: 'x' } })).rejects.toMatchObject({
      code: 'letters.field-needed',
      details: { field: 'jenis_usaha', label: 'Jenis usaha' },
    })
    await expect(request({ template: 'constructor' })).rejects.toMatchObject({ code: 'letters.unknown-template' })
    await expect(request({ signatory: 'nobody------' })).rejects.toMatchObject({ code: 'letters.no-signatory' })
    await expect(
      request({ template: 'penghasilan-orang-tua', typed: { penghasilan: 'banyak' } }),
    ).rejects.toMatchObject({ code: 'letters.field-needed' })
  })

  test('money is typed as people write it, and stands there in figures and words', async () => {
    const letter = await request({
      template: 'penghasilan-orang-tua',
      typed: { nama_anak: 'Rizky', sekolah: 'SMPN 1 Licin', penghasilan: 'Rp 1.500.000', tanggungan: '3' },
    })
    expect(JSON.stringify(box.letters.paper(letter, head)?.content)).toContain(
      'Rp1.500.000 (satu juta lima ratus ribu rupiah) sebulan dengan tanggungan 3 (tiga) orang',
    )
  })

  test('has those of the family who were marked, whose records leave a trace by it, and nobody else', async () => {
    const child: PersonFields = { ...siti, name: 'RIZKY RAMADHAN', nik: '3510150508180003', sex: 1, relation: 4 }
    const other: PersonFields = { ...siti, name: 'ORANG LAIN', nik: '3510150508180009', kk: '3510150101100999' }
    await bringResidents(box, residentSheet([siti, child, other]), { actor: 'secretary-000' })
    const idOf = (name: string) => box.residents.find(name)[0]?.resident ?? ''
    const letter = await request({
      template: 'biodata-penduduk',
      typed: { ikut: `${idOf('rizky')} ${idOf('orang lain')}` },
    })
    const text = JSON.stringify(box.letters.paper(letter, head)?.content)
    expect(text).toContain('1 (satu) orang')
    expect(text).toContain('RIZKY RAMADHAN')
    expect(text).not.toContain('ORANG LAIN')
    const record = await box.residents.open({
      resident: idOf('rizky'),
      as: 'head',
      reason: 'check',
      note: '',
      actor: head,
      key: null,
    })
    expect(record.trail).toMatchObject([{ reason: 'check' }, { reason: 'letter', name: 'Petugas 1' }])
    await expect(request({ template: 'biodata-penduduk', typed: { ikut: 'x y' } })).rejects.toMatchObject({
      code: 'letters.wrong-field',
    })
  })

  test('is seen by nobody without a trace: who has not the record open leaves one by the letter', async () => {
    const letter = await request()
    box.letters.paper(letter, clerk())
    box.letters.paper(letter, head)
    box.letters.paper(letter, head)
    const record = await box.residents.open({ resident, as: 'head', reason: 'check', note: '', actor: head, key: null })
    expect(record.trail.map(({ name, reason }) => [name, reason])).toEqual([
      ['Bu Kades', 'check'],
      ['Bu Kades', 'letter'],
      ['Petugas 1', 'present'],
    ])
  })

  test('is sent back with a reason, or taken back, and has no number then', async () => {
    const [one, two] = [await request(), await request()]
    await expect(box.letters.reject({ letter: one, reason: ' ', actor: head, key: null })).rejects.toMatchObject({
      code: 'letters.reason-needed',
    })
    await box.letters.reject({ letter: one, reason: 'Alamat usaha salah', actor: head, key: null })
    box.letters.withdraw({ letter: two, actor: clerk(), key: null })
    expect(box.letters.ofResident(resident, clerk())).toMatchObject([
      { letter: two, state: 'withdrawn' },
      // What was typed is there to be mended.
      { letter: one, state: 'rejected', reason: 'Alamat usaha salah', template: 'keterangan-usaha', typed },
    ])
    await expect(issue(one)).rejects.toMatchObject({ code: 'letters.not-waiting' })
    expect(box.letters.register({ year: null, before: null }).lines).toEqual([])
  })
})

describe('who approves', () => {
  test('a clerk does not, nor the secretary while the head signs', async () => {
    const letter = await request()
    for (const as of ['clerk', 'secretary'] as const)
      await expect(issue(letter, { actor: clerk(), as })).rejects.toMatchObject({ code: 'letters.may-not-approve' })
  })

  test('whoever signs for the head approves on the days that were said, and the paper says for whom', async () => {
    const sekdes = { form: 'an', title: 'Sekretaris Desa', name: 'Pak Sekdes', number: '', account: clerk() } as const
    const span = { from: '2026-11-23', until: '2026-11-24' }
    change({ signatories: [{ signatory: 'sekdes------', ...sekdes, ...span }] })
    const [one, two] = [await request(), await request()]
    await issue(one, { actor: clerk(), as: 'clerk' })
    expect(box.letters.paper(one, head)?.content.signature).toMatchObject({
      lines: ['a.n. Kepala Desa Tamansari', 'Sekretaris Desa'],
      name: 'Pak Sekdes',
    })
    change({ signatories: [{ signatory: 'sekdes------', ...sekdes, from: null, until: '2026-11-22' }] })
    await expect(issue(two, { actor: clerk(), as: 'clerk' })).rejects.toMatchObject({
      code: 'letters.signatory-not-now',
    })
    await expect(request()).rejects.toMatchObject({ code: 'letters.signatory-not-now' })
  })

  test('of a letter that only the head signs nobody on the head’s behalf, whoever was set since', async () => {
    const { template } = box.letters.templateView('keterangan-usaha')
    const signing = { headOnly: true, others: [{ title: 'Pemohon,', name: '{{nama}}' }] }
    const own = { ...template, paper: 'A4', signing } as const
    box.letters.saveTemplate({ template: own, expected: null, actor: head, key: null })
    expect(box.letters.templates().templates.find(({ code }) => code === 'keterangan-usaha')?.headOnly).toBe(true)
    const one = { title: '', number: '', account: null, from: null, until: null }
    const acting = { ...one, signatory: 'plt---------', form: 'plt', name: 'Pak Plt' } as const
    const deputy = {
      ...one,
      signatory: 'sekdes------',
      form: 'an',
      title: 'Sekretaris Desa',
      name: 'Pak Carik',
    } as const
    change({ signatories: [acting, deputy] })
    expect(box.letters.view().signatories.map(({ asHead }) => asHead)).toEqual([true, false])
    await expect(request({ signatory: deputy.signatory })).rejects.toMatchObject({
      ...{ code: 'letters.head-signs', details: { field: 'signatory' } },
    })
    const letter = await request({ signatory: acting.signatory })
    change({ signatories: [{ ...deputy, signatory: acting.signatory }] })
    await expect(issue(letter)).rejects.toMatchObject({ code: 'letters.head-signs' })
    change({ signatories: [acting] })
    await issue(letter)
    const paper = box.letters.paper(letter, head)
    expect(paper).toMatchObject({ paper: 'A4', content: { paper: 'A4' } })
    expect(paper?.content.signature).toEqual({
      ...{ lines: ['Plt. Kepala Desa Tamansari'], name: 'Pak Plt', number: '' },
      others: [{ title: 'Pemohon,', name: 'SITI AMINAH' }],
    })
    // What was issued stays as it was, whatever the kind of letter becomes.
    const usual = box.letters.templateView('keterangan-usaha')
    box.letters.saveTemplate({ template, expected: usual.hash, actor: head, key: null })
    expect(box.letters.paper(letter, head)?.paper).toBe('A4')
  })

  test('the secretary first, where the office wants it so', async () => {
    const kasi = { form: 'ub', title: 'Kasi Pelayanan', name: 'Bu Kasi', number: '', account: clerk() } as const
    change({
      approval: 'secretary-head',
      signatories: [{ signatory: 'kasi--------', ...kasi, from: null, until: null }],
    })
    const letter = await request()
    await expect(issue(letter, { actor: clerk(), as: 'clerk' })).rejects.toMatchObject({ code: 'letters.not-reviewed' })
    box.letters.review({ letter, actor: 'secretary-000', key: null })
    expect(box.letters.view().waiting).toMatchObject([{ state: 'reviewed' }])
    await issue(letter, { actor: clerk(), as: 'clerk' })
    expect(box.letters.paper(letter, head)?.content.signature.lines).toEqual([
      ...['a.n. Kepala Desa Tamansari', 'Sekretaris Desa', 'u.b.', 'Kasi Pelayanan'],
    ])
  })

  test('where nobody approves in the box the clerk gives the number, and the paper has no QR', async () => {
    change({ approval: 'none' })
    const letter = await request()
    await issue(letter, { actor: clerk(), as: 'clerk' })
    expect(box.letters.paper(letter, head)).toMatchObject({ written: '500.2/001/2008/XI/2026', code: null })
  })
})

describe('numbers', () => {
  test('letters of one classification share a row; two kinds of the same code never bear the same number', async () => {
    const domisili = { template: 'keterangan-domisili', typed: { keperluan: 'bank' } }
    const pengantar = { template: 'keterangan-pengantar', typed: { keperluan: 'nikah' } }
    const written = []
    for (const more of [domisili, pengantar, {}, domisili]) written.push(await issue(await request(more)))
    expect(written).toEqual(
      ['400.8/001', '400.8/002', '500.2/001', '400.8/003'].map((number) => `${number}/2008/XI/2026`),
    )
  })

  test('one row for all, or one with other mail', async () => {
    change({ numbering: 'one' })
    const mail = { classification: '005', subject: 'Undangan rapat', to: 'Ketua RT', actor: clerk(), key: null }
    expect([await issueOne(), await issueOne()].map((one) => one.split('/')[1])).toEqual(['001', '002'])
    expect(await box.letters.useNumber(mail)).toBe('005/001/2008/XI/2026')
    change({ numbering: 'with-mail', format: '[nomor_surat]/[kode_surat]/X/[tahun]' })
    expect([await box.letters.useNumber(mail), await issueOne(), await box.letters.useNumber(mail)]).toEqual([
      ...['1/005/X/2026', '2/500.2/X/2026', '3/005/X/2026'],
    ])
    const { lines } = box.letters.register({ year: 2026, before: null })
    expect(lines[0]).toMatchObject({ subject: 'Undangan rapat', name: 'Ketua RT', state: 'mail' })
  })

  test('begin anew each year', async () => {
    await issueOne()
    box.time.setWall(Date.UTC(2027, 0, 1, 3, 0))
    await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk(), key: null })
    expect(await issueOne()).toBe('500.2/001/2008/I/2027')
    expect(box.letters.register({ year: null, before: null }).years).toEqual([2027, 2026])
  })

  test('follow the last one on paper, where an office begins in the middle of a year', async () => {
    box.letters.setLastNumber({ series: '500.2', number: 41, actor: head, key: null })
    expect(await issueOne()).toBe('500.2/042/2008/XI/2026')
    expect(() => box.letters.setLastNumber({ series: '500.2', number: 41, actor: head, key: null })).toThrow(
      expect.objectContaining({ code: 'letters.number-behind', details: { field: 'number', last: 42 } }),
    )
  })

  test('of a letter that counts no more are not given again, and stand there with the reason', async () => {
    const letter = await request()
    await issue(letter)
    await box.letters.makeVoid({ letter, reason: 'Nama salah', actor: head, key: null })
    expect(await issueOne()).toBe('500.2/002/2008/XI/2026')
    expect(box.letters.register({ year: null, before: null }).lines).toMatchObject([
      { number: 2, state: 'issued' },
      { number: 1, state: 'void', reason: 'Nama salah', name: 'SITI AMINAH' },
    ])
    expect(box.letters.paper(letter, head)).toMatchObject({ mark: 'void', code: null })
    await expect(box.letters.makeVoid({ letter, reason: 'x', actor: head, key: null })).rejects.toMatchObject({
      code: 'letters.not-issued',
    })
  })

  test('are refused where a new form would write one that was given before', async () => {
    await issueOne()
    change({ numbering: 'one' })
    await expect(issueOne()).rejects.toMatchObject({
      code: 'letters.number-repeats',
      details: { number: '500.2/001/2008/XI/2026' },
    })
    box.letters.setLastNumber({ series: 'letters', number: 1, actor: head, key: null })
    expect(await issueOne()).toBe('500.2/002/2008/XI/2026')
    expect(() => change({ format: '[nomor_surat]' })).toThrow(expect.objectContaining({ code: 'letters.format-year' }))
  })

  test('wait until somebody has said what day it is, and the register says that a person did', async () => {
    await box.remove()
    await openOffice({ trusted: false })
    const letter = await request()
    expect(box.letters.view().hindrance).toMatchObject({ why: 'doubtful' })
    await expect(issue(letter)).rejects.toMatchObject({ code: 'letters.date-doubtful' })
    box.clock.confirm(Date.UTC(2026, 10, 24, 2, 0))
    await issue(letter)
    expect(box.letters.register({ year: null, before: null }).lines).toMatchObject([
      { on: '2026-11-24', dateByHand: true },
    ])
  })
})

test('a box on other hardware gives no number before the regency was heard, or somebody has held the rows against the book', async () => {
  await issueOne()
  await box.close()
  box = await openTestBox({ folder: box.folder, hardware: { serial: 'another', card: 'test' } })
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk(), key: null })
  const letter = await request()
  await expect(issue(letter)).rejects.toMatchObject({ code: 'letters.numbers-held' })
  // Whoever knows the last ticket does not know the last letter.
  box.queue.confirmNumbers({ last: [], actor: clerk(), key: null })
  expect(box.journal.numbersHeld('tickets')).toBeNull()
  expect(box.letters.view().hindrance).toEqual({ why: 'held', last: [{ series: '500.2', last: 1 }] })
  box.letters.confirmNumbers({ last: [['500.2', 7]], actor: head, key: null })
  expect(box.letters.view().hindrance).toBeNull()
  expect(await issue(letter)).toBe('500.2/008/2008/XI/2026')
})

describe('whether a letter is true', () => {
  const checked = (code: string, name = '') => box.letters.check(code, name)

  test('the box says it without a line: valid, void, not what was signed, or no code', async () => {
    const letter = await request()
    await issue(letter)
    const code = box.letters.paper(letter, head)?.code ?? ''
    expect(checked(code, 'siti aminah')).toEqual({
      verdict: 'valid',
      says: {
        ...{ village: '3510242008', number: '500.2/001/2008/XI/2026', on: '2026-11-23' },
        title: 'Surat Keterangan Usaha',
      },
      ...{ voidedOn: null, asOf: null, name: true },
    })
    expect(checked(code, 'Siti Aminatun').name).toBe(false)
    expect(checked(`${code.slice(0, -3)}AAA`).verdict).not.toBe('valid')
    expect(checked('halo').verdict).toBe('unreadable')
    await box.letters.makeVoid({ letter, reason: 'Nama salah', actor: head, key: null })
    expect(checked(code)).toMatchObject({ verdict: 'void', voidedOn: '2026-11-23' })
  })

  test('of another village’s it says that it does not know', async () => {
    const letter = await request()
    await issue(letter)
    const code = box.letters.paper(letter, head)?.code ?? ''
    await box.remove()
    box = await openTestBox({ village: '3510152012', name: 'Desa Kampunganyar' })
    expect(box.letters.check(code, '')).toMatchObject({ verdict: 'unknown', says: { village: '3510242008' } })
  })
})
