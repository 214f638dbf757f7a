import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { furnish, openTestBox, testPin } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { createSetupCode } from '../people/setup-code.ts'
import { writeEnrolment } from '../wire/enrolment.ts'
import { seal } from './carried-keys.ts'
import { readMember } from './membership.ts'
import { openUnenrolledBox } from './unenrolled-box.ts'

/* What is sealed takes half a second to open: time for another file to come. */

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'balai-files-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

const passPhrase = 'kopi panas pagi hari'
const { privateKey } = generateKeyPairSync('ed25519')
const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
async function makeFile(village: string, issuedAt = Date.now()): Promise<string> {
  const held = { certificate: pem, key: village }
  return writeEnrolment(privateKey, {
    ...{
      format: 'balai-enrolment-1',
      regency: 'Kabupaten Uji',
      village,
      name: village,
      district: 'Licin',
      zone: 'WIB',
    },
    ...{ broker: 'mqtts://127.0.0.1:1', enrolBroker: 'mqtts://127.0.0.1:1', hub: 'https://127.0.0.1:1' },
    ...{ ca: pem, lanCa: pem, network: {}, issuedAt, expiresAt: Date.now() + 86_400_000 },
    sealed: await seal({ identity: held, lan: held, boxKey: village }, passPhrase),
  })
}

test('of three files that a new box is brought at once it takes one, and says so to the others', async () => {
  const setupCode = createSetupCode(data)
  const code = setupCode.make()
  const lan = { host: '127.0.0.1', http_port: 0, https_port: 0 }
  const room = await openUnenrolledBox({ data, folders: [], lan, log: pino({ level: 'silent' }), setupCode })
  try {
    const files = await Promise.all(['3510242001', '3510242002', '3510242003'].map((village) => makeFile(village)))
    const answers = await Promise.all(
      files.map((file) =>
        fetch(`http://127.0.0.1:${room.http.port}/api/waiting`, {
          method: 'POST',
          headers: { 'x-balai': '1', 'content-type': 'application/json' },
          body: JSON.stringify({ file, code, passPhrase }),
        }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    const taken = answers.findIndex(({ status }) => status === 200)
    expect(readMember(data)?.village).toBe(`351024200${taken + 1}`)
  } finally {
    await room.close()
  }
})

test('an older file that comes together with a newer one does not take its place', async () => {
  const box = await openTestBox()
  try {
    const { technician } = await furnish(box)
    const headers = { 'x-balai': '1' }
    const payload = { account: technician, pin: testPin }
    const { cookies } = await box.app.inject({ method: 'POST', url: '/api/session', headers, payload })
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const bring = (file: string) =>
      box.app.inject({
        ...{ method: 'POST', url: '/api/enrolment', headers: { ...headers, cookie } },
        payload: { file, passPhrase, key: newId() },
      })
    const older = await makeFile(box.config.village, Date.now() - 10_000)
    const newer = await makeFile(box.config.village)
    const answers = await Promise.all([newer, older, newer].map(bring))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 409, 409])
    expect(readMember(box.folder)?.issuedAt).toBe(JSON.parse(newer).issuedAt)
  } finally {
    await box.remove()
  }
})
