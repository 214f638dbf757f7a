import 'reflect-metadata' // what @peculiar/x509 builds on; it has to come first
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { accessList } from '../../../provisioning/fleet/mosquitto.ts'
import { openHub } from '../../../regency/hub.ts'
import { makeTestFolder, quiet, until } from '../../../testing/hub-parts.ts'
import { freePort, startMosquitto, startPostgres } from '../../../testing/servers.ts'
import { openTestBox, testVillage } from '../../../testing/test-box.ts'
import type { BoxConfig } from '../../config.ts'
import { systemClock } from '../clock.ts'
import { openCatalogues } from '../messages/catalogues.ts'

/* Box and hub against a real Mosquitto that asks who they are: by certificates over TLS, or by user name and password. */

const { folder, remove } = makeTestFolder('tls')
const file = (name: string) => join(folder, name)
let postgres: Awaited<ReturnType<typeof startPostgres>>
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  postgres = await startPostgres({ settings: { fsync: 'off' } })
  writeFileSync(
    file('villages.csv'),
    `code,kind,name,district_code,district\n${testVillage},desa,Tamansari,${testVillage.slice(0, 6)},Licin\n`,
  )
  const regency = await createAuthority('Regency')
  await Promise.all([
    regency.issue('broker', { server: true }),
    regency.issue('hub'),
    regency.issue(testVillage),
    createAuthority('Stranger'),
  ])
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
afterAll(async () => {
  await postgres.stop()
  remove()
})

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const toPem = (der: ArrayBuffer) =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.from(der).toString('base64')}\n-----END PRIVATE KEY-----\n`

/** A certificate authority; its certificate is `<name>.pem`, those that it issues are `<cn>.pem` and `<cn>.key`. */
async function createAuthority(name: string) {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const validity = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 3_600_000) }
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      ...validity,
      keys,
      signingAlgorithm: algorithm,
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    },
    crypto,
  )
  writeFileSync(file(`${name}.pem`), root.toString('pem'))
  return {
    async issue(cn: string, { server = false } = {}): Promise<void> {
      const own = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const certificate = await x509.X509CertificateGenerator.create(
        {
          subject: `CN=${cn}`,
          issuer: root.subject,
          ...validity,
          publicKey: own.publicKey,
          signingKey: keys.privateKey,
          signingAlgorithm: algorithm,
          extensions: server ? [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])] : [],
        },
        crypto,
      )
      writeFileSync(file(`${cn}.pem`), certificate.toString('pem'))
      writeFileSync(file(`${cn}.key`), toPem(await crypto.subtle.exportKey('pkcs8', own.privateKey)), { mode: 0o600 })
    },
  }
}

const certificateOf = (name: string, authority = 'Regency') => ({
  ca: file(`${authority}.pem`),
  cert: file(`${name}.pem`),
  key: file(`${name}.key`),
})

/** A broker that lets in only who shows a certificate of the regency, whose CN is then the user of the access list. */
async function startTlsBroker(): Promise<string> {
  const port = await freePort()
  writeFileSync(file('acl'), access)
  const broker = await startMosquitto({
    config: [
      'allow_anonymous false',
      `acl_file ${file('acl')}`,
      `listener ${port} 127.0.0.1`,
      `cafile ${file('Regency.pem')}`,
      `certfile ${file('broker.pem')}`,
      `keyfile ${file('broker.key')}`,
      'require_certificate true',
      'use_identity_as_username true',
    ].join('\n'),
  })
  closers.push(broker.stop)
  return `mqtts://127.0.0.1:${port}`
}

/** The fleet tool’s own, so that what it recommends is what is tested. */
const access = accessList(['hub'])

async function openRealBox(mqtt: BoxConfig['mqtt']) {
  const box = await openTestBox({ mqtt, system: systemClock })
  closers.push(box.remove)
  return box
}

async function openRealHub(mqtt: { url: string; password?: string; username?: string }, name: string) {
  const data = file(name)
  mkdirSync(data, { recursive: true })
  const hub = await openHub(
    {
      name: 'Kabupaten Uji',
      zone: 'Asia/Jakarta',
      data,
      villages: file('villages.csv'),
      mqtt: { client_id: 'hub', ...mqtt },
      postgres: { url: await postgres.createDatabase(name), pool: 2 },
      console: { host: '127.0.0.1', port: 0 },
      log: 'silent',
    },
    { log: quiet },
  )
  closers.push(hub.close)
  return hub
}

