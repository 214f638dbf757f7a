import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { type HubAndBoxes, hubPublicKey, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { by, furnish } from '../../testing/test-box.ts'
import { noteVisitor, visitorsRoom } from '../../testing/visitors-room.ts'
import { wordsOf } from '../backup/words.ts'
import { exitCode } from '../base/errors.ts'
import { databasePath } from '../base/store/folder.ts'

/* `balai restore --from-regency` as it is typed, on a new card, with a real broker and hub. */

const village = '3510012001'
const program = join(import.meta.dirname, '..', 'balai.js')
const visits = 400
let place: HubAndBoxes
let words: string
let tickets: number
/** Private parts, of visits, letters and all else. */
let parts: number
beforeAll(async () => {
  place = await openHubAndBoxes('from-regency', [village])
  await place.openReadyHub()
  const box = await place.openOffice(village, { moreRooms: [visitorsRoom] })
  const { services } = await furnish(box)
  await box.people.addAccount({ as: 'head', name: 'Bu Kades', role: 'head', pin: '258014', actor: 'x', key: null })
  for (let i = 0; i < 20; i++) box.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  for (let i = 0; i < visits; i++)
    await noteVisitor(box, { name: `Siti ${i}`, nik: `35100124${String(i).padStart(8, '0')}` })
  for (let i = 0; i < 3; i++) await writeLetter(box)
  await openCase(box)
  tickets = countTickets(box.folder)
  parts = countOpen(box.folder)
  await until(() => box.relay.view().waiting === 0 && box.relay.view().sentAsOf !== null)
  words = (await wordsOf(JSON.parse(readFileSync(join(box.folder, 'recovery.json'), 'utf8')).key)).join(' ')
  await box.close()
}, 60_000)
afterEach(() => free())
afterAll(async () => {
  await place.closeOpened()
  await place.close()
})

type Office = Awaited<ReturnType<HubAndBoxes['openOffice']>>

/** Siti's record, open for a clerk; brought where the box does not know her. */
async function openRecord(box: Office) {
  const person = { name: 'SITI AMINAH', nik: '3510014107800001', sex: 2, birthDate: '1980-07-01' }
  if (box.residents.find('siti').length === 0)
    await bringResidents(box, residentSheet([person]), { actor: 'secretary-000' })
  const { resident = '' } = box.residents.find('siti')[0] ?? {}
  const clerk = [...box.people.names()].find(([, name]) => name === 'Petugas 1')?.[0] ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  return { resident, actor: clerk, key: null }
}

/** Answers its number. */
async function writeLetter(box: Office): Promise<string> {
  const { signatory = '' } = box.letters.signatories()[0] ?? {}
  const typed = { keperluan: 'Melamar pekerjaan' }
  const letter = await box.letters.request({ template: 'pengantar-skck', signatory, typed, ...(await openRecord(box)) })
  const head = box.people.head()?.account ?? ''
  return await box.letters.issue({ letter, actor: head, as: 'head', key: null })
}

const openCase = async (box: Office) => box.cases.open({ kind: 'kia', papers: [], ...(await openRecord(box)) })

const countTickets = (folder: string) => count(folder, 'SELECT count(*) FROM ticket')
const countOpen = (folder: string) => count(folder, 'SELECT count(*) FROM entry WHERE private IS NOT NULL')

function count(folder: string, sql: string): number {
  const db = new Database(databasePath(folder), { readonly: true })
  try {
    return db.prepare<[], number>(sql).pluck().get() ?? 0
  } finally {
    db.close()
  }
}

const free = () => place.freeVillage(village)

/** A new card: a folder with balai.toml and an empty data folder,  */
function newCard(name: string) {
  const folder = join(place.folder, name)
  const data = join(folder, 'data')
  mkdirSync(data, { recursive: true })
  writeFileSync(
    join(folder, 'balai.toml'),
    [
      `village = "${village}"\nname = "Desa Uji"\ndistrict = "Uji"\nzone = "WIB"\ndata = "${data}"`,
      `hub_key = "${hubPublicKey}"\n[mqtt]\nurl = "${place.broker.url}"\n`,
    ].join('\n'),
  )
  return { folder, data }
}

function restore(folder: string, ...more: string[]) {
  const child = spawn(process.execPath, [program, 'restore', '--from-regency', ...more], { cwd: folder })
  const said = { out: '', err: '' }
  child.stdout.on('data', (text) => {
    said.out += text
  })
  child.stderr.on('data', (text) => {
    said.err += text
  })
  return { child, said, ended: once(child, 'close') }
}

test('a new card gets all that the regency holds, opened by the words that somebody types; the queue goes on', async () => {
  await free()
  const { folder, data } = newCard('typed')
  const { child, said, ended } = restore(folder)
  child.stdin.end(`${words}\n`)
  await ended
  expect(said).toMatchObject({ err: expect.stringContaining('Type the 24 words') })
  expect(said.out).toMatch(
    new RegExp(`\\d+ entries are here, ${parts} private parts were opened\\. Start the box\\.\\n$`),
  )
  expect(child.exitCode).toBe(exitCode.ok)
  expect(countOpen(data)).toBe(parts)
  expect(countTickets(data)).toBe(tickets)
  expect(readdirSync(data)).not.toContain('opening.key')

  await free()
  const box = await place.openOffice(village, { folder: data, moreRooms: [visitorsRoom] })
  const [service] = box.office.services()
  await until(() => box.journal.numbersHeld() === null)
  expect(box.queue.takeTicket({ service: service?.service ?? '', ...by('kiosk:1') })).toMatchObject({
    label: expect.stringMatching(/^A\d{3}$/),
  })
  // The lost box's register goes on: no number twice. Applications are open as they were; the register of residents is brought anew.
  expect(box.letters.register({ year: null, before: null }).lines.map(({ number }) => number)).toEqual([3, 2, 1])
  expect(await writeLetter(box)).toMatch(/\/004\//)
  expect(box.cases.view().open).toMatchObject([{ title: 'Kartu Identitas Anak', name: 'SITI AMINAH' }])
  await box.close()
}, 60_000)

test('SYNC-012: while the regency names another box it says so and waits; then it goes on by itself', async () => {
  await place.database.query('UPDATE stream SET owner = $2 WHERE village = $1', [village, 'B'.repeat(22)])
  const { folder, data } = newCard('other')
  const { child, said, ended } = restore(folder)
  child.stdin.end(`${words}\n`)
  await until(() => said.out.includes('names another box'), 20_000)
  expect(said.out).toMatch(/This one is [A-Za-z0-9_-]{22}: balai fleet reissue/)
  child.kill('SIGKILL')
  await ended
  await free()
  const again = restore(folder)
  await again.ended
  expect(again.child.exitCode).toBe(exitCode.ok)
  expect(countOpen(data)).toBe(parts)
}, 60_000)

test('killed in the middle and typed again it goes on, and asks for no words; nothing is twice', async () => {
  await free()
  const { folder, data } = newCard('killed')
  writeFileSync(join(folder, 'words'), words, { mode: 0o600 })
  for (let kills = 0; kills < 3; kills++) {
    const { child, ended } = restore(folder, '--words-file', 'words')
    await until(() => readdirSync(data).includes('opening.key') || child.exitCode !== null, 20_000)
    await new Promise((resolve) => setTimeout(resolve, 150 * kills))
    child.kill('SIGKILL')
    await ended
  }
  const { child, said, ended } = restore(folder)
  child.stdin.end()
  await ended
  expect([child.exitCode, said.err]).toEqual([exitCode.ok, ''])
  expect(countOpen(data)).toBe(parts)
  const { rows } = await place.database.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM entry WHERE village = $1 AND type = 'queue.ticket-taken'",
    [village],
  )
  expect(countTickets(data)).toBe(rows[0]?.n)
}, 90_000)

test('wrong words say which one; a file beside it, no words and no regency say what to do, and nothing stays behind', async () => {
  const { folder, data } = newCard('wrong')
  const wrong = words.split(' ').with(7, 'notaword').join(' ')
  const { child, said, ended } = restore(folder)
  child.stdin.end(`${wrong}\n`)
  await ended
  expect(child.exitCode).toBe(exitCode.failed)
  expect(said.err).toContain('Word 8, "notaword", is not in the list')
  expect(readdirSync(data)).not.toContain('opening.key')

  const both = restore(folder, 'balai.toml')
  both.child.stdin.end()
  await both.ended
  expect(both.said.err).toContain('takes no file')

  writeFileSync(join(folder, 'balai.toml'), readFileSync(join(folder, 'balai.toml'), 'utf8').split('[mqtt]')[0] ?? '')
  const alone = restore(folder)
  alone.child.stdin.end()
  await alone.ended
  expect(alone.said.err).toContain('Bring it its enrolment file')
}, 60_000)
