import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { createTestClock, furnish, openTestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { openCatalogues } from '../base/messages/catalogues.ts'
import { makePdf } from '../base/pdf/make-pdf.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { dayMs } from '../base/time.ts'
import type { Office } from '../base/web/office-view.ts'
import { rooms } from '../rooms.ts'
import { describeDispatches } from './dispatch-paper.ts'
import { dispatchSheet } from './dispatch-sheet.ts'
import type { DispatchLine } from './dispatches-view.ts'

/* The book of dispatched letters: it fills itself, in the order in which things left. */

let box: Awaited<ReturnType<typeof openTestBox>>
let system: ReturnType<typeof createTestClock>
let clerk: string
let head: string
let resident: string

beforeEach(async () => {
  system = createTestClock()
  box = await openTestBox({ system })
  clerk = (await furnish(box)).clerks[0] ?? ''
  const account = { as: 'head', name: 'Bu Kades', role: 'head', pin: '258014', actor: 'x', key: null } as const
  head = await box.people.addAccount(account)
  await bringResidents(box, residentSheet([{ name: 'SITI AMINAH', nik: '3510154107800001', sex: 2 }]), {
    actor: 'secretary-000',
  })
  resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
})
afterEach(() => box.remove())

async function issueOne(): Promise<string> {
  const letter = await box.letters.request({
    ...{ template: 'keterangan-usaha', resident, actor: clerk, key: null },
    typed: { jenis_usaha: 'Warung', alamat_usaha: 'Krajan' },
    signatory: box.letters.signatories()[0]?.signatory ?? '',
  })
  await box.letters.issue({ letter, actor: head, as: 'head', key: null })
  return letter
}
const mail = () =>
  box.letters.useNumber({ classification: '005', subject: 'Undangan rapat', to: 'Ketua RT 2', actor: clerk, key: null })
const newestRow = () => box.letters.register({ year: null, before: null }).lines[0]?.row ?? 0
const send = (some: Partial<Parameters<typeof box.letters.noteSent>[0]> = {}) =>
  box.letters.noteSent({ row: newestRow(), on: '2026-11-23', to: '', note: '', actor: clerk, key: null, ...some })
const collect = (letter: string) => box.letters.collect({ letter, actor: clerk, key: null })
const book = (year: number | null = null) => box.letters.dispatches({ year, before: null })

describe('the book of dispatched letters', () => {
  test('fills itself with what was collected and what was sent, each once, in the order in which it left', async () => {
    const [first, second] = [await issueOne(), await issueOne()]
    await issueOne()
    expect(book().lines).toEqual([])
    collect(second)
    await mail()
    await send({ to: 'Ketua RT 3', note: 'diterima Pak Joko' })
    system.advance(2 * dayMs)
    collect(first)
    expect(book().lines).toEqual([
      {
        ...{
          n: 3,
          day: '2026-11-25',
          how: 'collected',
          village: null,
          written: '500.2/001/2008/XI/2026',
          on: '2026-11-23',
        },
        ...{ subject: 'Surat Keterangan Usaha', to: 'SITI AMINAH', note: '', void: false },
      },
      {
        ...{ n: 2, day: '2026-11-23', how: 'sent', village: null, written: '005/001/2008/XI/2026', on: '2026-11-23' },
        ...{ subject: 'Undangan rapat', to: 'Ketua RT 3', note: 'diterima Pak Joko', void: false },
      },
      {
        ...{
          n: 1,
          day: '2026-11-23',
          how: 'collected',
          village: null,
          written: '500.2/002/2008/XI/2026',
          on: '2026-11-23',
        },
        ...{ subject: 'Surat Keterangan Usaha', to: 'SITI AMINAH', note: '', void: false },
      },
    ])
  })

  test('a letter that was sent is no more to be collected or sent, nor one that was collected', async () => {
    const sent = await issueOne()
    const key = newId()
    await send({ key })
    await send({ key })
    expect(box.letters.register({ year: null, before: null }).lines[0]).toMatchObject({ sentOn: '2026-11-23' })
    await expect(send()).rejects.toMatchObject({ code: 'letters.gone-already' })
    collect(sent)
    expect(book().lines).toMatchObject([{ how: 'sent', to: 'SITI AMINAH' }])
    collect(await issueOne())
    await expect(send()).rejects.toMatchObject({ code: 'letters.gone-already' })
  })

  test('says in which village a letter was collected; one that went by mail is collected nowhere', async () => {
    const elsewhere = await issueOne()
    box.store.write((tx) =>
      box.letters.collectElsewhere(tx, { letter: elsewhere, village: '3510012002', at: Date.UTC(2026, 10, 23, 1) }),
    )
    const mailed = await issueOne()
    await send()
    expect(book().lines.map(({ how, village }) => [how, village])).toEqual([
      ['sent', null],
      ['collected', '3510012002'],
    ])
    expect(box.letters.collectable(mailed).collectedAt).not.toBeNull()
    expect(dispatchSheet(box.letters.dispatchesOfYear(2026), say)).toContain('35.10.01.2002')
  })

  test.each([
    ['before its date', { on: '2026-11-22' }, 'letters.sent-day'],
    ['after today', { on: '2026-11-24' }, 'letters.sent-day'],
    ['on no day', { on: '2026-02-30' }, 'letters.sent-day'],
    ['with a number that is none', { row: 999_999 }, 'letters.unknown'],
  ])('sent %s is refused', async (_what, some, code) => {
    await issueOne()
    await expect(send(some)).rejects.toMatchObject({ code })
    expect(book().lines).toEqual([])
  })

  test('a void letter is not sent; one that becomes void later stays, and says so', async () => {
    const letter = await issueOne()
    await send()
    await box.letters.makeVoid({ letter, reason: 'Nama salah', actor: head, key: null })
    expect(book().lines).toMatchObject([{ void: true }])
    const other = await issueOne()
    await box.letters.makeVoid({ letter: other, reason: 'Nama salah', actor: head, key: null })
    await expect(send()).rejects.toMatchObject({ code: 'letters.not-issued' })
  })

  test('begins anew with the year in which something left', async () => {
    const letter = await issueOne()
    await mail()
    await send()
    system.setWall(Date.UTC(2026, 11, 31, 18, 0)) // 01.00 of the new year in Banyuwangi
    collect(letter)
    expect(book(2026).lines).toMatchObject([{ n: 1, how: 'sent' }])
    expect(book(2027).lines).toMatchObject([{ n: 1, how: 'collected', day: '2027-01-01' }])
  })

  test('comes a hundred lines at a time', async () => {
    for (let n = 0; n < 103; n++) {
      await mail()
      await send()
    }
    const { lines, more } = book()
    expect([lines.length, lines[0]?.n, lines.at(-1)?.n, more]).toEqual([100, 103, 4, true])
    const rest = box.letters.dispatches({ year: null, before: 4 })
    expect([rest.lines.map(({ n }) => n), rest.more]).toEqual([[3, 2, 1], false])
  })

  test('names nobody in what the regency may read, and is the same after the tables were folded anew', async () => {
    await issueOne()
    await send({ to: 'SITI AMINAH', note: 'diterima BUDI' })
    const entries = box.journal.readBehind(box.journal.head().epoch, 0, 1_000)
    expect(JSON.stringify(entries.filter(({ type }) => type === 'letters.sent').map(({ data }) => data))).not.toMatch(
      /SITI|BUDI/,
    )
    const again = new Database(':memory:')
    migrate(again, ':memory:')
    expect(rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))).toMatchObject({
      ...{ differences: [], failed: [] },
    })
    again.close()
  })
})

