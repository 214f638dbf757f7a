import { createHash, generateKeyPairSync } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestBox, type TestBox, testVillage } from '../../testing/test-box.ts'
import { unpackFrame } from '../wire/frame.ts'
import type { DatasetWant, Offer } from '../wire/messages.ts'
import { publicKeyOf, signDown } from '../wire/sign.ts'
import { createDatasets } from './datasets.ts'

const { privateKey: hubKey } = generateKeyPairSync('ed25519')
const { privateKey: stranger } = generateKeyPairSync('ed25519')
const session = 'sessionsessionse'
const village = testVillage

let box: TestBox
beforeEach(async () => {
  box = await openTestBox()
})
afterEach(() => box.remove())

/** A regency's side without a line: what it has published, in pieces of so many bytes. */
function regency() {
  const files = new Map<string, Buffer>()
  return {
    publish(dataset: string, version: number, content: unknown): Offer {
      const file = gzipSync(typeof content === 'string' ? content : JSON.stringify(content))
      files.set(`${dataset} ${version}`, file)
      return { dataset, version, bytes: file.length, sha256: sumOf(file), at: Date.UTC(2026, 10, version) }
    },
    manifest: (offers: Offer[], by = hubKey) => ({
      datasets: offers,
      sig: signDown(by, village, { datasets: offers }),
    }),
    answer(question: Buffer, { pieceBytes = 40, by = hubKey } = {}) {
      const { n, dataset, version, from } = unpackFrame(question) as DatasetWant
      const bytes = files.get(`${dataset} ${version}`)?.subarray(from, from + pieceBytes) ?? Buffer.alloc(0)
      const chunk = { session, re: n, dataset, version, first: from, bytes: bytes.toString('base64url') }
      return { ...chunk, sig: signDown(by, village, chunk) }
    },
  }
}
const sumOf = (file: Buffer) => createHash('sha256').update(file).digest('base64url')

function openDatasets() {
  const switched: string[] = []
  const datasets = createDatasets({
    ...{ store: box.store, journal: box.journal, alarms: box.alarms, log: pino({ level: 'silent' }) },
    monotonicMs: box.clock.monotonicMs,
    hubKey: publicKeyOf(hubKey),
    mostBytes: 64 * 1024,
    onSwitch: (_tx, dataset) => switched.push(dataset),
    onHeld: () => {},
    onChange: () => {},
  })
  return { datasets, switched }
}
type Opened = ReturnType<typeof openDatasets>['datasets']

/** Asks and answers until nothing is due. */
function fetchAll(datasets: Opened, hub: ReturnType<typeof regency>): number {
  let pieces = 0
  for (let question = datasets.due(session); question; question = datasets.due(session)) {
    datasets.takeChunk(hub.answer(question))
    if (++pieces > 100) throw new Error('It asks for ever.')
  }
  return pieces
}

const services = (minutes: number) => ({
  services: Array.from({ length: 30 }, (_, index) => ({
    ...{ code: `layanan-${index}`, name: `Layanan ${index * 7919}`, requires: ['KTP', 'KK'], minutes },
  })),
})
const alarmsOf = () => box.alarms.list().filter(({ code }) => code.startsWith('datasets.'))
const written = (type: string) =>
  box.store.db
    .prepare<{ type: string }, string>('SELECT data FROM entry WHERE type = @type ORDER BY row')
    .pluck()
    .all({ type })
    .map((data) => JSON.parse(data) as object)

