import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, startPostgres } from '../../testing/servers.ts'
import { exitCode } from '../base/errors.ts'
import { issuePair, makeAuthority, openAuthority } from '../pki/authority.ts'

/* A start that fails ends: with its exit code and one sentence, and nothing of it goes on. */

const program = join(import.meta.dirname, '..', 'balai.js')
const folder = mkdtempSync(join(tmpdir(), 'balai-starts-'))
let postgres: Awaited<ReturnType<typeof startPostgres>>
let taken: { port: number; server: Server }

beforeAll(async () => {
  postgres = await startPostgres({ settings: { fsync: 'off' } })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  taken = { server, port: (server.address() as { port: number }).port }
  const now = Date.UTC(2026, 10, 23)
  const root = await makeAuthority('root', { now, days: 10 })
  const issuer = await openAuthority(root)
  for (const name of ['issuing-ca', 'lan-ca']) {
    const pair = await makeAuthority(name, { now, days: 10, parent: issuer })
    mkdirSync(join(folder, 'authority'), { recursive: true })
    writeFileSync(join(folder, 'authority', `${name}.pem`), pair.certificate)
    writeFileSync(join(folder, 'authority', `${name}.key`), pair.key)
  }
  cpSync(join(folder, 'authority'), join(folder, 'mixed'), { recursive: true })
  cpSync(join(folder, 'mixed', 'lan-ca.key'), join(folder, 'mixed', 'issuing-ca.key'))
  const pair = await issuePair('balai.example.go.id', { now, days: 10, issuer, names: ['localhost'] })
  writeFileSync(join(folder, 'console.pem'), pair.certificate)
  writeFileSync(join(folder, 'villages.csv'), 'code,kind,name,district_code,district\n')
})
afterAll(async () => {
  taken.server.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts and waits for the end; `status` null is a process that hung and was killed. */
function balai(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    ...{ cwd: folder, encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' },
  })
  return { status, said: stderr + stdout.replaceAll(/^\{.*\}\n/gm, '') }
}

const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return name
}

const writeKey = (data: string) =>
  writeFileSync(
    join(folder, data, 'hub-key.pem'),
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
  )

describe('a hub', () => {
  const hub = (name: string, { top = '', console: page = 'port = 0' }: { top?: string; console?: string }) =>
    balai(
      'hub',
      '--config',
      write(
        `${name}.toml`,
        `name = "Kabupaten Uji"\ndata = "${name}"\nvillages = "villages.csv"\n${top}\n[mqtt]\nurl = "mqtt://127.0.0.1:9"\n` +
          `[postgres]\nurl = "${postgres.url}"\n[console]\n${page}\n`,
      ),
    )

  test('whose authority folder is missing names the file', () => {
    mkdirSync(join(folder, 'lacking'))
    writeKey('lacking')
    const { status, said } = hub('lacking', { top: 'authority = "nowhere"' })
    expect([status, said]).toEqual([
      exitCode.config,
      expect.stringMatching(/authority: .*issuing-ca\.pem cannot be read \(ENOENT\)\n$/),
    ])
  })

  test('whose authority has the key of another certificate names both', () => {
    mkdirSync(join(folder, 'other-key'))
    writeKey('other-key')
    const { status, said } = hub('other-key', { top: 'authority = "mixed"' })
    expect([status, said]).toEqual([
      exitCode.config,
      expect.stringMatching(/issuing-ca\.key is not the key of .*issuing-ca\.pem\n$/),
    ])
  })

  test('whose own key is no Ed25519 key names the file', () => {
    mkdirSync(join(folder, 'damaged'))
    cpSync(join(folder, 'authority', 'lan-ca.key'), join(folder, 'damaged', 'hub-key.pem'))
    const { status, said } = hub('damaged', {})
    expect([status, said]).toEqual([exitCode.config, expect.stringMatching(/hub-key\.pem holds no Ed25519 key/)])
  })

  test('with an authority and without the key that its boxes know makes no other one', () => {
    const { status, said } = hub('keyless', { top: 'authority = "authority"' })
    expect([status, said]).toEqual([exitCode.config, expect.stringMatching(/hub-key\.pem is missing.*fleet init/)])
  })

  test('whose console certificate and key do not fit names both', () => {
    const page = 'cert = "console.pem"\nkey = "authority/lan-ca.key"'
    const { status, said } = hub('unfit', { console: page })
    expect([status, said]).toEqual([
      exitCode.config,
      expect.stringMatching(/console\.key: .*lan-ca\.key is not the key of/),
    ])
  })

  test('whose console port is taken says by whom', () => {
    const { status, said } = hub('taken', { console: `port = ${taken.port}` })
    expect([status, said]).toEqual([
      exitCode.failed,
      expect.stringMatching(new RegExp(`^Port ${taken.port} is taken by .+ \\(process ${process.pid}\\)\\. Stop it`)),
    ])
  })
})

