import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { request } from 'node:https'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSetupCode } from '../people/setup-code.ts'
import { writeEnrolment } from '../wire/enrolment.ts'
import { readMember } from './membership.ts'
import { openUnenrolledBox } from './unenrolled-box.ts'

let place: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'balai-unenrolled-'))
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

const { privateKey } = generateKeyPairSync('ed25519')
const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
const makeFile = (expiresAt: number) =>
  writeEnrolment(privateKey, {
    ...{
      format: 'balai-enrolment-1',
      regency: 'Kabupaten Uji',
      village: '3510242008',
      name: 'Desa',
      district: 'Licin',
    },
    ...{ broker: 'mqtts://127.0.0.1:1', enrolBroker: 'mqtts://127.0.0.1:1', hub: 'https://127.0.0.1:1', zone: 'WIB' },
    ...{ ca: pem, lanCa: pem, network: {}, token: 'A'.repeat(43), claim: { certificate: pem, key: pem } },
    ...{ issuedAt: expiresAt - 86_400_000, expiresAt },
  })

function openRoom(readNtp: () => Promise<boolean | null> = async () => null, host = '127.0.0.1') {
  const setupCode = createSetupCode(place)
  const code = setupCode.make()
  const lan = { host, http_port: 0, https_port: 0 }
  const options = { data: place, folders: [place], lan, log: pino({ level: 'silent' }), setupCode, readNtp }
  return openUnenrolledBox(options).then((room) => ({ room, code }))
}

/** Brings a file by HTTPS from an address of the network; answers its code. */
function bring(port: number, from: string, file: string, code: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ host: '127.0.0.1', port, localAddress: from, path: '/api/waiting', method: 'POST' },
        ...{ rejectUnauthorized: false, headers: { 'x-balai': '1', 'content-type': 'application/json' } },
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part) => {
          text += part
        })
        answer.on('end', () => resolve((JSON.parse(text) as { code?: string }).code ?? 'taken'))
      },
    )
    asked.on('error', reject)
    asked.end(JSON.stringify({ file, code }))
  })
}

test('a machine whose clock nobody vouches for takes a file that has ended by it, and one with NTP does not', async () => {
  const ended = makeFile(Date.now() - 1_000)
  writeFileSync(join(place, 'balai-enrol-a.json'), ended)
  const sure = await openRoom(async () => true)
  const answer = await fetch(`http://127.0.0.1:${sure.room.http.port}/api/waiting`)
  expect(await answer.json()).toEqual({ trouble: 'expired' })
  expect(await bring(sure.room.https.port, '127.0.0.9', ended, sure.code)).toBe('enrolment.file-expired')
  await sure.room.close()
  expect(readMember(place)).toBeNull()

  const unsure = await openRoom(async () => false)
  expect(await unsure.room.taken).toBe(join(place, 'balai-enrol-a.json'))
  await unsure.room.close()
  expect(readMember(place)?.village).toBe('3510242008')
})

test('who guesses codes keeps nobody out who types the right one elsewhere', async () => {
  const { room, code } = await openRoom()
  const { port } = room.https
  const file = makeFile(Date.now() + 86_400_000)
  for (let tries = 0; tries < 5; tries++)
    expect(await bring(port, '127.0.0.9', file, '1111111111')).toBe('people.setup-code-wrong')
  expect(await bring(port, '127.0.0.9', file, code)).toBe('enrolment.slow-down')
  expect(await bring(port, '127.0.0.8', file, code)).toBe('taken')
  await room.close()
})

test('R14: two new boxes on one table: whoever opens the second by the name that it has then is led to it', async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)
  if (!outside) return
  const { room } = await openRoom(undefined, '0.0.0.0')
  const { port } = room.http
  const answer = await new Promise<{ status: number | undefined; location: string | undefined }>((resolve, reject) => {
    const headers = { host: 'balai-2.local', accept: 'text/html' }
    get({ host: outside.address, port, path: '/', headers }, (told) => {
      told.resume()
      resolve({ status: told.statusCode, location: told.headers.location })
    }).on('error', reject)
  })
  expect(answer).toEqual({ status: 302, location: `http://${outside.address}:${port}/` })
  await room.close()
})
