import Database from 'better-sqlite3'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { makeJpeg } from '../../testing/make-jpeg.ts'
import { makePng } from '../../testing/make-picture.ts'
import { by, furnish, openTestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { dayMs, minuteMs } from '../base/time.ts'
import { rooms } from '../rooms.ts'
import { sealText } from '../wire/private-parts.ts'

/* Photos of papers: what is taken, who looks, and when they go. */

let box: Awaited<ReturnType<typeof openTestBox>>
let office: Awaited<ReturnType<typeof furnish>>
let resident: string
let id: string
let ktp: Buffer
let kk: Buffer
const siti = { name: 'SITI AMINAH', nik: '3510154107800001', sex: 2, birthPlace: 'BANYUWANGI', birthDate: '1980-07-01' }

beforeAll(async () => {
  ktp = await makeJpeg('KARTU TANDA PENDUDUK')
  kk = await makeJpeg('KARTU KELUARGA')
})
beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
  await bringResidents(box, residentSheet([siti]), { actor: 'secretary-000' })
  resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', ...clerk() })
  id = await box.cases.open({ kind: 'kia', resident, papers: [], ...clerk() })
})
afterEach(() => box.remove())

const clerk = (at = 0) => by(office.clerks[at] ?? '')
const line = () => box.cases.list(null).cases.find((one) => one.case === id)
const paperAt = (index: number) => line()?.papers[index]
const take = (bytes: Buffer, more: { paper?: string | null; replaces?: string | null; key?: string | null } = {}) =>
  box.cases.photos.take({ case: id, paper: paperAt(0)?.name ?? '', replaces: null, bytes, ...clerk(), ...more })
const countFiles = () => box.store.db.prepare('SELECT count(*) FROM citizen_case_photo_file').pluck().get()
const countEntries = (type: string) =>
  box.store.db.prepare('SELECT count(*) FROM entry WHERE type = ?').pluck().get(type)

describe('a photo of a paper', () => {
  test('makes it copied, once for the same key; taken away, the paper lacks again and no byte is left', () => {
    const key = newId()
    const photo = take(ktp, { key })
    expect(take(ktp, { key })).toBe(photo)
    expect(line()?.photos).toMatchObject([{ photo, paper: paperAt(0)?.name, byPhone: false, here: true }])
    expect(paperAt(0)?.state).toBe('copied')
    expect(paperAt(1)?.state).toBe('missing')
    const second = take(kk)
    box.cases.photos.remove({ case: id, photo, ...clerk() })
    expect(paperAt(0)?.state).toBe('copied')
    box.cases.photos.remove({ case: id, photo: second, ...clerk() })
    expect(paperAt(0)?.state).toBe('missing')
    expect(line()?.photos).toEqual([])
    expect(countFiles()).toBe(0)
  })

  test('counts as a paper that is here: with the last one the promised time begins', async () => {
    id = await box.cases.open({ kind: 'pernyataan-miskin', resident, papers: [], ...clerk() })
    for (const { name } of line()?.papers ?? []) {
      expect(line()?.dueAt).toBeNull()
      take(ktp, { paper: name })
    }
    expect(line()?.dueAt).not.toBeNull()
  })

  test('is replaced by another one in its place, and may be of a paper that nobody asked for', () => {
    const photo = take(ktp)
    const better = take(kk, { replaces: photo })
    expect(line()?.photos.map((one) => one.photo)).toEqual([better])
    expect(paperAt(0)?.state).toBe('copied')
    take(ktp, { paper: null })
    expect(line()?.photos.map(({ paper }) => paper)).toEqual([paperAt(0)?.name, null])
  })

  test('that is no photo is refused in words, and nothing is kept', async () => {
    const large = await makeJpeg('BESAR', 150)
    const small = await makeJpeg('kecil', 15)
    for (const [bytes, code] of [
      [Buffer.from('ini bukan foto'), 'cases.photo-no-photo'],
      [Buffer.alloc(0), 'cases.photo-no-photo'],
      [makePng(400, 400), 'cases.photo-no-photo'],
      [large, 'cases.photo-large'],
      [Buffer.concat([ktp, Buffer.alloc(250_000)]), 'cases.photo-large'],
      [small, 'cases.photo-small'],
      [ktp.subarray(0, ktp.length - 900), 'cases.photo-cut'],
    ] as const)
      expect(() => take(bytes)).toThrow(expect.objectContaining({ kind: 'invalid', code }))
    expect(() => take(ktp, { paper: 'Paspor' })).toThrow(expect.objectContaining({ code: 'cases.unknown-paper' }))
    expect(() => take(ktp, { replaces: newId() })).toThrow(expect.objectContaining({ code: 'cases.photo-unknown' }))
    expect(countFiles()).toBe(0)
    for (let n = 0; n < 20; n++) take(ktp)
    expect(() => take(ktp)).toThrow(expect.objectContaining({ code: 'cases.too-many-photos' }))
    await box.cases.withdraw({ case: id, reason: 'batal', ...clerk() })
    expect(() => take(ktp)).toThrow(expect.objectContaining({ code: 'cases.ended' }))
  })

  test('is seen with a trace: each opening is an entry, and stands in the record of whoever had it not open', () => {
    const photo = take(ktp)
    expect(box.cases.photos.open({ case: id, photo, ...clerk() }).equals(ktp)).toBe(true)
    expect(countEntries('residents.record-opened')).toBe(1)
    box.cases.photos.open({ case: id, photo, ...clerk(1) })
    expect(countEntries('residents.record-opened')).toBe(2)
    expect(countEntries('cases.photo-opened')).toBe(2)
    expect(() => box.cases.photos.open({ case: newId(), photo, ...clerk() })).toThrow(/no such application/)
    const clear = box.store.db.prepare("SELECT data FROM entry WHERE type LIKE 'cases.photo-%'").pluck().all()
    expect(clear.join()).not.toMatch(/SITI|3510154107800001/)
  })

  test('goes with whoever is erased, and some time after its application has ended', async () => {
    const photo = take(ktp)
    await box.cases.withdraw({ case: id, reason: 'pindah', ...clerk() })
    box.time.advance(29 * dayMs)
    await box.residents.look()
    expect(line()?.photos).toMatchObject([{ here: true }])
    box.time.advance(2 * dayMs)
    await box.residents.look()
    expect(line()?.photos).toMatchObject([{ photo, here: false }])
    expect(() => box.cases.photos.open({ case: id, photo, ...clerk() })).toThrow(/not in this box/)

    await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', ...clerk() })
    id = await box.cases.open({ kind: 'kia', resident, papers: [], ...clerk() })
    take(kk)
    expect(countFiles()).toBe(1)
    await box.residents.erase({ resident, reason: 'asked', note: '', typed: 'siti aminah', ...clerk() })
    expect(countFiles()).toBe(0)
  })

  test('is folded again to the same rows, without its picture', () => {
    take(ktp)
    const photo = take(kk)
    box.cases.photos.remove({ case: id, photo, ...clerk() })
    const again = new Database(':memory:')
    migrate(again, ':memory:')
    const folded = rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))
    expect(folded).toMatchObject({ differences: [], failed: [] })
    expect(again.prepare('SELECT count(*) FROM citizen_case_photo').pluck().get()).toBe(1)
    again.close()
  })
})