describe('a box', () => {
  const box = (name: string, lan: string, extra = '') => {
    mkdirSync(join(folder, name), { recursive: true })
    return write(
      `${name}.toml`,
      `village = "3510242008"\nname = "Desa"\ndistrict = "Licin"\nzone = "WIB"\ndata = "${name}"\nlog = "error"\n${extra}[lan]\n${lan}\n`,
    )
  }

  test.each(['http_port', 'https_port'])('whose %s is taken says by whom', (key) => {
    const other = key === 'http_port' ? 'https_port' : 'http_port'
    const file = box(`box-${key}`, `host = "127.0.0.1"\n${key} = ${taken.port}\n${other} = 0`)
    const { status, said } = balai('serve', '--config', file)
    expect([status, said]).toEqual([
      exitCode.failed,
      expect.stringMatching(/^Port \d+ is taken by .+ \(process \d+\)\. Stop it/),
    ])
  })

  test('without a village, whose port is taken, says so too', () => {
    const file = write(
      'nobody.toml',
      `data = "nobody"\nlog = "error"\n[lan]\nhost = "127.0.0.1"\nhttp_port = ${taken.port}\n`,
    )
    const { status, said } = balai('serve', '--config', file)
    expect([status, said]).toEqual([exitCode.failed, expect.stringMatching(/^Port \d+ is taken by /)])
  })

  test('with an address that this machine does not have says which', () => {
    const { status, said } = balai('serve', '--config', box('far', 'host = "192.0.2.7"\nhttp_port = 0\nhttps_port = 0'))
    expect([status, said]).toEqual([exitCode.failed, expect.stringMatching(/does not have the address 192\.0\.2\.7/)])
  })

  test('whose data folder is a file, or whose place for it is missing, names the path', () => {
    write('a-file', 'x')
    const file = write(
      'in-file.toml',
      'village = "3510242008"\nname = "Desa"\ndistrict = "Licin"\nzone = "WIB"\ndata = "a-file/data"\nlog = "error"\n',
    )
    const { status, said } = balai('serve', '--config', file)
    expect([status, said]).toEqual([
      exitCode.failed,
      expect.stringMatching(/a-file\/data.*is a file, not a folder\.\n$/),
    ])
  })

  test.each([
    ['member/member.json', '{"village":', 'bring this box an enrolment file of its village (balai fleet reissue)'],
    ['box-key.pem', 'rubbish', 'Delete it: the box makes another key, and works on.'],
    ['recovery.json', '\0\0', 'Delete it: the box makes another pair for its sticks'],
  ])('N14: whose card has damaged %s says which file and what to do', (name, text, remedy) => {
    const data = `damaged-${name.replace('/', '-')}`
    const file = box(data, 'host = "127.0.0.1"\nhttp_port = 0\nhttps_port = 0')
    mkdirSync(join(folder, data, 'member'), { recursive: true })
    writeFileSync(join(folder, data, name), text)
    const { status, said } = balai('serve', '--config', file)
    expect([status, said]).toEqual([exitCode.config, expect.stringContaining(`${name} is damaged.`)])
    expect(said).toContain(remedy)
    expect(said).not.toContain('    at ')
  })

  test.runIf(process.getuid?.() === 0)(
    'whose data belong to root, run by another user, says which file and what to do',
    () => {
      const file = box('of-root', 'host = "127.0.0.1"\nhttp_port = 0\nhttps_port = 0')
      for (const path of [folder, join(folder, file)]) chownSync(path, 65_534, 65_534)
      const { status, stderr } = spawnSync(process.execPath, [program, 'serve', '--config', file], {
        ...{ cwd: folder, encoding: 'utf8', timeout: 60_000, uid: 65_534, gid: 65_534 },
      })
      expect([status, stderr]).toEqual([
        exitCode.failed,
        expect.stringMatching(/of-root is not open to the user .*, it belongs to user number 0\. Run this with sudo/),
      ])
    },
  )
})

test('a second demo on the same folder ends, and leaves the first one’s database alone', async () => {
  const { openInOrder } = await import('../base/open-in-order.ts')
  const { lockFolder } = await import('../base/store/folder.ts')
  mkdirSync(join(folder, 'demo'))
  const first = await openInOrder(async (onClose) => {
    onClose(lockFolder(join(folder, 'demo')))
    return {}
  })
  const { status, said } = balai('demo', '--data', 'demo', '--port', String(await freePort()))
  await first.close()
  expect([status, said]).toEqual([exitCode.config, expect.stringContaining('Another balai works on')])
})
