import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { completeBoxConfig, readBoxConfig } from '../../appliance/config.ts'
import { adopt, readMember } from '../../appliance/enrolment/membership.ts'
import { issuePair, openAuthority } from '../../appliance/pki/authority.ts'
import { readEnrolment } from '../../appliance/wire/enrolment.ts'
import { publicKeyOf, readPrivateKey } from '../../appliance/wire/sign.ts'
import { openTestFleet, testOffices, testSettings } from '../../testing/test-fleet.ts'
import { initFleet } from './init.ts'
import { issueCertificates, issueEnrolments } from './issue.ts'
import { parseOffices } from './offices.ts'
import { readRegister } from './register.ts'
import { revokeVillage } from './revoke.ts'
import { rotateServers } from './rotate.ts'

const now = Date.now()
const day = 24 * 60 * 60 * 1_000
let made: Awaited<ReturnType<typeof openTestFleet>>
beforeAll(async () => {
  made = await openTestFleet({ now })
})
afterAll(() => made.remove())

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile())

describe('balai fleet init', () => {
  test('keys, register and hub key are readable by their owner only, folders are closed', () => {
    const secrets = filesOf(made.folder).filter((name) => /\.key$|hub-key\.pem$|register\.json$/.test(name))
    expect(secrets.sort()).toEqual(
      [
        ...['broker/broker.key', 'claim-ca.key', 'hub-key.pem', 'issuing-ca.key', 'lan-ca.key'],
        ...['register.json', 'root/root-ca.key', 'root/lan-root.key', 'wipe.key'],
        ...['hub-1', 'hub-2'].flatMap((hub) => [`${hub}/console.key`, `${hub}/hub-key.pem`, `${hub}/hub.key`]),
        ...['hub-1', 'hub-2'].flatMap((hub) => [`${hub}/authority/issuing-ca.key`, `${hub}/authority/lan-ca.key`]),
      ].sort(),
    )
    expect(secrets.filter((name) => (statSync(made.path(name)).mode & 0o077) !== 0)).toEqual([])
    const folders = ['.', 'root', 'broker', 'hub-1', 'hub-2']
    expect(folders.filter((name) => (statSync(made.path(name)).mode & 0o077) !== 0)).toEqual([])
    const withKey = filesOf(made.folder).filter((name) => made.read(name).includes('PRIVATE KEY'))
    expect(withKey.filter((name) => !secrets.includes(name))).toEqual([])
  })

  test('a folder that holds anything is refused, and stays as it was', async () => {
    const before = made.read('root-ca.pem')
    await expect(initFleet(made.folder, testSettings, now)).rejects.toThrow(/is not empty/)
    expect(made.read('root-ca.pem')).toBe(before)
    expect(readdirSync(join(made.folder, '..'))).toEqual(['fleet'])
  })

  test('OpenSSL takes broker, hub and console for what they are, by the root alone', () => {
    const verify = (purpose: string, file: string) =>
      spawnSync('openssl', [
        ...['verify', '-x509_strict', '-purpose', purpose, '-CAfile', made.path('root-ca.pem')],
        ...['-untrusted', made.path('issuing-ca.pem'), made.path(file)],
      ]).status
    expect(verify('sslserver', 'broker/broker.pem')).toBe(0)
    expect(verify('sslclient', 'hub-2/hub.pem')).toBe(0)
    expect(verify('sslserver', 'hub-1/console.pem')).toBe(0)
    expect(verify('sslclient', 'broker/broker.pem')).not.toBe(0)
    expect(new X509Certificate(made.read('hub-2/hub.pem')).subject).toBe('CN=hub-2')
  })

  test.each([
    ['balai.local', true],
    ['192.168.1.10', true],
    ['172.20.0.1', true],
    ['fd12::1', true],
    ['fe80::1', true],
    ['bank.example.com', false],
    ['8.8.8.8', false],
    ['172.32.0.1', false],
    ['2001:db8::1', false],
  ])('the LAN authority signs for %s: %s', async (name, allowed) => {
    const pair = { certificate: made.read('lan-ca.pem'), key: made.read('lan-ca.key') }
    const issuer = await openAuthority(pair)
    writeFileSync(
      made.path('lan.pem'),
      (await issuePair('Balai', { now, days: 30, issuer, names: [name] })).certificate,
    )
    const args = ['-x509_strict', '-CAfile', made.path('lan-root.pem'), '-untrusted', made.path('lan-ca.pem')]
    const { status, stderr } = spawnSync('openssl', ['verify', ...args, made.path('lan.pem')], { encoding: 'utf8' })
    expect(status === 0).toBe(allowed)
    if (!allowed) expect(stderr).toMatch(/permitted subtree violation/)
  })
})

