import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../appliance/base/clock.ts'
import { dayMs } from '../../appliance/base/time.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import type { FilePut } from '../../appliance/wire/messages.ts'
import { signPut } from '../../appliance/wire/sign.ts'
import { openAgencyPage, publishAgencies, typeAgency, typeAtHub } from '../../testing/agencies.ts'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { shows } from '../../testing/browser-office.ts'
import { type HubAndBoxes, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { makeJpeg } from '../../testing/make-jpeg.ts'
import { furnish } from '../../testing/test-box.ts'
import { createCasePhotos, dropPhotos } from './photos.ts'

/* Photos of papers on their way to an agency, which alone sees what is on them. */

const village = '3510012001'
const folder = mkdtempSync(join(tmpdir(), 'balai-photos-'))
let place: HubAndBoxes
let ktp: Buffer
let kk: Buffer
beforeAll(async () => {
  place = await openHubAndBoxes('photos', [village])
  const lines = (word: string) => Array.from({ length: 30 }, (_, at) => `${word} ${at} SITI AMINAH`).join('\n')
  ;[ktp, kk] = [await makeJpeg(lines('KTP'), 110), await makeJpeg(lines('KK'), 110)]
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(async () => {
  await place.close()
  rmSync(folder, { recursive: true })
})

/** What was heard on a topic so far, as it was said. */
const said = <Message>(heard: readonly string[], kind: string, member: string): Message[] =>
  heard.flatMap((line) => {
    const [topic = '', ...text] = line.split(' ')
    if (!topic.endsWith(`/${kind}`)) return []
    const message = JSON.parse(text.join(' ')) as Record<string, unknown>
    return member in message ? [message as Message] : []
  })

test('SYNC-025: photos go sealed behind their entry, go on after a cut, are seen with the agency’s key alone, and go at the end', async () => {
  const logs: string[] = []
  const toLogs = (line: string) => void logs.push(line)
  const hub = await place.openReadyHub([], pino({ level: 'trace' }, { write: toLogs }))
  const heard = await place.hearAll()
  const key = join(folder, 'disdukcapil.key')
  const recipient = (await typeAgency('key', '--out', key)).out.trim()
  let box = await place.openOffice(village, { onLog: toLogs, system: systemClock })
  const { folder: boxFolder } = box
  const clerk = (await furnish(box)).clerks[0] ?? ''
  await bringResidents(box, residentSheet([{ name: 'SITI AMINAH', nik: '3510014107800001', sex: 2 }]), {
    actor: 'secretary-000',
  })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  await until(() => box.relay.view().sentAsOf !== null)
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  await publishAgencies(place, hub, box, [{ code: 'disdukcapil', name: 'Dispendukcapil', recipient }])
  const names = box.cases.kinds(clerk).find(({ code }) => code === 'ktp-el')?.papers ?? []
  const papers = names.map((name) => ({ name, state: 'seen' as const, until: null }))
  const id = await box.cases.open({ kind: 'ktp-el', resident, papers, actor: clerk, key: null })
  const take = (bytes: Buffer, paper: string | null) =>
    box.cases.photos.take({ case: id, paper, bytes, replaces: null, actor: clerk, key: null })
  take(ktp, names[0] ?? null)
  take(kk, null)
  const ways = () =>
    box.cases
      .view()
      .open.find((one) => one.case === id)
      ?.photos.map(({ way }) => way)
  expect(ways()).toEqual([null, null])
  await box.cases.relay({ case: id, note: '', actor: clerk, key: null })
  expect(ways()).toEqual(['waiting', 'waiting'])

  // Cut while the first one is on its way: the box is gone, and comes back.
  const pieces = () => said<FilePut>(heard, 'up', 'file').filter(({ bytes }) => bytes !== '')
  await until(() => pieces().length >= 3, 60_000)
  await box.close()
  box = await place.openOffice(village, { onLog: toLogs, system: systemClock, folder: boxFolder })
  await until(() => ways()?.every((way) => way === 'sent') === true, 60_000)
  // Only what was under way when it was cut may have come twice.
  const [first = { file: '' }] = pieces()
  const places = pieces().flatMap((put) => (put.file === first.file ? [put.first] : []))
  expect(places.length - new Set(places).size).toBeLessThanOrEqual(1)
  expect(new Set(pieces().map(({ file }) => file)).size).toBe(2)
  const left = box.store.db.prepare('SELECT count(*) FROM citizen_case_photo_sent WHERE bytes IS NOT NULL')
  expect(left.pluck().get()).toBe(0)
  // Entries were never behind: of every put the batch that names it was acked before.
  const lines = heard.map((line, at) => ({ line, at }))
  const firstPut = lines.find(({ line }) => line.includes('"size":'))?.at ?? 0
  expect(lines.find(({ line }) => line.includes('cases.relayed'))?.at).toBeLessThan(firstPut)

  // The page of the agency.
  const action = typeAtHub(hub)
  const token = (await action('agency', 'disdukcapil')).trim()
  const elsewhere = (await action('agency', 'dinas-kesehatan')).trim()
  const base = `http://127.0.0.1:${hub.http.port}`
  const ask = (bearer: string, path: string) => fetch(base + path, { headers: { authorization: `Bearer ${bearer}` } })
  const inbox = (await (await ask(token, '/api/agency/cases')).json()) as {
    rows: { photos: { file: string; here: boolean }[] }[]
  }
  const photos = inbox.rows[0]?.photos ?? []
  expect(photos).toMatchObject([
    { paper: names[0], here: true },
    { paper: null, here: true },
  ])
  const address = `/api/agency/photos/${village}/${photos[0]?.file}`
  expect((await ask(elsewhere, address)).status).toBe(404)
  expect((await ask('nobody', address)).status).toBe(403)
  const sealed = Buffer.from(await (await ask(token, address)).arrayBuffer())
  expect(createHash('sha256').update(sealed).digest('base64url')).toBe(photos[0]?.file)
  expect(sealed.includes(ktp.subarray(200, 240))).toBe(false)

  const { page, faults } = await openAgencyPage(place, hub)
  await page.getByLabel('Kode akses').fill(token)
  await page.getByLabel('Berkas kunci').setInputFiles(key)
  await page.getByRole('button', { name: 'Buka' }).click()
  await shows(page, 'SITI AMINAH')
  await page.getByRole('button', { name: `Foto ${names[0]}` }).press('Enter')
  const image = page.getByRole('img', { name: `Foto ${names[0]}` })
  await image.waitFor()
  expect(await image.evaluate((one) => (one as HTMLImageElement).decode().then(() => true))).toBe(true)
  expect(Buffer.from(((await image.getAttribute('src')) ?? '').split(',')[1] ?? '', 'base64').equals(ktp)).toBe(true)
  await takePictures(page, 'agency-photos', [{ width: 360, height: 800 }])
  expect(await findViolations(page)).toEqual([])
  expect(faults).toEqual([])

  // The agency's own programs.
  const file = join(folder, 'inbox.jsonl')
  writeFileSync(file, await action('cases', 'disdukcapil', 'photos'))
  await expect(action('cases', 'disdukcapil', 'foto')).rejects.toThrow('allowed: photos')
  const pictures = join(folder, 'pictures')
  const opened = JSON.parse((await typeAgency('open', '--key', key, '--photos', pictures, file)).out) as object
  expect(opened).toMatchObject({ photos: [{ paper: names[0], jpeg: join(pictures, `${village}-${id}-1.jpg`) }, {}] })
  expect(readdirSync(pictures)).toHaveLength(2)
  expect(readFileSync(join(pictures, `${village}-${id}-1.jpg`)).equals(ktp)).toBe(true)

  // An agency that asks again gets what is new; what it has is not sent twice.
  box.cases.takeState({ case: id, state: 'papers', text: 'KK tidak terbaca.' })?.keep()
  const sentBefore = pieces().length
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  take(kk, names[0] ?? null)
  await box.cases.relay({ case: id, note: '', actor: clerk, key: null })
  await until(() => ways()?.every((way) => way === 'sent') === true, 60_000)
  const again = pieces().slice(sentBefore)
  expect(new Set(again.map((put) => put.file)).size).toBe(1)
  const [row] = ((await (await ask(token, '/api/agency/cases')).json()) as typeof inbox).rows
  expect(row?.photos.map(({ here }) => here)).toEqual([true, true, true])

  // Nothing of it is in clear anywhere, and it goes when the application is over for long enough, or is erased.
  const all = await place.database.query('SELECT to_jsonb(f) AS row FROM case_photo_file f')
  expect(all.rows).toHaveLength(3)
  const everything = [...heard, ...logs, JSON.stringify(all.rows)].join('\n')
  for (const planted of [ktp.subarray(300, 330), kk.subarray(300, 330)])
    for (const form of ['latin1', 'base64url', 'hex', 'base64'] as const)
      expect(everything).not.toContain(planted.subarray(0, 30).toString(form).slice(0, 38))
  expect(everything).not.toContain('SITI AMINAH')
  expect(await dropPhotos(place.database, Date.now())).toBe(0)
  box.cases.takeState({ case: id, state: 'done', text: 'Ambil.' })?.keep()
  const isDone = async () =>
    (await place.database.query("SELECT FROM citizen_case WHERE state = 'done'")).rowCount === 1
  await until(isDone)
  expect(await dropPhotos(place.database, Date.now() + 29 * dayMs)).toBe(0)
  await box.residents.erase({ resident, reason: 'asked', note: '', typed: 'siti aminah', actor: clerk, key: null })
  await until(async () => (await place.database.query('SELECT FROM case_photo_file')).rowCount === 0)
  expect((await ask(token, address)).status).toBe(404)
}, 180_000)

test('SYNC-025: the hub takes a piece only where an entry names the file, by the village’s key, in its order, and whole as it is named', async () => {
  await place.openReadyHub()
  const other = '3510012002'
  const { database } = place
  const { generateKeyPairSync } = await import('node:crypto')
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = privateKey.export({ format: 'jwk' })
  const { createPublicKey } = await import('node:crypto')
  const x = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? ''
  expect(publicKey.crv).toBe('Ed25519')
  await database.query('INSERT INTO signing_key (village, key, box) VALUES ($1, $2, $3)', [other, x, 'b'.repeat(22)])
  const content = randomBytes(70_000)
  const file = createHash('sha256').update(content).digest('base64url')
  const photos = createCasePhotos(database)
  const put = (first: number, bytes: Buffer, change: Partial<FilePut> = {}, signer = privateKey): FilePut => {
    const { sig: _sig, ...unsigned } = {
      ...{ village: other, session: 'Session-sixteen1', n: 1, file, size: content.length, first, sig: '' },
      ...{ bytes: bytes.toString('base64url'), ...change },
    }
    return { ...unsigned, sig: signPut(signer, unsigned) }
  }
  const nothing = Buffer.alloc(0)
  const ackOf = async (message: FilePut) => (await photos.take(other, message))?.ack
  expect(await ackOf(put(0, nothing))).toMatchObject({ have: 0, wait: 'unknown' })
  const name = randomBytes(32)
  await database.query(
    `INSERT INTO citizen_case (village, id, agency, relayed_at, relayed, papers, state, state_at)
     VALUES ($1, 'caseAcaseAca', 'disdukcapil', now(), $2, '[]', 'relayed', now())`,
    [other, name],
  )
  await database.query(
    `INSERT INTO case_photo (village, file, case_id, photo, size, named, named_at)
     VALUES ($1, $2, 'caseAcaseAca', 'photoAphotoA', $3, $4, now())`,
    [other, file, content.length, name],
  )
  expect(await ackOf(put(0, nothing))).toEqual({ session: 'Session-sixteen1', re: 1, file, have: 0 })
  const stranger = generateKeyPairSync('ed25519').privateKey
  expect(await photos.take(other, put(0, content.subarray(0, 40_000), {}, stranger))).toBeNull()
  expect(await photos.take(village, put(0, content.subarray(0, 40_000)))).toBeNull()
  expect(await ackOf(put(0, nothing, { size: 69_999 }))).toMatchObject({ wait: 'unknown' })
  // What is not behind what is here, or more than the whole, moves nothing.
  expect(await ackOf(put(40_000, content.subarray(40_000)))).toMatchObject({ have: 0 })
  expect(await ackOf(put(0, content.subarray(0, 40_000)))).toMatchObject({ have: 40_000 })
  expect(await ackOf(put(0, content.subarray(0, 40_000)))).toMatchObject({ have: 40_000 })
  expect(await ackOf(put(40_000, Buffer.concat([content.subarray(40_000), nothing, Buffer.alloc(9)])))).toMatchObject({
    have: 40_000,
  })
  // One that is not what its name says begins anew.
  expect(await ackOf(put(40_000, randomBytes(30_000)))).toMatchObject({ have: 0 })
  expect(await ackOf(put(0, content.subarray(0, 40_000)))).toMatchObject({ have: 40_000 })
  expect(await ackOf(put(40_000, content.subarray(40_000)))).toMatchObject({ have: 70_000 })
  expect(await ackOf(put(0, nothing))).toMatchObject({ have: 70_000 })
  expect((await database.query('SELECT FROM case_photo_piece')).rowCount).toBe(0)
  expect((await photos.read({ agency: 'disdukcapil', village: other, file }))?.equals(content)).toBe(true)
  expect(await photos.read({ agency: 'dinas-kesehatan', village: other, file })).toBeNull()
  // A frame of it is none larger than the contract has.
  expect(packFrame(put(0, content.subarray(0, 40 * 1024))).length).toBeLessThan(64 * 1024)

  await database.query("UPDATE citizen_case SET state = 'closed' WHERE village = $1", [other])
  expect(await ackOf(put(0, nothing))).toMatchObject({ have: 0, wait: 'unknown' })
  expect(await dropPhotos(database, Date.now() + 31 * dayMs)).toBe(1)
  await database.query("UPDATE citizen_case SET state = 'relayed' WHERE village = $1", [other])
  // A village that has too much here waits.
  await database.query(
    `INSERT INTO case_photo_file (village, file, bytes)
     SELECT $1, md5(n::text), repeat('x', 20 * 1024 * 1024)::bytea FROM generate_series(1, 10) AS n`,
    [other],
  )
  expect(await ackOf(put(0, content.subarray(0, 40_000)))).toMatchObject({ have: 0, wait: 'full' })
}, 60_000)
