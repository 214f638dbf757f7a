import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readReceipt } from '../../appliance/wire/stick-file.ts'
import { makeTestFolder } from '../../testing/hub-parts.ts'
import { furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { openTestConsole } from '../../testing/test-console.ts'
import { noteVisitor, visitorsRoom } from '../../testing/visitors-room.ts'

/* A stick between a box that never has a line and its hub, with a real PostgreSQL. */

const village = '3510012001'
const other = '3510012002'
let place: Awaited<ReturnType<typeof openTestConsole>>
let cookie = ''
beforeAll(async () => {
  place = await openTestConsole()
  cookie = (await place.logIn('operator')).cookie
}, 60_000)
afterAll(() => place.close())

async function openOffice(code: string) {
  const box = await openTestBox({
    ...{ village: code, hubKey: place.hub.publicKey, moreRooms: [visitorsRoom] },
    // There is a regency, and never a line.
    mqtt: { url: 'mqtt://127.0.0.1:1', keepalive_s: 30 },
  })
  const { services } = await furnish(box)
  const take = (count: number) => {
    for (let n = 0; n < count; n++) box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  }
  return { box, take }
}

/** What the console says of a file. */
async function bring(file: Buffer) {
  const response = await fetch(`${place.url}/api/sticks`, {
    method: 'POST',
    headers: { 'x-balai': '1', 'content-type': 'application/octet-stream', cookie },
    body: new Uint8Array(file),
  })
  const answer = (await response.json()) as {
    code?: string
    entries: number
    troubles: { kind: string; code: string }[]
    receipt: { name: string; text: string }
  }
  return { status: response.status, ...answer }
}

const waiting = ({ relay }: TestBox) => relay.view().waiting
async function countPlaces(code: string): Promise<number> {
  return (await place.database.query('SELECT FROM place WHERE village = $1', [code])).rows.length
}
const countOwn = ({ store }: TestBox) => store.db.prepare<[], number>('SELECT count(*) FROM place').pluck().get() ?? 0

test('SYNC-024: what a stick brings is there once, however often and in whatever order it comes, and the receipt confirms it', async () => {
  const { box, take } = await openOffice(village)
  take(700) // more than one batch
  await noteVisitor(box, { name: 'BUDI SANTOSO', nik: '3510011205900001' })
  const { file: first } = await box.stick.download()
  take(3)
  const { file: second } = await box.stick.download()
  const both = countOwn(box)
  expect(waiting(box)).toBe(both)

  // The newer one first, then the older, then both again.
  expect(await bring(second)).toMatchObject({ status: 200, entries: both, troubles: [] })
  const old = await bring(first)
  expect(old).toMatchObject({ status: 200, entries: 0, troubles: [] })
  expect(await bring(second)).toMatchObject({ entries: 0, troubles: [] })
  expect(await countPlaces(village)).toBe(both)

  // Any receipt names where the hub stands.
  expect(box.stick.takeReceipt(Buffer.from(old.receipt.text)).entries).toBe(both)
  expect(waiting(box)).toBe(0)
  await expect(box.stick.download()).rejects.toMatchObject({ code: 'stick.nothing' })
  expect(box.stick.takeReceipt(Buffer.from(old.receipt.text)).entries).toBe(0)

  // What came after goes on behind it; a file that is lost leaves a gap, which is said, and nothing of it is lost.
  take(2)
  await box.stick.download()
  take(2)
  const { file: third } = await box.stick.download()
  expect(await bring(third)).toMatchObject({ entries: countOwn(box) - both, troubles: [] })
  expect(await countPlaces(village)).toBe(countOwn(box))
  // Nobody reads on the way what the stick carries, not even the type of an entry.
  expect(second.includes('queue.ticket-taken') || second.includes('BUDI')).toBe(false)
  await box.close()

  // The receipt is on disk: a start does not begin anew.
  const again = await openTestBox({
    village,
    hubKey: place.hub.publicKey,
    folder: box.folder,
    moreRooms: [visitorsRoom],
  })
  expect(again.stick.view().waiting).toBeLessThan(both)
  await again.remove()
}, 60_000)

test('SYNC-024: a stick that comes too early says so, and is taken when the one before it has come', async () => {
  const { box, take } = await openOffice(other)
  take(5)
  const { file: first } = await box.stick.download()
  // As if a receipt for the first had come already.
  const end = box.journal.head()
  const hash = (box.journal.hashAt(end.epoch, end.seq) ?? Buffer.alloc(0)).toString('base64url')
  box.relay.takeReceipt({ epochs: [{ ...end, hash }] })
  take(4)
  const { file: second } = await box.stick.download()
  expect(await bring(second)).toMatchObject({ status: 200, entries: 0, troubles: [{ kind: 'gap' }] })
  expect(await countPlaces(other)).toBe(0)
  expect(await bring(first)).toMatchObject({ troubles: [] })
  expect(await bring(second)).toMatchObject({ entries: 4, troubles: [] })
  expect(await countPlaces(other)).toBe(countOwn(box))
  await box.remove()
}, 60_000)

test('SYNC-024: a file that is cut short, changed, of another regency, village or program is refused in words, and changes nothing', async () => {
  const { box, take } = await openOffice(village)
  take(1)
  const { file } = await box.stick.download()
  const before = await countPlaces(village)
  const changed = Buffer.from(file)
  changed[changed.length - 5] = (changed[changed.length - 5] ?? 0) ^ 1
  const inHead = (from: string, to: string) =>
    Buffer.concat([
      Buffer.from(file.subarray(0, file.indexOf(0x0a)).toString().replace(from, to)),
      file.subarray(file.indexOf(0x0a)),
    ])
  expect((await bring(file.subarray(0, file.length - 100))).code).toBe('stick.half')
  expect((await bring(changed)).code).toBe('stick.changed')
  expect((await bring(Buffer.from('halo'))).code).toBe('stick.no-file')
  expect((await bring(inHead('"format":1', '"format":2'))).code).toBe('stick.newer')
  expect((await bring(inHead(village, '3510999999'))).code).toBe('stick.unknown-village')
  // Another village's name on it: no batch of it counts there.
  expect((await bring(inHead(village, other))).troubles[0]?.code).toBe('wrong-village')
  const stranger = await openTestConsole()
  const foreign = await openTestBox({
    village,
    hubKey: stranger.hub.publicKey,
    mqtt: { url: 'mqtt://127.0.0.1:1', keepalive_s: 30 },
  })
  expect((await bring((await foreign.stick.download()).file)).code).toBe('stick.other-regency')
  expect(await countPlaces(village)).toBe(before)

  // A second box that says to be the village's is not: its key was never enrolled.
  const { entries, troubles, receipt } = await bring(file)
  expect({ entries, troubles }).toMatchObject({ entries: 0, troubles: [{ kind: 'refused', code: 'unknown-key' }] })

  // At the box: receipts of others.
  const hub = place.hub.publicKey
  const text = receipt.text
  expect(readReceipt(Buffer.from(text), { village, hub }).village).toBe(village)
  const take1 = (receipted: string) => () => box.stick.takeReceipt(Buffer.from(receipted))
  expect(take1(text.replace(village, other))).toThrow(expect.objectContaining({ code: 'stick.other-village' }))
  expect(take1(text.replace(/"at":\d/, '"at":9'))).toThrow(expect.objectContaining({ code: 'stick.not-signed' }))
  expect(take1('{"balai":"receipt"}\n')).toThrow(expect.objectContaining({ code: 'stick.no-receipt' }))
  expect(take1('nothing')).toThrow(expect.objectContaining({ code: 'stick.no-receipt' }))
  expect(waiting(box)).toBe(countOwn(box))
  await foreign.remove()
  await stranger.close()
  await box.remove()
}, 60_000)

test('receipts that a command has laid beside the journal are taken by the running box; one that does not hold is passed by', async () => {
  const { folder, remove } = makeTestFolder('stick')
  const { box, take } = await openOffice(other)
  take(1)
  mkdirSync(join(box.folder, 'receipts'), { recursive: true })
  writeFileSync(join(box.folder, 'receipts', `terima-${other}-x.balai`), 'nothing')
  await place.database.query('DELETE FROM signing_key WHERE village = $1', [other])
  const { receipt } = await bring((await box.stick.download()).file)
  writeFileSync(join(box.folder, 'receipts', receipt.name), receipt.text)
  await box.look()
  expect(box.stick.view().taken).not.toBeNull()
  expect(readdirSync(folder)).toEqual([])
  expect(readFileSync(join(box.folder, 'receipts', receipt.name), 'utf8')).toBe(receipt.text)
  await box.remove()
  remove()
}, 60_000)