const line: DispatchLine = {
  ...{ n: 1, day: '2026-11-25', how: 'sent', village: null, written: '500.2/001/2008/XI/2026', on: '2026-11-23' },
  ...{ subject: 'Surat Keterangan Usaha', to: 'SITI AMINAH', note: 'diterima Pak Joko', void: false },
}
const say = openCatalogues().speak('id')

test('as a sheet it has the columns of Permendagri 47/2016', () => {
  const [head, first] = dispatchSheet([line], say).replace('\uFEFF', '').trim().split(/\r?\n/)
  expect(head).toMatch(
    /No\..Tanggal pengiriman.Tanggal surat.Nomor surat.Isi singkat surat.Ditujukan kepada.Keterangan/,
  )
  expect(first).toContain('SITI AMINAH')
  expect(first).toContain('diterima Pak Joko')
})

test('on paper it is a book with every line, of long names as well', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-dispatches-'))
  const office: Office = {
    ...{ village: '3510242008', name: 'Desa Tamansari', district: 'Licin', zone: 'Asia/Jakarta' },
    ...{ now: Date.UTC(2026, 10, 23), clock: 'synced', drafts: [] },
  }
  const long = 'RADEN AYU KANJENG SITI NURHALIZA KUSUMANINGRUM WIDYASTUTI HADININGRAT PANGESTU LESTARI MAHARANI PUTRI'
  const lines = Array.from({ length: 40 }, (_, index) => ({ ...line, n: index + 1, to: index % 2 ? long : 'SUKARNO' }))
  const erased = { ...line, n: 41, to: null, subject: null, void: true }
  const path = join(folder, 'book.pdf')
  try {
    const task = { dispatches: [...lines, erased], year: 2026, office, regency: 'Kabupaten Banyuwangi' }
    writeFileSync(path, await makePdf(describeDispatches(task, say)))
    const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
    for (const word of ['Buku ekspedisi', '25 November', 'KUSUMANINGRUM', 'tidak', '41']) expect(text).toContain(word)
    expect(text.match(/500\.2\/001/g)).toHaveLength(41)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
