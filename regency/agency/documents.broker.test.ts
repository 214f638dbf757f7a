import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makePdf } from '../../appliance/base/pdf/make-pdf.ts'
import { dayMs } from '../../appliance/base/time.ts'
import { recipientOfBox } from '../../appliance/wire/box-recipient.ts'
import type { FileChunk } from '../../appliance/wire/messages.ts'
import { sealText } from '../../appliance/wire/private-parts.ts'
import { publicKeyOf } from '../../appliance/wire/sign.ts'
import { askAsAgency, openAgencyPage, publishAgencies, typeAtHub } from '../../testing/agencies.ts'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { shows } from '../../testing/browser-office.ts'
import { type HubAndBoxes, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { furnish } from '../../testing/test-box.ts'
import { dropDocuments } from './documents.ts'

/* What an agency sends back: sealed in its browser, opened at the village's box, read by nobody between. */

const village = '3510012001'
const folder = mkdtempSync(join(tmpdir(), 'balai-documents-'))
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('documents', [village, '3510012002'])
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(async () => {
  await place.close()
  rmSync(folder, { recursive: true })
})

test('SYNC-026: a document comes sealed to the village’s box, in pieces over a cut, is opened and printed there, and the hub keeps none', async () => {
  const logs: string[] = []
  const toLogs = (line: string) => void logs.push(line)
  const hub = await place.openReadyHub([], pino({ level: 'trace' }, { write: toLogs }))
  const heard = await place.hearAll()
  let box = await place.openOffice(village, { onLog: toLogs })
  const { folder: boxFolder } = box
  const office = await furnish(box)
  const clerk = office.clerks[0] ?? ''
  await bringResidents(box, residentSheet([{ name: 'SITI AMINAH', nik: '3510014107800001', sex: 2 }]), {
    actor: 'secretary-000',
  })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  await until(() => box.relay.view().sentAsOf !== null)
  const identity = await generateX25519Identity()
  const key = join(folder, 'agency.key')
  writeFileSync(key, identity)
  const recipient = await identityToRecipient(identity)
  await publishAgencies(place, hub, box, [{ code: 'disdukcapil', name: 'Dispendukcapil', recipient }])

  // From a number, so that its holder's page says that it is there.
  const at = { counter: office.counters[0] ?? '', account: clerk, actor: clerk, key: null }
  box.queue.takeTicket({ service: office.services[0] ?? '', actor: 'kiosk', key: null })
  box.office.sit(at)
  const { ticket } = box.queue.callNext(at)
  box.queue.start({ ...at, ticket })
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  const names = box.cases.kinds(clerk).find(({ code }) => code === 'ktp-el')?.papers ?? []
  const papers = names.map((name) => ({ name, state: 'seen' as const, until: null }))
  const id = await box.cases.open({ kind: 'ktp-el', resident, papers, actor: clerk, key: null })
  await box.cases.relay({ case: id, note: '', actor: clerk, key: null })
  const action = typeAtHub(hub)
  await until(async () => (await action('cases', 'disdukcapil')).includes(id))
  const token = (await action('agency', 'disdukcapil')).trim()
  const elsewhere = (await action('agency', 'dinas-kesehatan')).trim()
  const call = askAsAgency(hub)
  const ask = (bearer: string, path: string, body?: object) => call<Record<string, never>>(bearer, path, body)

  // Many pages of words that do not repeat: larger than a piece.
  const words = Array.from({ length: 2_500 }, (_, n) => `KUTIPAN ${(n * 7_919) % 104_729} SITI AMINAH`).join(' ')
  const pdf = await makePdf({ defaultStyle: { font: 'Jakarta' }, content: [words] })
  expect(pdf.length).toBeGreaterThan(60_000)
  const { page, faults } = await openAgencyPage(place, hub)
  await page.getByLabel('Kode akses').fill(token)
  await page.getByLabel('Berkas kunci').setInputFiles(key)
  await page.getByRole('button', { name: 'Buka' }).click()
  await shows(page, 'SITI AMINAH')
  await page.getByRole('button', { name: 'Jawab' }).click()
  await page.getByLabel('Bagaimana keadaannya?').selectOption('done')
  const field = page.getByLabel('Dokumen hasil (PDF)')
  await field.setInputFiles({ name: 'kutipan.docx', mimeType: 'application/pdf', buffer: Buffer.from('PK') })
  await shows(page, 'kutipan.docx bukan PDF')
  const large = Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(1_000_000)])
  await field.setInputFiles({ name: 'besar.pdf', mimeType: 'application/pdf', buffer: large })
  await shows(page, 'paling besar 1.000 KB')
  await field.setInputFiles({ name: 'kutipan.pdf', mimeType: 'application/pdf', buffer: pdf })
  await shows(page, 'kutipan.pdf')
  await takePictures(page, 'agency-document', [{ width: 360, height: 800 }])
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Kirim' }).click()
  await page.getByLabel('Bagaimana keadaannya?').waitFor({ state: 'detached' })
  await hub.lookAtCommands()

  const documents = () => box.cases.list(null).cases.find((one) => one.case === id)?.documents ?? []
  const chunks = () =>
    heard.flatMap((line) => {
      const [topic = '', ...text] = line.split(' ')
      const message = topic.endsWith('/chunk') ? (JSON.parse(text.join(' ')) as Partial<FileChunk>) : {}
      return message.file ? [message as FileChunk] : []
    })
  await until(() => chunks().length >= 1)
  await box.close()
  box = await place.openOffice(village, { onLog: toLogs, folder: boxFolder })
  await until(() => documents()[0]?.state === 'here', 60_000)
  const [{ document } = { document: '' }] = documents()
  expect(box.cases.documents.read({ case: id, document, actor: clerk }).equals(pdf)).toBe(true)
  expect(() => box.cases.documents.read({ case: 'abcdefghijkl', document, actor: clerk })).toThrow(/no such appl/)
  expect(box.store.db.prepare("SELECT count(*) FROM entry WHERE type = 'cases.document-opened'").pluck().get()).toBe(1)
  expect(box.cases.ofTicket(ticket)).toMatchObject([{ state: 'done', document: true }])
  expect(box.store.db.prepare('SELECT count(*) FROM citizen_case_document_part').pluck().get()).toBe(0)
  const held = async () =>
    (await place.database.query('SELECT FROM case_document WHERE bytes IS NOT NULL')).rowCount ?? 0
  await until(async () => (await held()) === 0)
  await page.getByLabel('Juga yang sudah selesai').check()
  await shows(page, 'sudah sampai di desa')
  expect(faults).toEqual([])

  // What is no PDF, is another's, too large, or sealed to a box that was replaced.
  const own = recipientOfBox(publicKeyOf(box.identity.key))
  const seal = async (text: string, to = own) => (await sealText(text, [to])).toString('base64')
  const send = (change: object, bearer = token) =>
    ask(bearer, 'cases/document', { village, case: id, document: 'documentAAAA', recipient: own, ...change })
  const sealed = await seal('bukan PDF')
  expect(await send({ sealed }, elsewhere)).toMatchObject({ status: 404, body: { code: 'agency.unknown-case' } })
  expect((await ask(elsewhere, `cases/recipient?village=${village}&case=${id}`)).status).toBe(404)
  expect((await ask(token, `cases/recipient?village=${village}&case=${id}`)).body).toEqual({ recipient: own })
  expect(await send({ sealed, recipient })).toMatchObject({ status: 409, body: { code: 'agency.other-box' } })
  const tooLarge = Buffer.alloc(1024 * 1024 + 1).toString('base64')
  expect(await send({ sealed: tooLarge })).toMatchObject({ status: 400, body: { code: 'agency.document-large' } })
  expect((await send({ sealed })).status).toBe(200)
  expect((await send({ sealed })).status).toBe(200)
  await hub.lookAtCommands()
  await until(() => documents()[1]?.state === 'unreadable', 60_000)
  expect(documents()).toHaveLength(2)
  expect(() => box.cases.documents.read({ case: id, document: 'documentAAAA', actor: clerk })).toThrow(/not in this/)
  expect(box.cases.documents.takeNamed({ ...named('documentBBBB'), recipient })).toBe('sealed')
  expect(box.cases.documents.takeNamed({ ...named('documentBBBB'), case: 'abcdefghijkl' })).toBe('unknown-case')

  // One that nobody fetches goes; so does what is here with whom it is about.
  await place.database.query('UPDATE case_document SET bytes = $1, outcome = NULL', [Buffer.from('sealed')])
  await dropDocuments(place.database, Date.now() + 31 * dayMs)
  expect(await held()).toBe(0)
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  await box.residents.erase({ resident, reason: 'asked', note: '', typed: 'siti aminah', actor: clerk, key: null })
  expect(documents()[0]?.state).toBe('gone')
  const everything = [...heard, ...logs].join('\n')
  for (const planted of ['SITI AMINAH', pdf.subarray(2_000, 2_030).toString('base64url').slice(0, 38)])
    expect(everything).not.toContain(planted)

  function named(one: string) {
    return { case: id, document: one, file: 'f'.repeat(43), bytes: 9, recipient: own }
  }
}, 180_000)