describe('balai fleet issue', () => {
  test('217 villages get a file each, signed, with a token and a claim of its own', async () => {
    const { fleet, read, folder, remove } = await openTestFleet({ now })
    const offices = testOffices(217)
    const { issued } = await issueEnrolments(fleet, offices, { now, days: 30 })
    expect(issued).toHaveLength(217)
    const files = filesOf(join(folder, 'villages'))
    expect(files).toHaveLength(217)
    const read217 = files.map((name) => readEnrolment(read(`villages/${name}`), now))
    expect(read217.filter(({ refused }) => refused !== null)).toEqual([])
    expect(new Set(read217.map(({ file }) => file?.token)).size).toBe(217)
    const { file } = read217[0] ?? {}
    expect(file?.hubKey).toBe(publicKeyOf(fleet.hubKey))
    const claim = new X509Certificate(file?.claim?.certificate ?? '')
    expect(claim.subject).toBe(`CN=enrol-${file?.village}`)
    expect(claim.verify(new X509Certificate(read('claim-ca.pem')).publicKey)).toBe(true)
    expect(claim.validToDate.getTime()).toBeLessThanOrEqual(file?.expiresAt ?? 0)
    expect(files.filter((name) => (statSync(join(folder, 'villages', name)).mode & 0o077) !== 0)).toEqual([])
    const register = readRegister(folder)
    const hash = createHash('sha256')
      .update(file?.token ?? '')
      .digest('hex')
    expect(register.villages[file?.village ?? '']?.claims[0]?.tokenHash).toBe(hash)
    expect(read('register.json')).not.toContain(file?.token)
    remove()
  })

  test('a file is refused when it is cut off, changed in any field, or too old', async () => {
    const [office] = testOffices(1)
    await issueEnrolments(made.fleet, office ? [office] : [], { now, days: 30 })
    const text = made.read('villages/balai-enrol-3510242001.json')
    expect(readEnrolment(text.slice(0, 900), now).refused).toBe('unreadable')
    expect(readEnrolment(text.replace('"token"', '"tokens"'), now).refused).toBe('unreadable')
    expect(readEnrolment(text.replace('3510242001', '3510242002'), now).refused).toBe('altered')
    expect(readEnrolment(text.replace('127.0.0.1', '127.0.0.2'), now).refused).toBe('altered')
    expect(readEnrolment(text.replace(/"expiresAt": \d/, '"expiresAt": 2'), now).refused).toBe('altered')
    expect(readEnrolment(text, now + 30 * day).refused).toBe(null)
    expect(readEnrolment(text, now + 30 * day + 1).refused).toBe('expired')
  })

  test('a second run keeps what can still be used; --again strikes the old token out', async () => {
    const offices = testOffices(3)
    await issueEnrolments(made.fleet, offices.slice(0, 2), { now, days: 30 })
    const before = made.read('villages/balai-enrol-3510242001.json')
    const second = await issueEnrolments(made.fleet, offices, { now, days: 30 })
    expect(second).toEqual({ issued: ['3510242003'], kept: ['3510242001', '3510242002'], outdated: [] })
    expect(made.read('villages/balai-enrol-3510242001.json')).toBe(before)
    await issueEnrolments(made.fleet, offices.slice(0, 1), { now: now + 1, days: 30, again: true })
    expect(made.read('villages/balai-enrol-3510242001.json')).not.toBe(before)
    const open = readRegister(made.folder).villages['3510242001']?.claims.filter(({ revokedAt }) => !revokedAt)
    expect(open).toHaveLength(1)
    const later = await issueEnrolments(made.fleet, offices, { now: now + 31 * day, days: 30 })
    expect(later.issued).toHaveLength(3)
  })

  test('every mistake of a CSV is named at once, by file and line, without passwords', () => {
    const csv = [
      'code,kind,name,district_code,district,address,gateway,dns,wifi,wifi_password,apn',
      '35.10.24.2001,desa,Satu,35.10.24,Licin,192.168.1.10/24,192.168.1.1,1.1.1.1 8.8.8.8,Kantor,rahasia123,internet',
      '35.10.24.200,desa,Dua,35.10.24,Licin',
      '3510.24.2002,desa,Dua,35.10.24,Licin',
      '',
      '3510242001,kota,,35.10.25,Licin',
      '3510242004,desa,Empat,351024,Licin,192.168.1.10,192.168.1,1.1.1,,rahasia,in ternet',
      '3510242005,desa,Lima,351024,Licin,192.168.1.10/33',
    ].join('\n')
    const problems = (() => {
      try {
        parseOffices(csv, 'desa.csv')
        return ''
      } catch (error) {
        return (error as Error).message
      }
    })()
    const begins = [
      ...['line 3: code is "35.10.24.200"', 'line 4: code is "3510.24.2002"'],
      ...[
        'line 6: district_code is',
        'line 6: kind is "kota"',
        'line 6: name is ""',
        'line 6: 3510242001 stands there',
      ],
      ...[
        'line 7: address is',
        'line 7: gateway is',
        'line 7: dns is',
        'line 7: wifi is empty',
        'line 7: wifi_password',
      ],
      ...['line 7: apn is', 'line 8: address is', 'line 8: gateway is missing'],
    ].map((text) => `desa.csv: ${text}`)
    const lines = problems.split('\n')
    expect(lines.map((line, n) => line.slice(0, begins[n]?.length))).toEqual(begins)
    expect(problems).not.toContain('rahasia')
    expect(() => parseOffices('code,kind,name,district_code,district\n', 'leer.csv')).toThrow(/no village/)
  })
})

