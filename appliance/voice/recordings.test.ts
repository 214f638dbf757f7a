import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { furnish, openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { builtInClips } from './clip-files.ts'
import { createRecordings } from './recordings.ts'
import { paperClip } from './sentence.ts'

let box: TestBox
let cookie: string
const tiga = readFileSync(join(builtInClips, 'tiga.mp3'))

beforeAll(async () => {
  box = await openTestBox()
  const { technician, clerks } = await furnish(box)
  cookie = await logIn(technician)
  clerk = await logIn(clerks[0])
})
afterAll(() => box?.remove())
let clerk: string

async function logIn(account: string): Promise<string> {
  const answer = await box.app.inject({
    method: 'POST',
    url: '/api/session',
    headers: { 'x-balai': '1' },
    payload: { account, pin: testPin },
  })
  const [made] = answer.cookies
  return `${made?.name}=${made?.value}`
}

const record = (clip: string, mp3: Buffer, by = cookie) =>
  box.app.inject({
    method: 'PUT',
    url: `/api/voice/clips/${clip}?key=${newId()}`,
    headers: { 'x-balai': '1', cookie: by, 'content-type': 'audio/mpeg' },
    payload: mp3,
  })
const listen = (clip: string, headers = {}) => box.app.inject({ url: `/voice/${clip}.mp3`, headers })

test('a recorded clip is heard at once, and the built-in one again after it was removed', async () => {
  const before = await listen('dua')
  expect((await record('dua', tiga)).statusCode).toBe(200)
  const after = await listen('dua', { 'if-none-match': before.headers.etag })
  expect([after.statusCode, after.rawPayload.equals(tiga)]).toEqual([200, true])
  expect((await listen('dua', { 'if-none-match': after.headers.etag })).statusCode).toBe(304)
  expect(box.voice.recordings.list()).toEqual(['dua'])
  const removed = await box.app.inject({
    method: 'DELETE',
    url: '/api/voice/clips/dua',
    headers: { 'x-balai': '1', cookie },
    payload: { key: newId() },
  })
  expect(removed.statusCode).toBe(200)
  expect((await listen('dua')).rawPayload.equals(before.rawPayload)).toBe(true)
  const kinds = box.store.db.prepare(`SELECT type FROM entry WHERE type LIKE 'voice.clip-%' ORDER BY row`).pluck().all()
  expect(kinds).toEqual(['voice.clip-recorded', 'voice.clip-removed'])
})

test('the name of a service is silent until somebody records it', async () => {
  expect((await listen('layanan-a')).statusCode).toBe(404)
  expect((await record('layanan-a', tiga)).statusCode).toBe(200)
  expect((await listen('layanan-a')).rawPayload.equals(tiga)).toBe(true)
})

test('a paper is silent until somebody records it; other words for it are another clip', async () => {
  const clip = paperClip('KTP lama')
  expect(paperClip('  ktp  LAMA ')).toBe(clip)
  expect((await listen(clip)).statusCode).toBe(404)
  expect((await record(clip, tiga)).statusCode).toBe(200)
  expect((await listen(clip)).rawPayload.equals(tiga)).toBe(true)
  expect(box.voice.recordings.papers()).toEqual(['KTP lama'])

  const [service] = box.office.services()
  const { name = '', minutes = 0 } = service ?? {}
  const change = { service: service?.service ?? '', name, minutes, actor: 'test', key: null }
  box.office.changeService({ ...change, requires: ['KTP lama atau surat hilang'] })
  expect(box.voice.recordings.papers()).toEqual([])
  expect((await record(paperClip('Rapor'), tiga)).statusCode).toBe(404)
})

test.each([
  ['no sound', Buffer.from('#!/bin/sh')],
  ['sound with something behind it', Buffer.concat([tiga, Buffer.from('<script>')])],
  ['more than six seconds', Buffer.concat(Array(20).fill(tiga))],
  ['nothing', Buffer.alloc(0)],
])('%s is refused and leaves no file', async (_what, bytes) => {
  const answer = await record('empat', bytes)
  expect([answer.statusCode, answer.json().code]).toEqual([400, expect.stringMatching(/^(voice\.clip-form|invalid)$/)])
  expect(existsSync(join(box.voice.recordedFolder, 'empat.mp3'))).toBe(false)
})

test('only words that calls know can be recorded, and only by who may', async () => {
  expect((await record('lainnya', tiga)).statusCode).toBe(404)
  expect((await record('dua', tiga, clerk)).statusCode).toBe(403)
})

test('a call to try the voice is spoken by the speaker that is chosen, and shown nowhere', async () => {
  const answer = await box.app.inject({
    method: 'POST',
    url: '/api/voice/try',
    headers: { 'x-balai': '1', cookie },
    payload: { key: newId() },
  })
  expect(answer.statusCode).toBe(200)
  expect(box.voice.view().trials).toMatchObject([{ number: 'A012', counter: 'Loket 1' }])
  box.time.advance(31_000)
  expect(box.voice.view().trials).toEqual([])
})

test('an own recording under the older spelling of the clip is still the one that is heard', async () => {
  const folder = box.voice.recordedFolder
  mkdirSync(folder, { recursive: true })
  copyFileSync(join(builtInClips, 'tiga.mp3'), join(folder, 'nomor-antrian.mp3'))
  expect(createRecordings(box.store, box.journal, folder, () => []).list()).toContain('nomor-antrean')
  expect((await listen('nomor-antrean')).rawPayload.equals(tiga)).toBe(true)
})
