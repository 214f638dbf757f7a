import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareOffice } from '../../bench/offices.ts'
import { buildProgram } from '../../testing/build-once.ts'
import { openKiosk } from '../../testing/programs.ts'
import { freePort } from '../../testing/servers.ts'
import { isSigned } from './sign.ts'

/* The program as one file, built as README says, and run: x64 as it is, arm64 by qemu. */

const root = join(import.meta.dirname, '..', '..')
const dist = join(root, 'dist')
const folders: string[] = []
const children: ChildProcess[] = []

let version = ''
beforeAll(() => {
  version = buildProgram(root)
}, 600_000)
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const programs = [
  { architecture: 'x64', debian: 'amd64', command: [join(dist, 'balai-linux-x64')] },
  {
    architecture: 'arm64',
    debian: 'arm64',
    command: ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu', join(dist, 'balai-linux-arm64')],
  },
] as const

describe.each(programs)('the program for $architecture', ({ command: [program, ...words], debian }) => {
  const run = (args: readonly string[]) => execFileSync(program, [...words, ...args], { encoding: 'utf8' })

  test('holds what the program needs, and nothing of tests, benches and pages’ sources', () => {
    const files = filesIn(program === 'qemu-aarch64' ? (words.at(-1) ?? '') : program)
    expect(files).toEqual(expect.arrayContaining(['appliance/balai.js', 'dist/pages/kiosk.html', 'sources.txt']))
    const needed = /^(appliance|regency|provisioning)\/|^dist\/pages\/|^(package\.json|sources\.txt)$/
    expect(files.filter((path) => !needed.test(path) || /\.tsx?$/.test(path))).toEqual([])
    const modules = readFileSync(join(dist, 'program', 'sources.txt'), 'utf8')
      .split('\n')
      .filter((path) => path && !path.startsWith('node_modules/'))
    expect(modules).toEqual(
      expect.arrayContaining(['appliance/open-box.ts', 'regency/hub.ts', 'provisioning/fleet/issue.ts']),
    )
    const strange = modules.filter((path) => !needed.test(path) || /\.test\.|\.tsx$|^appliance\/pages\//.test(path))
    expect(strange).toEqual([])
  })

  test('says its version and its commands', () => {
    expect(run(['--version']).trim()).toBe(version)
    expect(run(['--help'])).toContain('serve')
  }, 120_000)

  test('opens an office, serves its pages and gives a number', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'balai-program-'))
    folders.push(folder)
    const port = await freePort()
    const file = join(folder, 'balai.toml')
    writeFileSync(
      file,
      `village = "3510242008"\nname = "Desa Tamansari"\ndistrict = "Licin"\nzone = "WIB"\ndata = "${join(folder, 'data')}"\n` +
        `[lan]\nhost = "127.0.0.1"\nhttp_port = ${port}\nhttps_port = ${await freePort()}\n`,
    )
    const [service = ''] = await prepareOffice(join(folder, 'data'), '3510242008')
    // What another program prints is read in the packed program, too: here a kernel whose clock is disciplined.
    writeFileSync(join(folder, 'timedatectl'), '#!/bin/sh\necho yes\n', { mode: 0o755 })
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` }
    const child = spawn(program, [...words, 'serve', '--config', file], { stdio: 'ignore', env })
    children.push(child)
    const url = `http://127.0.0.1:${port}`
    for (let waited = 0; waited < 90_000 && child.exitCode === null; waited += 500) {
      if (
        await fetch(`${url}/metrics`).then(
          (answer) => answer.ok,
          () => false,
        )
      )
        break
      await sleep(500)
    }
    const page = await (await fetch(`${url}/kiosk`)).text()
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? ''
    const answer = await fetch(url + script)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/javascript; charset=utf-8'])
    expect((await answer.text()).length).toBeGreaterThan(1_000)
    const kiosk = await openKiosk(url)
    expect((await kiosk.take(service)).number).toBe('A001')
    const asked = spawnSync(program, [...words, 'doctor', '--config', file], { encoding: 'utf8', env })
    expect(asked.stdout).toMatch(/^\+ Jam: .*NTP berjalan/m)
    expect(asked.stdout).toMatch(new RegExp(`^\\+ Perangkat Balai: menyala .*Balai ${RegExp.escape(version)}`, 'm'))
    child.kill('SIGTERM')
    for (let waited = 0; waited < 30_000 && child.exitCode === null; waited += 250) await sleep(250)
    expect(child.exitCode).toBe(0)
  }, 180_000)

  test.each([
    ['balai', 'balai.service'],
    ['balai-hub', 'balai-hub.service'],
  ])('comes as the Debian package %s with its service', (name, service) => {
    const list = execFileSync('dpkg-deb', ['--contents', join(dist, `${name}_${version}_${debian}.deb`)], {
      encoding: 'utf8',
    })
    expect(list).toMatch(/-rwxr-xr-x root\/root .* \.\/usr\/bin\/balai\n/)
    expect(list).toContain(`./usr/lib/systemd/system/${service}`)
    expect(list).toContain(`./usr/share/doc/${name}/README.md`)
    expect(list).toContain('./usr/share/man/man1/balai.1.gz')
  })
})

test('each file has its checksum and a signature that no other file has', () => {
  const key = readFileSync(join(dist, 'release.pub'), 'utf8')
  const sums = readFileSync(join(dist, 'SHA256SUMS'), 'utf8').trim().split('\n')
  expect(sums).toHaveLength(9)
  for (const line of sums) {
    const [sum = '', name = ''] = line.split('  ')
    expect(
      createHash('sha256')
        .update(readFileSync(join(dist, name)))
        .digest('hex'),
    ).toBe(sum)
    expect(isSigned(join(dist, name), key)).toBe(true)
  }
  writeFileSync(join(dist, 'forged'), 'not the program')
  writeFileSync(join(dist, 'forged.sig'), readFileSync(join(dist, 'balai-linux-x64.sig')))
  expect(isSigned(join(dist, 'forged'), key)).toBe(false)
  rmSync(join(dist, 'forged'))
  rmSync(join(dist, 'forged.sig'))
})

/** The files of ours in a built program, by its own list of its archive: paths from the root of the repository. */
function filesIn(program: string): string[] {
  const bytes = readFileSync(program)
  const list = bytes.subarray(bytes.indexOf('"offsets":{')).toString('latin1')
  const paths = [...list.matchAll(/"([^"]+)":\[\d+,\d+\]/g)].map(([, path = '']) => path)
  return paths.flatMap((path) => /\/dist\/program\/(.+)$/.exec(path)?.[1] ?? [])
}