test('box and hub meet over TLS, each by its certificate, and the access list lets them do what they need', async () => {
  const url = await startTlsBroker()
  const hub = await openRealHub({ url, ...certificateOf('hub') }, 'by_certificate')
  const box = await openRealBox({ url, ...certificateOf(testVillage), keepalive_s: 30 })
  await until(() => hub.linkState() === 'connected')
  await until(() => box.relay.view().state === 'connected' && box.relay.view().waiting === 0)
  const { rows } = await hub.database.query<{ n: string }>('SELECT count(*) AS n FROM entry')
  expect(Number(rows[0]?.n)).toBe(box.journal.head().seq)
})

test('N15: each cause of a missing line is told apart, with what to do', async () => {
  const strange = await startTlsBroker()
  // A network that wants a log-in first answers every address with its own page.
  const portal = createServer((_request, response) => response.end('<h1>Login Wi-Fi</h1>'))
  const portalPort = await new Promise<number>((resolve) =>
    portal.listen(0, '127.0.0.1', () => resolve((portal.address() as AddressInfo).port)),
  )
  closers.push(async () => void portal.close())
  const causes: [url: string, reason: RegExp, advice: RegExp][] = [
    [strange, /^foreign-server$/, /halaman web/],
    [`mqtts://127.0.0.1:${portalPort}`, /^foreign-server$/, /halaman web/],
    [`mqtts://127.0.0.1:${await freePort()}`, /^no-broker$/, /broker mati/],
    [`mqtt://127.0.0.1:${await freePort()}`, /^no-broker$/, /broker mati/],
    ['mqtts://broker.invalid:8883', /^(dns-silent|name-unknown)$/, /DNS/],
  ]
  for (const [url, reason, advice] of causes) {
    const shown = url.startsWith('mqtts') ? certificateOf(testVillage, 'Stranger') : {}
    const box = await openRealBox({ url, ...shown, keepalive_s: 30 })
    await until(() => box.relay.technicianView().reason !== null, 30_000)
    const { reason: said, state } = box.relay.technicianView()
    expect([state, said], url).toEqual(['offline', expect.stringMatching(reason)])
    const say = openCatalogues().speak('id')
    expect(say(`relay.remedy.${said}`)).toMatch(advice)
    expect(box.alarms.list().map(({ code }) => code)).not.toContain('relay.refused-connection')
  }
})

test('a box without a certificate is refused and says so', async () => {
  const url = await startTlsBroker()
  const box = await openRealBox({ url, ca: file('Regency.pem'), keepalive_s: 30 })
  await until(() => box.relay.technicianView().reason !== null)
  expect(box.relay.technicianView()).toMatchObject({ state: 'refused', reason: 'connect-refused' })
})

test('box and hub meet by user name and password; a wrong password is refused and said', async () => {
  const passwords = file('passwords')
  for (const [user, password] of [
    ['hub', 'rahasia-hub'],
    [testVillage, 'rahasia-desa'],
  ] as const) {
    execFileSync('mosquitto_passwd', [...(user === 'hub' ? ['-c'] : []), '-b', passwords, user, password])
  }
  writeFileSync(file('acl'), access)
  const broker = await startMosquitto({
    config: ['allow_anonymous false', `password_file ${passwords}`, `acl_file ${file('acl')}`].join('\n'),
  })
  closers.push(broker.stop)
  const { url } = broker
  const hub = await openRealHub({ url, username: 'hub', password: 'rahasia-hub' }, 'by_password')
  const box = await openRealBox({ url, username: testVillage, password: 'rahasia-desa', keepalive_s: 30 })
  await until(() => hub.linkState() === 'connected')
  await until(() => box.relay.view().state === 'connected' && box.relay.view().waiting === 0)

  const wrong = await openRealBox({ url, username: testVillage, password: 'salah', keepalive_s: 30 })
  await until(() => wrong.relay.technicianView().reason !== null)
  expect(wrong.relay.technicianView()).toMatchObject({ state: 'refused', reason: 'connect-refused' })
})
