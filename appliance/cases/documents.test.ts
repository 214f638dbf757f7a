import { createHash } from 'node:crypto'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { by, furnish, openTestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { makePdf } from '../base/pdf/make-pdf.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { dayMs, minuteMs } from '../base/time.ts'
import { rooms } from '../rooms.ts'
import { recipientOfBox } from '../wire/box-recipient.ts'
import { unpackFrame } from '../wire/frame.ts'
import type { FileWant } from '../wire/messages.ts'
import { sealText } from '../wire/private-parts.ts'
import { publicKeyOf } from '../wire/sign.ts'

/* Documents that agencies send back, on the box's side. */

let box: Awaited<ReturnType<typeof openTestBox>>
let clerk: string
let id: string
let pdf: Buffer
const session = 'Session-sixteen1'

beforeEach(async () => {
  pdf = await makePdf({ defaultStyle: { font: 'Jakarta' }, content: ['KUTIPAN AKTA'] })
  box = await openTestBox({ hubKey: regencyKey })
  clerk = (await furnish(box)).clerks[0] ?? ''
  await bringResidents(box, residentSheet([{ name: 'SITI AMINAH', nik: '3510154107800001', sex: 2 }]), {
    actor: 'secretary-000',
  })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  const recipient = await identityToRecipient(await generateX25519Identity())
  giveDataset(box, 'agencies', { agencies: [{ code: 'disdukcapil', name: 'Dispendukcapil', recipient }] })
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', ...by(clerk) })
  const papers = (box.cases.kinds(clerk).find(({ code }) => code === 'kia')?.papers ?? []).map((name) => ({
    ...{ name, state: 'seen' as const, until: null },
  }))
  id = await box.cases.open({ kind: 'kia', resident, papers, ...by(clerk) })
  await box.cases.relay({ case: id, note: '', ...by(clerk) })
})
afterEach(() => box.remove())

const own = () => recipientOfBox(publicKeyOf(box.identity.key))
const documents = () => box.cases.list(null).cases.find((one) => one.case === id)?.documents ?? []

/** The regency names a document; answers what the box fetches. */
async function name(content: string | Uint8Array) {
  const sealed = await sealText(content, [own()])
  const file = createHash('sha256').update(sealed).digest('base64url')
  const document = newId()
  const named = { case: id, document, file, bytes: sealed.length, recipient: own() }
  const taken = box.cases.documents.takeNamed(named)
  if (taken && typeof taken === 'object') taken.keep()
  return { sealed, file, document, named }
}
function due(): FileWant | null {
  const asked = box.cases.documents.due(session)
  return asked && (unpackFrame(asked) as FileWant)
}
function give({ sealed, file }: { sealed: Buffer; file: string }, most = 40 * 1024): boolean | null {
  const want = due()
  if (!want) return null
  const bytes = sealed.subarray(want.from, want.from + most).toString('base64url')
  return box.cases.documents.takeChunk({ session, re: want.n, file, first: want.from, bytes })
}
const opened = () => expect.poll(() => documents().at(-1)?.state, { timeout: 10_000 })

test('SYNC-026: what is named is fetched piece by piece, also after a start, and opened when it is whole', async () => {
  const sent = await name(pdf)
  expect(box.cases.documents.takeNamed(sent.named)).toBeNull()
  expect(documents()).toMatchObject([{ document: sent.document, state: 'coming' }])
  expect(give(sent, 1_000)).toBe(true)
  expect(due()?.from).toBe(1_000)
  // Nobody answers: the same again after half a minute, and not before.
  expect(due()).toBeNull()
  box.time.advance(minuteMs)
  expect(give(sent, 1_000)).toBe(true)
  // Another answer, and one that comes twice, move nothing.
  expect(box.cases.documents.takeChunk({ session, re: 99, file: sent.file, first: 2_000, bytes: 'AAAA' })).toBeNull()
  while (give(sent) === true);
  await opened().toBe('here')
  expect(box.cases.documents.read({ case: id, document: sent.document, actor: clerk }).equals(pdf)).toBe(true)
  expect(due()).toBeNull()
})

test('SYNC-026: bytes that are not what was named are fetched anew; what is no PDF is said to be none', async () => {
  const sent = await name(pdf)
  const other = Buffer.from(sent.sealed)
  other.writeUInt8(other.readUInt8(500) ^ 1, 500)
  give({ ...sent, sealed: other })
  await expect.poll(() => box.store.db.prepare('SELECT count(*) FROM citizen_case_document_part').pluck().get()).toBe(0)
  expect(documents()[0]?.state).toBe('coming')
  expect(due()).toBeNull()
  box.time.advance(11 * minuteMs)
  give(sent)
  await opened().toBe('here')

  const none = await name('surat biasa')
  give(none)
  await opened().toBe('unreadable')
  expect(() => box.cases.documents.read({ case: id, document: none.document, actor: clerk })).toThrow(/not in this box/)
})

test('an empty answer is no document: the box asks again later; of an application that has ended nothing is fetched', async () => {
  const sent = await name(pdf)
  const want = due()
  const nothing = { session, re: want?.n ?? 0, file: sent.file, first: 0, bytes: '' }
  expect(box.cases.documents.takeChunk(nothing)).toBe(false)
  expect(due()).toBeNull()
  box.time.advance(11 * minuteMs)
  expect(due()).not.toBeNull()
  box.time.advance(minuteMs)
  await box.cases.withdraw({ case: id, reason: 'pindah', ...by(clerk) })
  expect(due()).toBeNull()
})

test('stays 30 days after its application has ended; folded again the rows are the same, without the PDF', async () => {
  const sent = await name(pdf)
  give(sent)
  await opened().toBe('here')
  box.cases.takeState({ case: id, state: 'done' })?.keep()
  box.cases.close({ case: id, ...by(clerk) })
  const again = new Database(':memory:')
  migrate(again, ':memory:')
  const folded = rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))
  expect(folded).toMatchObject({ differences: [], failed: [] })
  expect(again.prepare('SELECT outcome FROM citizen_case_document').pluck().get()).toBe('here')
  again.close()
  box.time.advance(29 * dayMs)
  await box.residents.look()
  expect(documents()[0]?.state).toBe('here')
  box.time.advance(2 * dayMs)
  await box.residents.look()
  expect(documents()[0]?.state).toBe('gone')
})