test('SYNC-017: a dataset comes in pieces, goes on after a start where it stood, and counts at once when it is whole', () => {
  const hub = regency()
  const offer = hub.publish('services', 3, services(10))
  const first = openDatasets().datasets
  expect(first.takeManifest(hub.manifest([offer]))).toBe(true)
  first.takeChunk(hub.answer(first.due(session) ?? Buffer.alloc(0)))
  first.takeChunk(hub.answer(first.due(session) ?? Buffer.alloc(0)))
  expect(first.read('services')).toBeNull()

  const { datasets, switched } = openDatasets() // as after a power cut: nothing but the store is left
  datasets.takeManifest(hub.manifest([offer]))
  expect(datasets.view()).toMatchObject([{ dataset: 'services', current: null, coming: { version: 3, fetched: 80 } }])
  expect(fetchAll(datasets, hub)).toBe(Math.ceil(offer.bytes / 40) - 2)
  expect(datasets.read('services')).toEqual(services(10))
  expect(datasets.view()).toMatchObject([{ current: 3, publishedAt: offer.at, before: null, coming: null }])
  expect(switched).toEqual(['services'])
  expect(written('datasets.applied')).toEqual([{ dataset: 'services', version: 3 }])
  expect(box.store.db.prepare('SELECT count(*) FROM dataset_piece').pluck().get()).toBe(0)
})

test('SYNC-017: a forged list and an older version change nothing, and one whose version is taken is not fetched again', () => {
  const hub = regency()
  const { datasets } = openDatasets()
  const [old, now] = [hub.publish('holidays', 1, { holidays: [] }), hub.publish('holidays', 2, { holidays: [] })]
  expect(datasets.takeManifest(hub.manifest([now], stranger))).toBe(false)
  expect(box.alarms.list().map(({ code }) => code)).toContain('datasets.forged')
  expect(datasets.due(session)).toBeNull()
  expect(datasets.takeManifest({ ...hub.manifest([now]), datasets: [old] })).toBe(false)

  datasets.takeManifest(hub.manifest([now]))
  expect(box.alarms.list().map(({ code }) => code)).not.toContain('datasets.forged')
  fetchAll(datasets, hub)
  expect(datasets.takeManifest(hub.manifest([old]))).toBe(false)
  expect(datasets.takeManifest(hub.manifest([now]))).toBe(false)
  expect(datasets.view()).toMatchObject([{ current: 2 }])
})

const bad = [
  {
    what: 'another sum than its list says',
    content: { holidays: [] },
    sha256: sumOf(Buffer.from('x')),
    why: 'checksum',
  },
  { what: 'no JSON', content: '{"holidays":[', why: 'unreadable' },
  {
    what: 'a row that does not fit',
    content: { holidays: [{ day: '2026-13-01', name: 'x' }] },
    why: 'schema',
    where: '1 day',
  },
]
test.each(bad)('SYNC-017: $what is refused by name and not fetched again; the last good version stays', (one) => {
  const hub = regency()
  const { datasets } = openDatasets()
  const good = { holidays: [{ day: '2026-12-25', name: 'Natal' }] }
  datasets.takeManifest(hub.manifest([hub.publish('holidays', 1, good)]))
  fetchAll(datasets, hub)

  const offer = { ...hub.publish('holidays', 2, one.content), ...(one.sha256 ? { sha256: one.sha256 } : {}) }
  datasets.takeManifest(hub.manifest([offer]))
  fetchAll(datasets, hub)
  expect(datasets.read('holidays')).toEqual(good)
  const { where } = one
  expect(written('datasets.refused')).toEqual([
    { dataset: 'holidays', version: 2, why: one.why, ...(where ? { where } : {}) },
  ])
  expect(alarmsOf()).toMatchObject([{ code: 'datasets.refused', details: { dataset: 'holidays' } }])
  expect(datasets.takeManifest(hub.manifest([offer]))).toBe(false)

  datasets.takeManifest(hub.manifest([hub.publish('holidays', 3, { holidays: [] })]))
  fetchAll(datasets, hub)
  expect(datasets.view()).toMatchObject([{ current: 3, refused: null }])
  expect(alarmsOf()).toEqual([])
})

