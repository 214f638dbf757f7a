import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { login, signer, startSigningService } from '../../testing/signing-service.ts'
import { by, furnish, openTestBox } from '../../testing/test-box.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { rooms } from '../rooms.ts'
import { openSealed, sealText } from '../wire/private-parts.ts'

/* A finished letter on the page of its number: for who knows the birth date, sealed both ways. */

let box: Awaited<ReturnType<typeof openTestBox>>
let clerk: string
let head: string
let ticket: string
let id: string
const siti = { name: 'SITI AMINAH', nik: '3510154107800001', sex: 2, birthPlace: 'BANYUWANGI', birthDate: '1980-07-01' }

let service: Awaited<ReturnType<typeof startSigningService>>

beforeAll(async () => {
  service = await startSigningService()
})
afterAll(() => service?.close())
beforeEach(async () => {
  box = await openTestBox({ mqtt: { url: 'mqtts://127.0.0.1:9', keepalive_s: 30, ca: service.ca } })
  const office = await furnish(box)
  clerk = office.clerks[0] ?? ''
  const account = { as: 'head', name: 'Bu Kades', role: 'head', pin: '258014', actor: 'x', key: null } as const
  head = await box.people.addAccount(account)
  await bringResidents(box, residentSheet([siti]), { actor: 'secretary-000' })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  const at = { counter: office.counters[0] ?? '', account: clerk, actor: clerk, key: null }
  box.queue.takeTicket({ service: office.services[0] ?? '', actor: 'kiosk', key: null })
  box.office.sit(at)
  ticket = box.queue.callNext(at).ticket
  box.queue.start({ ...at, ticket })
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', ...by(clerk) })
  const kind = 'keterangan-kurang-mampu'
  const names = box.cases.kinds(clerk).find(({ code }) => code === kind)?.papers ?? []
  const papers = names.map((name) => ({ name, state: 'seen' as const, until: null }))
  id = await box.cases.open({ kind, resident, papers, ...by(clerk) })
  const typed = { keperluan: 'beasiswa', saksi_1: 'SUNAR', saksi_2: 'TUTIK' }
  const signatory = box.letters.signatories()[0]?.signatory ?? ''
  await box.cases.writeLetter({ ...{ case: id, template: kind, resident, signatory, typed }, ...by(clerk) })
})
afterEach(() => box.remove())

const mine = () => box.cases.ofTicket(ticket)[0]
const line = () => box.cases.list(null).cases[0]
const letter = () => line()?.letter ?? ''
const issue = () => box.letters.issue({ letter: letter(), actor: head, as: 'head', key: null })

async function take(birthDate: unknown, { of = ticket, to = mine()?.takeHome ?? '' } = {}) {
  const identity = await generateX25519Identity()
  const sealed = await sealText(JSON.stringify({ birthDate, recipient: await identityToRecipient(identity) }), [to])
  const answer = await fetch(`http://127.0.0.1:${box.http.port}/api/tickets/${of}/cases/${id}/letter`, {
    ...{ method: 'POST', body: new Uint8Array(sealed) },
    headers: { 'x-balai': '1', 'content-type': 'application/octet-stream' },
  })
  const body = Buffer.from(await answer.arrayBuffer())
  if (!answer.ok) return { status: answer.status, problem: JSON.parse(body.toString()) as object, pdf: null, body }
  return { status: answer.status, problem: null, pdf: await openSealed(body, identity), body }
}

test('a letter that was approved is taken home with the birth date, sealed on its way, with its trace', async () => {
  expect(mine()?.takeHome).toBeNull()
  await issue()
  expect(mine()?.takeHome).toMatch(/^age1/)
  expect(JSON.stringify(mine())).not.toMatch(/SITI|1980/)
  const { pdf, body } = await take('1980-07-01')
  expect(pdf?.subarray(0, 5).toString()).toBe('%PDF-')
  expect(body.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
  expect(line()?.home).toEqual({ takenAt: box.clock.read().at, locked: false })
  const opened = box.store.db.prepare("SELECT actor FROM entry WHERE type = 'residents.record-opened'").pluck().all()
  expect(opened).toContain('anyone')
  // It is no handing out: who comes for the paper gets it.
  expect(line()?.state).toBe('issued')
})

test('one that is signed electronically is there once it is, and is the signed file itself', async () => {
  const signatory = box.letters.signatories()[0]?.signatory ?? ''
  const settings = { address: service.address, ...login, signers: [{ signatory, nik: signer.nik }] }
  box.letters.changeElectronic({ settings, actor: head, key: null })
  await issue()
  expect(mine()?.takeHome).toBeNull()
  expect(await take('1980-07-01', { to: box.letters.view().recipient })).toMatchObject({
    problem: { code: 'cases.home-none' },
  })
  const sealed = await sealText(JSON.stringify({ passphrase: signer.passphrase }), [box.letters.view().recipient])
  const by = { as: 'head', actor: head, key: null } as const
  await box.letters.sign({ letter: letter(), sealed: sealed.toString('base64url'), ...by })
  const { pdf } = await take('1980-07-01')
  expect(pdf).toEqual(box.letters.signedFile(letter()))
})

test('five wrong birth dates close this way and say so at the desk; the right one does not open it any more', async () => {
  await issue()
  for (const left of [4, 3, 2, 1])
    expect(await take('1980-07-02')).toMatchObject({
      ...{ status: 400, problem: { code: 'cases.home-wrong', details: { left } } },
    })
  expect(await take('1981-01-01')).toMatchObject({ status: 403, problem: { code: 'cases.home-locked' } })
  expect(await take('1980-07-01')).toMatchObject({ status: 403, problem: { code: 'cases.home-locked' } })
  expect(line()?.home).toEqual({ takenAt: null, locked: true })
  const again = new Database(':memory:')
  migrate(again, ':memory:')
  const folded = rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))
  expect(folded).toMatchObject({ differences: [], failed: [] })
  again.close()
})

test('what is not approved, void, of another number, or sealed to another box is not given', async () => {
  const to = await identityToRecipient(await generateX25519Identity())
  const own = box.cases.recipient()
  expect(await take('1980-07-01', { to: own })).toMatchObject({ status: 404, problem: { code: 'cases.home-none' } })
  await issue()
  expect(await take('1980-07-01', { of: 'abcdefghijkl' })).toMatchObject({ problem: { code: 'cases.home-none' } })
  expect(await take('1980-07-01', { to })).toMatchObject({ status: 400, problem: { code: 'cases.home-unread' } })
  expect(await take(19_800_701)).toMatchObject({ status: 400, problem: { code: 'cases.home-unread' } })
  await box.letters.makeVoid({ letter: letter(), reason: 'Salah', actor: head, key: null })
  expect(await take('1980-07-01', { to: own })).toMatchObject({ status: 404, problem: { code: 'cases.home-none' } })
  expect(mine()?.takeHome).toBeNull()
})