test('the folder of balai fleet certificates is a box’s configuration, its certificate is of the regency', async () => {
  await issueCertificates(made.fleet, testOffices(1), { now })
  const config = readBoxConfig(made.path('boxes/3510242001/balai.toml'), {})
  expect(config).toMatchObject({ village: '3510242001', zone: 'Asia/Jakarta', hub_key: publicKeyOf(made.fleet.hubKey) })
  expect(statSync(made.path('boxes/3510242001/box.key')).mode & 0o077).toBe(0)
  expect(new X509Certificate(made.read('boxes/3510242001/box.pem')).subject).toBe('CN=3510242001')
})

test('balai fleet revoke puts certificate and claim of a village on the broker’s lists, and nothing of others', async () => {
  const { fleet, read, path, remove } = await openTestFleet({ now })
  await issueCertificates(fleet, testOffices(2), { now })
  await issueEnrolments(fleet, testOffices(2), { now, days: 30 })
  expect(await revokeVillage(fleet, '3510242001', now)).toBe(2)
  const serialOf = (pem: string) => new X509Certificate(pem).serialNumber.replace(/^0+/, '')
  const list = (name: string) => execFileSync('openssl', ['crl', '-in', path(name), '-noout', '-text']).toString()
  const serials = (name: string) =>
    [...list(name).matchAll(/Serial Number: ([0-9A-F]+)/g)].map(([, serial]) => serial?.replace(/^0+/, ''))
  const { file } = readEnrolment(read('villages/balai-enrol-3510242001.json'), now)
  expect(serials('broker/ca.crl')).toEqual([serialOf(read('boxes/3510242001/box.pem'))])
  expect(serials('broker/claim-ca.crl')).toEqual([serialOf(file?.claim?.certificate ?? '')])
  await expect(revokeVillage(fleet, '3510242001', now)).rejects.toThrow(/holds nothing/)
  remove()
})

