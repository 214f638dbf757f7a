import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { login, signer, startSigningService } from '../../testing/signing-service.ts'
import { furnish, openTestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { sealText } from '../wire/private-parts.ts'
import { isSignedPdf } from './signed-pdf.ts'

/* Letters that the regency's service signs, as BSrE does. */

const siti = { name: 'SITI AMINAH', nik: '3510244107800001', sex: 2, birthPlace: 'BANYUWANGI', birthDate: '1980-07-01' }
let service: Awaited<ReturnType<typeof startSigningService>>
let box: Awaited<ReturnType<typeof openTestBox>>
let clerk: string
let head: string
let resident: string
let logged: string[]

beforeAll(async () => {
  service = await startSigningService()
})
afterAll(() => service?.close())

beforeEach(async () => {
  service.answerAs('pdf')
  service.asked.length = 0
  logged = []
  const mqtt = { url: 'mqtts://127.0.0.1:9', keepalive_s: 30, ca: service.ca }
  box = await openTestBox({ mqtt, onLog: (line) => void logged.push(line) })
  const office = await furnish(box)
  clerk = office.clerks[0] ?? ''
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
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  setService()
})
afterEach(() => box.remove())

const signatory = () => box.letters.signatories()[0]?.signatory ?? ''
const setService = (some: Partial<Parameters<typeof box.letters.changeElectronic>[0]['settings']> = {}) =>
  box.letters.changeElectronic({
    settings: {
      ...{ address: service.address, ...login, signers: [{ signatory: signatory(), nik: signer.nik }] },
      ...some,
    },
    actor: head,
    key: null,
  })

async function approve(template = 'keterangan-usaha', typed: Record<string, string> = usaha): Promise<string> {
  const letter = await box.letters.request({
    template,
    resident,
    signatory: signatory(),
    typed,
    actor: clerk,
    key: null,
  })
  await box.letters.issue({ letter, actor: head, as: 'head', key: null })
  return letter
}
const usaha = { jenis_usaha: 'Warung kelontong', alamat_usaha: 'Dusun Krajan' }

async function sign(letter: string, passphrase = signer.passphrase, actor = head, as: 'head' | 'clerk' = 'head') {
  const sealed = await sealText(JSON.stringify({ passphrase }), [box.letters.view().recipient])
  await box.letters.sign({ letter, sealed: sealed.toString('base64url'), as, actor, key: newId() })
}
const stateOf = (letter: string) => box.letters.collectable(letter).state

describe('a letter of somebody who signs electronically', () => {
  test('has its number on approval, no QR before it is signed, and is the signed PDF from then on', async () => {
    const letter = await approve()
    expect(box.letters.view()).toMatchObject({ waiting: [], unsigned: [{ letter, written: '500.2/001/2008/XI/2026' }] })
    expect(box.letters.paper(letter, head)).toMatchObject({ code: null, mark: 'unsigned' })
    expect(box.letters.signedFile(letter)).toBeNull()
    await sign(letter)
    expect(box.letters.view().unsigned).toEqual([])
    const paper = box.letters.paper(letter, head)
    expect(paper).toMatchObject({ mark: null, electronic: true })
    expect(box.letters.check(paper?.code ?? '', 'Siti Aminah')).toMatchObject({ verdict: 'valid', name: true })
    const file = box.letters.signedFile(letter) ?? Buffer.alloc(0)
    // What was signed is what was sent, with the signature behind it.
    expect(file.subarray(0, service.asked[0]?.pdf?.length)).toEqual(service.asked[0]?.pdf)
    expect(readSignatures(file)).toMatch(/Signature Validation: Signature is Valid/)
    expect(readSignatures(file)).toMatch(/KEPALA DESA TAMANSARI/)
    expect(textOf(file)).toMatch(/SITI AMINAH[\s\S]*Ditandatangani secara elektronik/)
    expect(box.letters.register({ year: null, before: null }).lines).toMatchObject([
      { state: 'issued', signed: 'electronic' },
    ])
  })

  test('waits with its number while the service is away, and is nobody’s to collect until then', async () => {
    setService({ address: 'https://127.0.0.1:9', ...login })
    const letter = await approve()
    await expect(sign(letter)).rejects.toMatchObject({ code: 'letters.signer-away', kind: 'unavailable' })
    expect(stateOf(letter)).toBe('unsigned')
    expect(() => box.letters.collect({ letter, actor: clerk, key: null })).toThrow(/unsigned/)
    const { row = 0, on = '' } = box.letters.register({ year: null, before: null }).lines[0] ?? {}
    await expect(
      box.letters.noteSent({ row, on, to: 'Camat', note: '', actor: clerk, key: null }),
    ).rejects.toMatchObject({ code: 'letters.not-issued' })
    setService()
    await sign(letter)
    expect(stateOf(letter)).toBe('issued')
    box.letters.collect({ letter, actor: clerk, key: null })
  })

  test('is signed by pen whenever somebody wants it, and has its QR then', async () => {
    const letter = await approve()
    expect(() => box.letters.signByPen({ letter, as: 'clerk', actor: clerk, key: null })).toThrow(
      expect.objectContaining({ code: 'letters.may-not-approve' }),
    )
    box.letters.signByPen({ letter, as: 'head', actor: head, key: null })
    const paper = box.letters.paper(letter, head)
    expect(paper?.electronic).toBeUndefined()
    expect(paper).toMatchObject({ mark: null, code: expect.stringMatching(/^BALAI1\./) })
    await expect(sign(letter)).rejects.toMatchObject({ code: 'letters.not-unsigned' })
    expect(service.asked).toEqual([])
  })

  test('becomes void before it was signed; its number keeps its place', async () => {
    const letter = await approve()
    await box.letters.makeVoid({ letter, reason: 'salah nama', actor: head, key: null })
    await expect(sign(letter)).rejects.toMatchObject({ code: 'letters.not-unsigned' })
    expect(box.letters.register({ year: null, before: null }).lines).toMatchObject([{ state: 'void', number: 1 }])
    expect(box.letters.paper(letter, head)).toMatchObject({ mark: 'void', code: null })
  })

  test('is signed by pen where others sign besides, and where nobody set the service up', async () => {
    const typed = { nama_penerima: 'SUNAR', alamat_penerima: 'Dusun Krajan', untuk: 'mengurus pajak' }
    expect(stateOf(await approve('surat-kuasa', typed))).toBe('issued')
    setService({ address: '', user: '', password: '', signers: [] })
    expect(stateOf(await approve())).toBe('issued')
  })

  test('waits with its application, which is ready when it is signed', async () => {
    const papers = box.cases.kinds(clerk).find(({ code }) => code === 'keterangan-usaha')?.papers ?? []
    const seen = papers.map((name) => ({ name, state: 'seen' as const, until: null }))
    const id = await box.cases.open({ kind: 'keterangan-usaha', resident, papers: seen, actor: clerk, key: null })
    const at = { case: id, template: 'keterangan-usaha', resident, signatory: signatory(), typed: usaha }
    const letter = await box.cases.writeLetter({ ...at, actor: clerk, key: null })
    await box.letters.issue({ letter, actor: head, as: 'head', key: null })
    const stands = () => box.cases.view().open.find((one) => one.case === id)?.state
    expect(stands()).toBe('letter')
    await sign(letter)
    expect(stands()).toBe('issued')
  })

  test('is fetched where the service names the document instead of sending it', async () => {
    service.answerAs('id')
    const letter = await approve()
    await sign(letter)
    expect(isSignedPdf(box.letters.signedFile(letter) ?? Buffer.alloc(0))).toBe(true)
  })

  test('pressed twice is signed once', async () => {
    const letter = await approve()
    const outcomes = await Promise.allSettled([sign(letter), sign(letter)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await sign(letter)
    expect(service.asked).toHaveLength(1)
  })
})

describe('what goes wrong is said, and the letter waits on', () => {
  test.each([
    ['pdf', 'bukan itu', 'letters.passphrase-wrong'],
    ['cut', signer.passphrase, 'letters.signer-odd'],
    ['page', signer.passphrase, 'letters.signer-odd'],
    ['refused', signer.passphrase, 'letters.signer-refused'],
  ] as const)('%s, “%s”: %s', async (answers, passphrase, code) => {
    service.answerAs(answers)
    const letter = await approve()
    const error = await sign(letter, passphrase).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code })
    expect(JSON.stringify(error)).not.toMatch(new RegExp(`${signer.nik}|${signer.passphrase}`))
    expect(stateOf(letter)).toBe('unsigned')
    expect(box.letters.signedFile(letter)).toBeNull()
  })

  test('a log-in that the service does not know, a NIK that it does not know, another’s certificate', async () => {
    const letter = await approve()
    setService({ password: 'lain' })
    await expect(sign(letter)).rejects.toMatchObject({ code: 'letters.signer-login' })
    setService({ signers: [{ signatory: signatory(), nik: '3510241203700009' }] })
    await expect(sign(letter)).rejects.toMatchObject({ code: 'letters.signer-unknown' })
    await expect(box.letters.trySigner(signatory())).rejects.toMatchObject({ code: 'letters.signer-unknown' })
    setService()
    expect(await box.letters.trySigner(signatory())).toBe('User dengan sertifikat aktif')
    const stranger = await startSigningService()
    setService({ address: stranger.address })
    await expect(sign(letter)).rejects.toMatchObject({ code: 'letters.signer-foreign' })
    expect(stranger.asked).toEqual([])
    await stranger.close()
  })

  test('a passphrase that is sealed to another box, and somebody who does not sign', async () => {
    const letter = await approve()
    const elsewhere = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'
    const sealed = (await sealText(JSON.stringify({ passphrase: 'x' }), [elsewhere])).toString('base64url')
    await expect(box.letters.sign({ letter, sealed, as: 'head', actor: head, key: null })).rejects.toMatchObject({
      code: 'letters.passphrase-unread',
    })
    await expect(sign(letter, signer.passphrase, clerk, 'clerk')).rejects.toMatchObject({
      code: 'letters.may-not-approve',
    })
    expect(service.asked).toEqual([])
  })

  test('settings without HTTPS, without a log-in, with a NIK that is none', () => {
    for (const address of ['http://127.0.0.1/esign', 'esign.banyuwangikab.go.id', 'https://a:b@esign.id', 'ftp://x'])
      expect(() => setService({ address })).toThrow(expect.objectContaining({ code: 'letters.signer-address' }))
    expect(() => setService({ user: '' })).toThrow(expect.objectContaining({ code: 'letters.signer-password' }))
    expect(() => setService({ signers: [] })).toThrow(expect.objectContaining({ code: 'letters.signer-nobody' }))
    expect(() => setService({ signers: [{ signatory: signatory(), nik: '351024120370' }] })).toThrow(
      expect.objectContaining({ code: 'letters.signer-nik', details: expect.objectContaining({ name: 'Bu Kades' }) }),
    )
  })

  test('a password that was kept goes to no other address', () => {
    setService({ password: '' })
    expect(() => setService({ password: '', address: 'https://esign.example' })).toThrow(
      expect.objectContaining({ code: 'letters.signer-password', details: { field: 'password' } }),
    )
  })
})

describe('what nobody may see', () => {
  test('passphrase, NIK and password stand in no entry, no log, and the passphrase nowhere in the data folder', async () => {
    await sign(await approve())
    await expect(sign(await approve(), 'Rahasia#Lain 2')).rejects.toMatchObject({ code: 'letters.passphrase-wrong' })
    service.answerAs('refused')
    await expect(sign(await approve())).rejects.toMatchObject({ code: 'letters.signer-refused' })
    const entries = JSON.stringify(box.journal.readBehind(box.journal.head().epoch, 0, 1_000))
    for (const text of [entries, logged.join('\n')])
      expect(text).not.toMatch(new RegExp(`${signer.nik}|${signer.passphrase}|Rahasia#Lain 2|${login.password}`))
    await box.close()
    const files = readdirSync(box.config.data, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    expect(files.length).toBeGreaterThan(2)
    for (const { parentPath, name } of files)
      for (const secret of [signer.passphrase, 'Rahasia#Lain 2'])
        expect(readFileSync(join(parentPath, name)).includes(secret), `${secret} in ${name}`).toBe(false)
  })
})

test('a box that was rebuilt knows what was signed, and asks for the log-in again', async () => {
  const letter = await approve()
  await sign(letter)
  const waits = await approve()
  for (const table of ['letter_electronic_secret', 'letter_signed_file']) box.store.db.exec(`DELETE FROM ${table}`)
  expect(box.letters.electronicView()).toMatchObject({ isLost: true, address: service.address })
  expect(box.letters.register({ year: null, before: null }).lines.map(({ signed }) => signed)).toEqual([null, 'lost'])
  // It counts as before, and is printed for a pen.
  const paper = box.letters.paper(letter, head)
  expect(paper?.electronic).toBeUndefined()
  expect(box.letters.check(paper?.code ?? '', '')).toMatchObject({ verdict: 'valid' })
  await expect(sign(waits)).rejects.toMatchObject({ code: 'letters.electronic-lost' })
  setService()
  await sign(waits)
})

test('only a PDF with a signature over itself is taken for one', async () => {
  const letter = await approve()
  await sign(letter)
  const file = box.letters.signedFile(letter) ?? Buffer.alloc(0)
  expect(isSignedPdf(file)).toBe(true)
  const changed = Buffer.from(file)
  changed[200] = (changed[200] ?? 0) ^ 1
  expect(isSignedPdf(changed)).toBe(false)
  expect(isSignedPdf(service.asked[0]?.pdf ?? Buffer.alloc(0))).toBe(false)
  expect(isSignedPdf(Buffer.concat([file, Buffer.from('more')]))).toBe(false)
})

/** What poppler says of the signatures in a PDF. */
function readSignatures(file: Buffer): string {
  return withFile(file, (path) => execFileSync('pdfsig', ['-nocert', path], { encoding: 'utf8' }))
}

const textOf = (file: Buffer): string =>
  withFile(file, (path) => execFileSync('pdftotext', [path, '-'], { encoding: 'utf8' }))

function withFile<T>(file: Buffer, look: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'balai-signed-'))
  try {
    writeFileSync(join(folder, 'surat.pdf'), file)
    return look(join(folder, 'surat.pdf'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