describe('a phone that was paired for a case', () => {
  const url = (path: string) => `http://127.0.0.1:${box.http.port}/api/case-phone/${path}`
  const look = async (token: string) => {
    const answer = await fetch(url(token))
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  async function send(token: string, body: Buffer, paper?: string) {
    const query = new URLSearchParams({ key: newId(), ...(paper ? { paper } : {}) })
    const answer = await fetch(`${url(token)}?${query}`, {
      ...{ method: 'POST', body: new Uint8Array(body) },
      headers: { 'x-balai': '1', 'content-type': 'application/octet-stream' },
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const seal = async (bytes: Buffer, recipient: unknown) => {
    const { Encrypter } = await import('age-encryption')
    const encrypter = new Encrypter()
    encrypter.addRecipient(String(recipient))
    return Buffer.from(await encrypter.encrypt(bytes))
  }

  test('sends photos that are sealed on it, for this case alone, and learns nobody’s name', async () => {
    const { token } = box.cases.phones.begin({ case: id, actor: clerk().actor })
    expect(line()?.phone).toMatchObject({ met: false })
    const { status, body } = await look(token)
    expect(status).toBe(200)
    expect(body).toMatchObject({ title: 'Kartu Identitas Anak', others: 0, office: 'Desa Tamansari' })
    expect(JSON.stringify(body)).not.toMatch(/SITI|3510154107800001/)
    expect(line()?.phone).toMatchObject({ met: true })
    const sealed = await seal(ktp, body.recipient)
    expect(sealed.includes(ktp.subarray(100, 140))).toBe(false)
    expect((await send(token, sealed, paperAt(0)?.name)).status).toBe(200)
    expect((await send(token, await seal(kk, body.recipient))).status).toBe(200)
    expect(line()?.photos).toMatchObject([
      { paper: paperAt(0)?.name, byPhone: true },
      { paper: null, byPhone: true },
    ])
    expect(box.cases.photos.open({ case: id, photo: line()?.photos[0]?.photo ?? '', ...clerk() }).equals(ktp)).toBe(
      true,
    )
    expect(await send(token, ktp)).toMatchObject({ status: 400, body: { code: 'case-phone.sealed' } })
    const none = await seal(Buffer.from('bukan foto'), body.recipient)
    expect(await send(token, none)).toMatchObject({ status: 400, body: { code: 'cases.photo-no-photo' } })
    // What it may send, it may not read.
    const read = await fetch(`http://127.0.0.1:${box.http.port}/api/cases/${id}/photos/${line()?.photos[0]?.photo}`)
    expect([401, 403]).toContain(read.status)
  })

  test('is over after a quarter of an hour, when the clerk ends it, and when there is another link', async () => {
    const { token } = box.cases.phones.begin({ case: id, actor: clerk().actor })
    box.time.advance(16 * minuteMs)
    expect(await look(token)).toMatchObject({ status: 404, body: { code: 'case-phone.ended' } })
    expect(line()?.phone).toBeNull()
    const first = box.cases.phones.begin({ case: id, actor: clerk().actor }).token
    const second = box.cases.phones.begin({ case: id, actor: clerk().actor }).token
    expect((await look(first)).status).toBe(404)
    expect((await look(second)).status).toBe(200)
    box.cases.phones.end(id)
    expect((await send(second, await sealText('x', []).catch(() => ktp))).status).toBe(404)
  })
})