test('what the broker takes stands in fleet.toml, goes into the enrolment file, and bounds the box; its balai.toml may say otherwise', async () => {
  const small = await openTestFleet({ now, max_packet_kb: 32 })
  try {
    const [office] = testOffices(1)
    if (!office) throw new TypeError('There is no office.')
    await issueEnrolments(small.fleet, [office], { now, days: 30 })
    const { file } = readEnrolment(small.read(`villages/balai-enrol-${office.village}.json`), now)
    if (!file) throw new TypeError('The file cannot be read.')
    const member = adopt(small.path('data'), file)
    const toml = { data: small.path('data'), lan, enrolment_folders: [], log: 'silent' as const }
    const packetOf = (mqtt = {}) =>
      completeBoxConfig({ ...toml, mqtt: { keepalive_s: 30, ...mqtt } }, {}, member).mqtt?.max_packet_kb
    expect([packetOf(), packetOf({ max_packet_kb: 64 })]).toEqual([32, 64])
    expect(completeBoxConfig(toml, {}, readMember(small.path('data'))).mqtt?.max_packet_kb).toBe(32)
  } finally {
    small.remove()
  }
})

test('boxes learn the key for wipe orders by file and balai.toml; a folder that is older than it makes one', async () => {
  const older = await openTestFleet({ now })
  try {
    rmSync(older.path('wipe.key'))
    await issueEnrolments(older.fleet, testOffices(1), { now, days: 30 })
    const key = publicKeyOf(readPrivateKey(older.read('wipe.key')))
    expect(statSync(older.path('wipe.key')).mode & 0o077).toBe(0)
    const { file } = readEnrolment(older.read('villages/balai-enrol-3510242001.json'), now)
    expect(file?.wipeKey).toBe(key)
    const toml = { data: older.path('data'), lan, enrolment_folders: [], log: 'silent' as const }
    expect(file && completeBoxConfig(toml, {}, adopt(older.path('data'), file)).wipe_key).toBe(key)
    await issueCertificates(older.fleet, testOffices(1), { now })
    expect(readBoxConfig(older.path('boxes/3510242001/balai.toml'), {}).wipe_key).toBe(key)
  } finally {
    older.remove()
  }
  const hubs = filesOf(made.folder).filter((name) => name.startsWith('hub-'))
  const own = made.read('wipe.key')
  expect(hubs.filter((name) => made.read(name).includes(own))).toEqual([])
})

test('fall-back brokers of fleet.toml stand in the certificate, the enrolment file, balai.toml and hub.toml; without them nothing does', async () => {
  const several = await openTestFleet({ now, fallback_brokers: ['two.example', 'three.example'] })
  try {
    const others = ['mqtts://two.example:8883', 'mqtts://three.example:8883']
    const certificate = () => new X509Certificate(several.read('broker/broker.pem')).subjectAltName
    expect(certificate()).toBe('IP Address:127.0.0.1, DNS:two.example, DNS:three.example')
    expect(parse(several.read('hub-1/hub.toml'))).toMatchObject({ mqtt: { other_urls: others } })
    await rotateServers(several.fleet, now)
    expect(certificate()).toContain('three.example')
    await issueEnrolments(several.fleet, testOffices(1), { now, days: 30 })
    const { file } = readEnrolment(several.read('villages/balai-enrol-3510242001.json'), now)
    expect(file?.fallbackBrokers).toEqual(others)
    const toml = { data: several.path('data'), lan, enrolment_folders: [], log: 'silent' as const }
    expect(file && completeBoxConfig(toml, {}, adopt(several.path('data'), file)).mqtt).toMatchObject({
      ...{ url: 'mqtts://127.0.0.1:8883', fallback_urls: others },
    })
    await issueCertificates(several.fleet, testOffices(1), { now })
    expect(readBoxConfig(several.path('boxes/3510242001/balai.toml'), {}).mqtt?.fallback_urls).toEqual(others)
  } finally {
    several.remove()
  }
  await issueEnrolments(made.fleet, testOffices(1), { now, days: 30, again: true })
  expect(made.read('villages/balai-enrol-3510242001.json')).not.toContain('fallbackBrokers')
  expect(made.read('hub-1/hub.toml')).not.toContain('other_urls')
})

const lan = { host: '127.0.0.1', http_port: 0, https_port: 0, names: [] }
