import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBrought, runImport } from '../../appliance/cli/hub-import.ts'
import { readPrivateKey } from '../../appliance/wire/sign.ts'
import { openStick } from '../../appliance/wire/stick-file.ts'
import { applyWithPhotos, publishAgencies, rina, typeAgency } from '../../testing/agencies.ts'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { type HubAndBoxes, hubSeed, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { makeJpeg } from '../../testing/make-jpeg.ts'
import { furnish } from '../../testing/test-box.ts'

/* Photos of papers whose village has no line: a stick carries them to their agency. */

const village = '3510012001'
const folder = mkdtempSync(join(tmpdir(), 'balai-stick-photos-'))
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('stick-photos', [village])
}, 60_000)
afterAll(async () => {
  await place.closeOpened()
  await place.close()
  rmSync(folder, { recursive: true })
})

test('SYNC-024, SYNC-025: a stick carries photos of papers behind their entries, once, also where the line had begun', async () => {
  const hub = await place.openReadyHub()
  const key = join(folder, 'disdukcapil.key')
  const recipient = (await typeAgency('key', '--out', key)).out.trim()
  const online = await place.openOffice(village)
  const clerk = (await furnish(online)).clerks[0] ?? ''
  const people = residentSheet([{ name: 'SITI AMINAH', nik: '3510014107800001', sex: 2 }])
  await bringResidents(online, people, { actor: 'secretary-000' })
  await until(() => online.relay.view().sentAsOf !== null)
  await publishAgencies(place, hub, online, [{ code: 'disdukcapil', name: 'Dispendukcapil', recipient }])
  await online.close()

  const box = await place.openOffice(village, { folder: online.folder, brokers: ['mqtt://127.0.0.1:1'] })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  const [ktp, kk] = [await makeJpeg('KTP '.repeat(400), 110), await makeJpeg('KK', 60)]
  const apply = (photos: Buffer[]) => applyWithPhotos(box, { kind: 'ktp-el', resident, actor: clerk }, photos)
  const first = await apply([ktp, kk])
  const ways = (id: string) =>
    box.cases
      .view()
      .open.find((one) => one.case === id)
      ?.photos.map(({ way }) => way)
  expect(box.stick.view()).toMatchObject({ photosWaiting: 2 })
  const write = async () => {
    const { name, file } = await box.stick.download()
    const path = join(folder, name.replace('.balai', `-${Math.random()}.balai`))
    writeFileSync(path, file)
    return { path, file }
  }
  const bring = async (path: string) => {
    const said: string[] = []
    const say = (line: string) => void said.push(line)
    const { whole, receipts } = await runImport(readBrought([path]), hub.config, { by: rina, say })
    return { whole, said: said.join(''), receipt: receipts[0]?.bytes ?? Buffer.alloc(0) }
  }
  const stick = await write()

  // Of the larger one a part came by the line, in pieces of another size.
  const waiting = box.store.db.prepare<[], { file: string; bytes: Buffer }>(
    'SELECT file, bytes FROM citizen_case_photo_sent ORDER BY size DESC',
  )
  const [{ file = '', bytes = Buffer.alloc(0) } = {}] = waiting.all()
  const insertPiece = 'INSERT INTO case_photo_piece (village, file, first, bytes) VALUES ($1, $2, 0, $3)'
  await place.database.query(insertPiece, [village, file, bytes.subarray(0, 1_000)])

  const brought = await bring(stick.path)
  expect(brought).toMatchObject({ whole: true, said: expect.stringMatching(/\d+ new entries, 2 new photos of papers/) })
  expect(await bring(stick.path)).toMatchObject({ whole: true, said: expect.stringContaining('nothing new') })
  const found = await place.database.query<{ file: string; bytes: Buffer }>('SELECT file, bytes FROM case_photo_file')
  expect(found.rows.length).toBe(2)
  expect(found.rows.find((row) => row.file === file)?.bytes.equals(bytes)).toBe(true)
  // No picture lies open on the stick, nor in what the hub opens of it.
  const opened = Buffer.concat(await openStick(stick.file, readPrivateKey(hubSeed)))
  for (const bytes of [stick.file, opened]) expect(bytes.includes(ktp.subarray(300, 360))).toBe(false)

  expect(box.stick.takeReceipt(brought.receipt)).toMatchObject({ photos: 2 })
  expect(ways(first)).toEqual(['sent', 'sent'])
  expect(box.stick.view()).toMatchObject({ waiting: 0, photosWaiting: 0, taken: { photos: 2 } })
  expect(waiting.all().map((row) => row.bytes)).toEqual([null, null])
  await expect(box.stick.download()).rejects.toMatchObject({ code: 'stick.nothing' })

  // A receipt that is older confirms nothing that came after it; one photo that is over stops none behind it.
  const [over, going] = [await apply([ktp]), await apply([kk])]
  expect(box.stick.takeReceipt(brought.receipt)).toEqual({ entries: 0, photos: 0 })
  expect(ways(over)).toEqual(['waiting'])
  const later = await write()
  const half = await bring(later.path)
  expect(half.said).toContain('2 new photos of papers')
  expect(box.stick.takeReceipt(half.receipt)).toMatchObject({ photos: 2 })
  expect(ways(going)).toEqual(['sent'])

  // A newer stick that came first says that the application was taken back: what the older one brings is not wanted.
  const third = await apply([ktp])
  const older = await write()
  await box.cases.withdraw({ case: third, reason: 'batal', actor: clerk, key: null })
  expect(await bring((await write()).path)).toMatchObject({ whole: true })
  const refused = await bring(older.path)
  expect(refused).toMatchObject({ whole: false, said: expect.stringContaining('their application is over') })
}, 120_000)
