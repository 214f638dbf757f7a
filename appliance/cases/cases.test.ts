import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { furnish, openTestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { hourMs } from '../base/time.ts'
import type { PersonFields } from '../residents/person.ts'
import { rooms } from '../rooms.ts'
import { recipientOfBox } from '../wire/box-recipient.ts'
import { signerOf, signNotice } from '../wire/notice-signature.ts'
import { createPartOpener, sealText } from '../wire/private-parts.ts'
import { publicKeyOf } from '../wire/sign.ts'
import type { Paper } from './papers.ts'

let box: Awaited<ReturnType<typeof openTestBox>>
let office: Awaited<ReturnType<typeof furnish>>
let head: string
let resident: string

const siti: PersonFields = {
  ...{ name: 'SITI AMINAH', nik: '3510154107800001', kk: '3510150101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, hamlet: 'KRAJAN', rw: '001', rt: '002', motherName: 'SULASTRI' },
}

beforeEach(async () => {
  box = await openTestBox({ hubKey: regencyKey })
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
})
afterEach(() => box.remove())

const clerk = () => office.clerks[0] ?? ''
const papersOf = (kind: string): string[] => box.cases.kinds(clerk()).find(({ code }) => code === kind)?.papers ?? []
const all = (kind: string, state: Paper['state'] = 'seen'): Paper[] =>
  papersOf(kind).map((name) => ({ name, state, until: null }))
const open = (kind: string, papers: Paper[] = all(kind)) =>
  box.cases.open({ kind, resident, papers, actor: clerk(), key: null })
const line = (id: string) => box.cases.list(null).cases.find((one) => one.case === id)
const answer = (id: string, state: 'received' | 'papers' | 'working' | 'done' | 'refused', text?: string) => {
  const taken = box.cases.takeState({ case: id, state, ...(text ? { text } : {}) })
  taken?.keep()
  return taken
}

/** A regency with one agency that has a key; answers who opens what is sealed to it. */
async function publishAgency() {
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  giveDataset(box, 'agencies', { agencies: [{ code: 'disdukcapil', name: 'Dispendukcapil Banyuwangi', recipient }] })
  return { open: await createPartOpener(identity), recipient }
}

describe('what can be applied for', () => {
  test('is every letter and what is relayed; the regency’s catalogue replaces what has its code', async () => {
    const before = box.cases.kinds(clerk())
    expect(before.filter(({ template }) => template !== null)).toHaveLength(43)
    expect(before.filter(({ agency }) => agency !== null).map(({ code }) => code)).toEqual([
      ...[
        'ktp-el',
        'kia',
        'akta-kelahiran',
        'akta-kematian',
        'kartu-keluarga',
        'beasiswa',
        'pengantar-sim',
        'kartu-sehat',
      ],
    ])
    giveDataset(box, 'services', {
      services: [
        {
          ...{ code: 'ktp-el', name: 'KTP baru', requires: ['Foto'], minutes: 5, agency: 'disdukcapil', withinDays: 3 },
          ...{ procedure: 'Rekam, lalu cetak', complaints: 'Telepon 112', fee: 0, result: 'KTP' },
        },
        { code: 'domisili', name: 'Domisili', requires: [], minutes: 5, letter: 'keterangan-domisili' },
        { code: 'pbb', name: 'PBB', requires: ['SPPT'], minutes: 5 },
      ],
    })
    const after = box.cases.kinds(clerk())
    expect(after.filter(({ code }) => code === 'ktp-el')).toEqual([
      {
        ...{
          code: 'ktp-el',
          title: 'KTP baru',
          aka: [],
          papers: ['Foto'],
          within: { days: 3 },
          fee: 0,
          template: null,
        },
        ...{ procedure: 'Rekam, lalu cetak', complaints: 'Telepon 112', result: 'KTP' },
        agency: { code: 'disdukcapil', name: 'Dinas Kependudukan dan Pencatatan Sipil', sealable: false },
      },
    ])
    expect(after).toHaveLength(before.length + 2)
    expect(after.find(({ code }) => code === 'domisili')?.template).toBe('keterangan-domisili')
  })

  test('199 services of a mall are one dataset', () => {
    const services = Array.from({ length: 199 }, (_, n) => ({
      ...{ code: `mpp-${n}`, name: `Layanan ${n}`, requires: ['KTP'], minutes: 10, agency: 'disdukcapil' },
    }))
    giveDataset(box, 'services', { services })
    expect(box.cases.kinds(clerk()).filter(({ code }) => code.startsWith('mpp-'))).toHaveLength(199)
  })

  test('is led by what is asked for most', async () => {
    await open('kia')
    expect(box.cases.kinds(clerk())[0]?.code).toBe('kia')
  })
})

describe('a case', () => {
  test('waits for its papers, becomes a letter, and ends with it', async () => {
    const [first = '', ...others] = papersOf('keterangan-kurang-mampu')
    const id = await open('keterangan-kurang-mampu', [{ name: first, state: 'later', until: '2026-11-24' }])
    expect(line(id)).toMatchObject({ name: 'SITI AMINAH', state: 'open', dueAt: null, late: false })
    expect(line(id)?.papers.map(({ state }) => state)).toEqual(['later', ...others.map(() => 'missing')])
    const signatory = box.letters.signatories()[0]?.signatory ?? ''
    const typed = { keperluan: 'beasiswa', saksi_1: 'SUNAR', saksi_2: 'TUTIK' }
    const write = (key: string) =>
      box.cases.writeLetter({
        ...{ case: id, template: 'keterangan-kurang-mampu', resident, signatory, typed, actor: clerk(), key },
      })
    const key = newId()
    await expect(write(key)).rejects.toMatchObject({ code: 'cases.papers-missing' })
    box.cases.changePapers({ case: id, papers: all('keterangan-kurang-mampu'), actor: clerk(), key: null })
    // One working day from the last paper on.
    expect(new Date(line(id)?.dueAt ?? 0).toISOString()).toMatch(/^2026-11-24/)
    const letter = await write(key)
    expect(await write(key)).toBe(letter)
    await expect(write(newId())).rejects.toMatchObject({ code: 'cases.has-letter' })
    expect(line(id)).toMatchObject({ state: 'letter', letter })
    await box.letters.reject({ letter, reason: 'Alamat lama', actor: head, key: null })
    expect(line(id)?.state).toBe('returned')
    const second = await write(newId())
    await box.letters.issue({ letter: second, actor: head, as: 'head', key: null })
    expect(line(id)).toMatchObject({ state: 'issued', letter: second })
    box.letters.collect({ letter: second, actor: clerk(), key: null })
    expect(line(id)?.state).toBe('closed')
    expect(box.cases.view().open).toEqual([])
    expect(() => box.cases.changePapers({ case: id, papers: [], actor: clerk(), key: null })).toThrow(/ended/)
  })

  test('the poor’s statement is due after six hours of office time', async () => {
    const id = await open('pernyataan-miskin')
    // No hours are set: the office is always open.
    expect(line(id)?.dueAt).toBe(box.clock.read().at - (box.clock.read().at % 60_000) + 6 * hourMs)
    expect(line(id)?.late).toBe(false)
    box.time.advance(7 * hourMs)
    expect(line(id)?.late).toBe(true)
    expect(box.cases.view().late).toBe(1)
    await box.cases.look()
    expect(box.alarms.list()).toMatchObject([{ code: 'cases.late', severity: 'warning', details: { n: 1 } }])
    await box.cases.withdraw({ case: id, reason: 'Pindah', actor: clerk(), key: null })
    await box.cases.look()
    expect(box.alarms.list().filter(({ code }) => code === 'cases.late')).toEqual([])
  })

  test('goes to its agency sealed to the agency’s key, and comes back with what it says', async () => {
    const id = await open('ktp-el')
    const relay = (key: string | null = null) => box.cases.relay({ case: id, note: 'Rekam ulang', actor: clerk(), key })
    await expect(relay()).rejects.toMatchObject({ code: 'cases.no-key' })
    const agency = await publishAgency()
    const key = newId()
    await relay(key)
    await relay(key)
    expect(line(id)).toMatchObject({ state: 'relayed', agency: 'Dispendukcapil Banyuwangi' })
    const rows = box.store.db
      .prepare<[], { p: Buffer; file: Buffer; data: string }>(
        "SELECT p, file, data FROM entry JOIN sealed USING (row) WHERE type = 'cases.relayed'",
      )
      .all()
    expect(rows).toHaveLength(1)
    const [{ p, file, data } = { p: Buffer.alloc(0), file: Buffer.alloc(0), data: '' }] = rows
    expect(data).not.toMatch(/SITI|3510154107800001/)
    const text = (await agency.open(file, p)) ?? ''
    expect(JSON.parse(text)).toMatchObject({
      ...{ title: 'KTP elektronik', note: 'Rekam ulang' },
      applicant: { name: 'SITI AMINAH', nik: '3510154107800001', birthDate: '1980-07-01' },
    })
    // What the agency does not need does not go there.
    expect(text).not.toContain('SULASTRI')

    expect(answer(id, 'received')?.say).toBeNull()
    expect(answer(id, 'papers', 'KK tidak terbaca.')?.say).toContain('KK tidak terbaca.')
    expect(line(id)).toMatchObject({ state: 'papers', text: 'KK tidak terbaca.', late: false })
    await relay()
    answer(id, 'done', 'Ambil Jumat.')
    expect(line(id)).toMatchObject({ state: 'done', text: 'Ambil Jumat.' })
    box.cases.close({ case: id, actor: clerk(), key: null })
    expect(answer(id, 'working')).toBeNull()
  })

  test('an answer for a case that is not this office’s, or never went anywhere, is refused', async () => {
    const id = await open('keterangan-usaha')
    expect(answer('abcdefghijkl', 'done')).toBeNull()
    expect(answer(id, 'done')).toBeNull()
  })

  test('tells whoever holds the number what lacks, and names nobody', async () => {
    const at = { counter: office.counters[0], account: clerk(), actor: clerk(), key: null }
    box.queue.takeTicket({ service: office.services[0], actor: 'kiosk', key: null })
    box.office.sit(at)
    const { ticket } = box.queue.callNext(at)
    box.queue.start({ ...at, ticket })
    await open('kia', [])
    const [found] = box.cases.ofTicket(ticket)
    expect(found).toMatchObject({
      title: 'Kartu Identitas Anak',
      state: 'open',
      lacks: papersOf('kia').map((name) => ({ name })),
    })
    expect(JSON.stringify(found)).not.toMatch(/SITI/)
  })

  test('a birth that a hospital tells of opens the mother’s case once, with what came with it', async () => {
    const told = {
      ...{ kind: 'birth', sex: 2, on: '2026-11-22', time: '04:10', place: 'RSUD Blambangan', weightGrams: 3100 },
      ...{ mother: { name: 'SITI AMINAH', nik: siti.nik }, letter: '474/12/RSUD/2026' },
    }
    const recipient = recipientOfBox(publicKeyOf(box.identity.key))
    const seal = async (content: object, to = recipient) =>
      (await sealText(JSON.stringify(content), [to])).toString('base64')
    const take = async (sealed: string, notice = 'noticenotice') => {
      const taken = await box.cases.takeNotice({ notice, kind: 'birth', from: 'RSUD Blambangan', sealed })
      if (taken && typeof taken === 'object') taken.keep()
      return taken
    }
    const sealed = await seal(told)
    expect(await take(sealed)).toMatchObject({ say: expect.stringContaining('22 November 2026') })
    expect(await take(sealed)).toBeNull()
    const [found] = box.cases.view().open
    expect(found).toMatchObject({ title: 'Akta kelahiran', resident, sender: 'RSUD Blambangan', name: 'SITI AMINAH' })
    expect(found?.papers[0]).toEqual({
      name: 'Surat kelahiran dari bidan atau rumah sakit',
      state: 'seen',
      until: null,
    })
    expect(found?.papers[1]?.state).toBe('missing')
    expect(box.cases.notice(found?.case ?? '', clerk())).toEqual(told)
    expect(() => box.cases.notice(found?.case ?? '', head)).toThrow(/Open the record/)

    // Of somebody whom the box does not know: what was told goes to the agency as it is.
    const stranger = { ...told, mother: { name: 'SULASTRI', nik: '3510154107810009' }, kk: '3510150101100009' }
    await take(await seal(stranger), 'othernotice1')
    const [other] = box.cases.view().open.filter(({ name }) => name === 'SULASTRI')
    expect(other?.resident).toBeNull()
    box.cases.changePapers({ case: other?.case ?? '', papers: all('akta-kelahiran'), actor: clerk(), key: null })
    const agency = await publishAgency()
    await box.cases.relay({ case: other?.case ?? '', note: '', actor: clerk(), key: null })
    const row = box.store.db
      .prepare<[], { p: Buffer; file: Buffer }>(
        "SELECT p, file FROM entry JOIN sealed USING (row) WHERE type = 'cases.relayed'",
      )
      .get()
    expect(
      JSON.parse((await agency.open(row?.file ?? Buffer.alloc(0), row?.p ?? Buffer.alloc(0))) ?? ''),
    ).toMatchObject({
      ...{ applicant: { name: 'SULASTRI', nik: '3510154107810009', kk: '3510150101100009' }, notice: stranger },
    })

    expect(await take(await seal(told, agency.recipient), 'thirdnotice1')).toBe('sealed')
    expect(await take(await seal({ ...told, sex: 3 }), 'fourthnotic1')).toBe('unreadable')
    expect(await take(await seal({ ...told, kind: 'death' }), 'fifthnotice1')).toBe('unreadable')
    expect(box.cases.view().open).toHaveLength(2)
  })

  test('is taken back with a reason; a paper’s day is none before today', async () => {
    const id = await open('ktp-el')
    await expect(box.cases.withdraw({ case: id, reason: ' ', actor: clerk(), key: null })).rejects.toMatchObject({
      code: 'cases.reason-needed',
    })
    await box.cases.withdraw({ case: id, reason: 'Pindah', actor: clerk(), key: null })
    expect(line(id)).toMatchObject({ state: 'withdrawn', text: 'Pindah' })
    const [name = ''] = papersOf('kia')
    await expect(open('kia', [{ name, state: 'later', until: '2026-11-22' }])).rejects.toMatchObject({
      code: 'cases.wrong-day',
    })
  })

  test('of an agency that signs, a birth that is not signed by it is not taken, whoever hands it on', async () => {
    const secret = await generateX25519Identity()
    const signer = publicKeyOf(signerOf(secret))
    giveDataset(box, 'agencies', { agencies: [{ code: 'rsud', name: 'RSUD Blambangan', signer }] })
    const told = { kind: 'birth', sex: 2, on: '2026-11-22', place: 'RSUD', letter: '1', mother: { name: 'SULASTRI' } }
    const sealed = (await sealText(JSON.stringify(told), [recipientOfBox(publicKeyOf(box.identity.key))])).toString(
      'base64',
    )
    const notice = { notice: 'noticenotice', kind: 'birth', from: 'RSUD Blambangan', sealed } as const
    const take = (more: object) => box.cases.takeNotice({ ...notice, agency: 'rsud', ...more })
    const signature = signNotice(signerOf(secret), { ...notice, village: box.journal.village })
    expect(await take({})).toBe('unsigned')
    expect(await take({ signature, from: 'RSUD lain' })).toBe('unsigned')
    const elsewhere = signNotice(signerOf(secret), { ...notice, village: '3510012001' })
    expect(await take({ signature: elsewhere })).toBe('unsigned')
    const other = signNotice(signerOf(await generateX25519Identity()), { ...notice, village: box.journal.village })
    expect(await take({ signature: other })).toBe('unsigned')
    expect(await take({ signature })).toMatchObject({ say: expect.any(String) })
    // One that has published no key tells by its token.
    expect(await take({ agency: 'bidan' })).toMatchObject({ say: expect.any(String) })
  })

  test('whoever is erased takes their cases’ names along, also what went to an agency', async () => {
    await publishAgency()
    const id = await open('ktp-el')
    await box.cases.relay({ case: id, note: '', actor: clerk(), key: null })
    const told = {
      ...{ kind: 'birth', sex: 2, on: '2026-11-22', place: 'RSUD', letter: '1', mother: { name: 'SULASTRI' } },
      father: { name: 'SITI AMINAH', nik: siti.nik },
    }
    const sealed = await sealText(JSON.stringify(told), [recipientOfBox(publicKeyOf(box.identity.key))])
    const taken = await box.cases.takeNotice({
      ...{ notice: 'noticenotice', kind: 'birth', from: 'RSUD', sealed: sealed.toString('base64') },
    })
    if (taken && typeof taken === 'object') taken.keep()
    expect(box.cases.view().open.map(({ name }) => name)).toContain('SULASTRI')
    await box.residents.open({ resident, as: 'head', reason: 'present', note: '', actor: head, key: null })
    await box.residents.erase({ resident, reason: 'asked', note: '', typed: 'siti aminah', actor: head, key: null })
    expect(line(id)).toMatchObject({ name: null, state: 'relayed' })
    const left = box.store.db
      .prepare("SELECT type FROM entry JOIN sealed USING (row) WHERE type LIKE 'cases.%' AND private IS NOT NULL")
      .all()
    expect(left).toEqual([])
  })

  test('is the same when it is folded again, and stays sealed to whom it was when keys change', async () => {
    const { open: agencyOpens, recipient } = await publishAgency()
    const id = await open('ktp-el')
    await box.cases.relay({ case: id, note: '', actor: clerk(), key: null })
    answer(id, 'working')
    await open('kia', [])
    const db = box.store.db
    const again = new Database(':memory:')
    migrate(again, ':memory:')
    expect(rebuild(db, again, foldingOf(rooms, again), tablesOf(rooms))).toMatchObject({ differences: [], failed: [] })
    again.close()

    db.prepare("UPDATE sealed SET recipients = json_replace(recipients, '$[0]', 'age1old')").run()
    await box.journal.sealAnew()
    const row = db
      .prepare<[], { p: Buffer; file: Buffer; recipients: string }>(
        "SELECT p, file, recipients FROM entry JOIN sealed USING (row) WHERE type = 'cases.relayed'",
      )
      .get()
    expect(JSON.parse(row?.recipients ?? '[]')).toEqual([expect.stringMatching(/^age1/), recipient])
    expect(await agencyOpens(row?.file ?? Buffer.alloc(0), row?.p ?? Buffer.alloc(0))).not.toBeNull()
    expect(await box.journal.sealAnew()).toBe(0)
  })
})