test('SYNC-017: pieces of another place, of a stranger, or to no open question are not kept', () => {
  const hub = regency()
  const { datasets } = openDatasets()
  datasets.takeManifest(hub.manifest([hub.publish('services', 1, services(5))]))
  const question = datasets.due(session) ?? Buffer.alloc(0)
  expect(datasets.due(session)).toBeNull() // one question at a time
  const answer = hub.answer(question)
  const shifted = { ...answer, first: 40 }
  for (const strange of [
    hub.answer(question, { by: stranger }),
    { ...shifted, sig: signDown(hubKey, village, (({ sig, ...rest }) => rest)(shifted)) },
    { ...answer, re: 99 },
    { ...answer, session: 'anothersessionxx' },
  ])
    datasets.takeChunk(strange)
  expect(datasets.view()).toMatchObject([{ coming: { fetched: 0 } }])
  datasets.takeChunk(answer)
  datasets.takeChunk(answer) // doubled on the way
  expect(datasets.view()).toMatchObject([{ coming: { fetched: 40 } }])
})

test('F40: a power cut as the last piece is put in place leaves the version before, and the last piece is fetched again', () => {
  const hub = regency()
  const offer = hub.publish('services', 2, services(5))
  const { datasets } = openDatasets()
  datasets.takeManifest(hub.manifest([offer]))
  // As far as the disk goes, the power is gone with the entry that should tell of it.
  box.store.db.exec(`CREATE TRIGGER cut BEFORE INSERT ON entry BEGIN SELECT raise(ROLLBACK, 'cut'); END`)
  expect(() => fetchAll(datasets, hub)).toThrow('cut')
  box.store.db.exec('DROP TRIGGER cut')

  const again = openDatasets().datasets
  expect(again.read('services')).toBeNull()
  again.takeManifest(hub.manifest([offer]))
  expect(fetchAll(again, hub)).toBe(1)
  expect(again.read('services')).toEqual(services(5))
})

test('pieces of another file under the same number, as a restored hub gives it, are not put together', () => {
  const hub = regency()
  const { datasets } = openDatasets()
  datasets.takeManifest(hub.manifest([hub.publish('services', 1, services(5))]))
  datasets.takeChunk(hub.answer(datasets.due(session) ?? Buffer.alloc(0)))
  const other = openDatasets().datasets
  other.takeManifest(hub.manifest([hub.publish('services', 1, services(6))]))
  fetchAll(other, hub)
  expect(other.read('services')).toEqual(services(6))
})

test('a question that nobody answers is asked again after half a minute, and at once in another session', () => {
  const hub = regency()
  const { datasets } = openDatasets()
  datasets.takeManifest(hub.manifest([hub.publish('services', 1, services(5))]))
  expect(datasets.due(session)).not.toBeNull()
  expect(datasets.due('anothersessionxx')).not.toBeNull()
  expect(datasets.due('anothersessionxx')).toBeNull()
  box.time.advance(31_000)
  expect(datasets.due('anothersessionxx')).not.toBeNull()
})

test('one press goes back to the version before; the one that was left does not come back, a newer one does', () => {
  const hub = regency()
  const { datasets, switched } = openDatasets()
  for (const version of [1, 2]) {
    datasets.takeManifest(hub.manifest([hub.publish('services', version, services(version))]))
    fetchAll(datasets, hub)
  }
  const back = { dataset: 'services', actor: 'box', key: 'backbackback' }
  datasets.rollBack(back)
  datasets.rollBack(back) // pressed twice
  expect(datasets.read('services')).toEqual(services(1))
  expect(written('datasets.rolled-back')).toEqual([{ dataset: 'services', from: 2, to: 1 }])
  expect(switched).toEqual(['services', 'services', 'services'])
  expect(() => datasets.rollBack({ ...back, key: null })).toThrow('no version of services')
  expect(datasets.takeManifest(hub.manifest([hub.publish('services', 2, services(2))]))).toBe(false)
  datasets.takeManifest(hub.manifest([hub.publish('services', 3, services(3))]))
  fetchAll(datasets, hub)
  expect(datasets.read('services')).toEqual(services(3))
})

test('a version that the regency has taken back is left alone until it says what it has', () => {
  const hub = regency()
  const { datasets } = openDatasets()
  const offer = { ...hub.publish('services', 1, services(1)), version: 7 }
  datasets.takeManifest(hub.manifest([offer]))
  expect(datasets.takeChunk(hub.answer(datasets.due(session) ?? Buffer.alloc(0)))).toBe(false)
  expect(datasets.due(session)).toBeNull()
})
