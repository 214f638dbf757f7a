import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { rooms } from '../rooms.ts'
import { drawClaimCode } from '../wire/claim-code.ts'

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
  expect(code).toMatch(/^[0-9A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{5}$/)
  expect(await give(letter)).toBe(code)
  expect(box.letters.view().waiting[0]).toMatchObject({ claim: code })
  const key = newId()
  const other = await give(letter, { anew: true, key })
  expect(await give(letter, { anew: true, key })).toBe(other)
  expect(other).not.toBe(code)
  expect(box.claims.slip(letter)).toEqual({ code: other, title: 'Surat Pengantar SKCK', written: null, hasLane: false })

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

describe('a finished letter that is fetched', () => {
  let lane: string
  beforeEach(() => {
    const manager = { actor: 'technician--', key: null }
    box.office.addService({ prefix: 'P', name: 'Ambil berkas', requires: [], minutes: 3, collection: true, ...manager })
    lane = box.office.services().find(({ prefix }) => prefix === 'P')?.service ?? ''
    const counter = box.office.counters()[0]
    box.office.changeCounter({
      ...{ counter: counter?.counter ?? '', name: 'Loket 1', services: [...(counter?.services ?? []), lane] },
      ...{ autoCall: false, ...manager },
    })
  })

  const come = (code: string, key = newId()) => box.claims.pickUp({ code, actor: 'kiosk:1', key })
  async function issue(): Promise<{ letter: string; code: string }> {
    const letter = await request()
    await box.letters.issue({ letter, as: 'head', actor: head, key: null })
    return { letter, code: await give(letter) }
  }
  const atDesk = () =>
    [
      box.people.accounts().find(({ role }) => role === 'clerk')?.account ?? '',
      box.office.counters()[0]?.counter ?? '',
    ] as const
  const ticketNow = () => box.queue.ticketAt(atDesk()[1])?.ticket ?? ''
  const collectedAt = () => box.letters.register({ year: null, before: null }).lines[0]?.collectedAt

  test('has a number before all who wait, says at the desk which it is, and is collected once that number is completed', async () => {
    const [clerk, counter] = atDesk()
    for (const { service } of box.office.services().slice(0, 2))
      box.queue.takeTicket({ service, actor: 'kiosk:1', key: null })
    const { letter, code } = await issue()
    const key = newId()
    const ticket = come(code.slice(-5), key)
    expect(ticket.service).toBe(lane)
    expect(come(code, key).ticket).toBe(ticket.ticket)
    expect(come(code).ticket).toBe(ticket.ticket)

    box.office.sit({ counter, ...by(clerk) })
    box.queue.callNext({ counter, ...by(clerk) })
    const current = () => box.screens.desk(counter).current
    expect(current()).toMatchObject({ number: 'P001', letter: { letter, title: 'Surat Pengantar SKCK' } })
    expect(JSON.stringify(box.screens.desk(counter))).not.toContain('SITI')
    box.queue.start({ ticket: ticketNow(), ...by(clerk) })
    box.queue.complete({ ticket: ticketNow(), result: 'done', ...by(clerk) })
    box.claims.look()
    // It can still be taken back.
    expect(collectedAt()).toBeNull()
    const endedAt = box.clock.read().at
    box.time.advance(60_000)
    box.claims.look()
    box.claims.look()
    expect(collectedAt()).toBe(endedAt)
    expect(() => come(code)).toThrow(expect.objectContaining({ code: 'pickup.collected' }))
  })

  test('is not collected by a number that ended otherwise', async () => {
    const [clerk, counter] = atDesk()
    const { code } = await issue()
    come(code)
    box.office.sit({ counter, ...by(clerk) })
    box.queue.callNext({ counter, ...by(clerk) })
    box.queue.start({ ticket: ticketNow(), ...by(clerk) })
    box.queue.complete({ ticket: ticketNow(), result: 'papers-missing', ...by(clerk) })
    box.time.advance(60_000)
    box.claims.look()
    expect(collectedAt()).toBeNull()
    expect(come(code).label).toBe('P002')
  })

  test('says in a code of its own what keeps it from being fetched', async () => {
    const refusal = (code: string) => {
      try {
        come(code)
      } catch (error) {
        return (error as { code: string }).code
      }
      return 'nothing'
    }
    const waiting = await request()
    expect(refusal(await give(waiting))).toBe('pickup.not-ready')
    box.letters.withdraw({ letter: waiting, actor: head, key: null })
    expect(refusal('A001')).toBe('pickup.mistyped')
    const { letter, code } = await issue()
    expect(refusal(`${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`)).toBe('pickup.mistyped')
    expect(refusal(drawClaimCode('3510242009'))).toBe('pickup.elsewhere')
    expect(refusal(drawClaimCode('3510242008'))).toBe('pickup.unknown')
    await box.letters.makeVoid({ letter, reason: 'Salah', actor: head, key: null })
    expect(refusal(code)).toBe('pickup.void')
    const other = await issue()
    box.office.setServiceOpen({ service: lane, open: false, actor: 'technician--', key: null })
    expect(refusal(other.code)).toBe('pickup.no-lane')
  })
})
