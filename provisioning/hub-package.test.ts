import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../appliance/base/version.ts'
import { mayMount, openDebianRoot } from '../testing/debian-root.ts'
import { makePackage, type Role } from './program/deb.ts'

/* balai-hub in a Debian of its own. The package is the real one around a program that starts this repository's. */

const root = join(import.meta.dirname, '..')
mkdirSync(join(root, 'data'), { recursive: true })
const folder = mkdtempSync(join(root, 'data', 'hub-package-'))
let inside: ReturnType<typeof openDebianRoot>
let file = ''

function build(role: Role, of: string): string {
  const program = join(folder, 'balai')
  writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${join(root, 'appliance', 'balai.js')} "$@"\n`, {
    mode: 0o755,
  })
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x64'
  const source = join(root, 'provisioning', role === 'hub' ? 'debian-hub' : 'debian')
  return makePackage({ dist: folder, source, architecture, version: of, program, role })
}

beforeAll(() => {
  if (!mayMount) return
  file = build('hub', version)
  inside = openDebianRoot()
})
afterAll(() => {
  inside?.remove()
  rmSync(folder, { recursive: true, force: true })
})

const sh = (script: string, environment: string[] = []) =>
  inside.run(['sh', '-c', script], ['DEBIAN_FRONTEND=noninteractive', ...environment])

describe.runIf(mayMount)('balai-hub in a Debian, as root', () => {
  test('makes user and folders, enables its unit, and says what is next', () => {
    expect(sh(`dpkg -i ${file}`)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Type: sudo balai hub init FOLDER'),
    })
    expect(sh('balai --version').stdout.trim()).toBe(version)
    expect(sh('getent passwd balai | cut -d: -f6').stdout.trim()).toBe('/var/lib/balai')
    expect(sh('stat -c "%n %U:%G %a" /etc/balai /var/lib/balai').stdout).toBe(
      '/etc/balai root:balai 750\n/var/lib/balai balai:balai 750\n',
    )
    expect(sh('systemctl is-enabled balai-hub.service').stdout.trim()).toBe('enabled')
    // Nothing is started before it is set up.
    expect(sh('cat /usr/lib/systemd/system/balai-hub.service').stdout).toContain(
      'ConditionPathExists=/etc/balai/hub.toml',
    )
    expect(sh('ls /usr/share/balai-hub/*').stdout).toMatch(/balai-hub\.json[\s\S]*balai\.rules\.yml\n$/)
    expect(sh('zcat /usr/share/man/man1/balai.1.gz | tail -1').stdout).toBe('/usr/share/doc/balai-hub/README.md\n')
    expect(sh('ls /usr/share/doc/balai-hub /usr/share/doc/balai-hub/docs').stdout).toMatch(
      /README\.md[\s\S]*deployment\.md[\s\S]*operations\.md/,
    )
    expect(sh('grep -c "hub) words" /usr/share/bash-completion/completions/balai').stdout.trim()).toBe('1')
  })

  test('a machine is a box or a hub', () => {
    const box = build('box', version)
    expect(sh(`dpkg -i ${box}`)).toMatchObject({ stderr: expect.stringContaining('conflicting packages') })
    const installed = sh(`${join(root, 'provisioning', 'install.sh')} --dry-run --from ${folder}`, [
      'BALAI_FREE_KB=9000000',
    ])
    expect(installed).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('This machine is the hub of a regency'),
    })
  })

  test('an upgrade and a removal keep keys and settings, and whoever has disabled it', () => {
    sh('echo key >/var/lib/balai/hub-key.pem; echo settings >/etc/balai/hub.toml; systemctl disable balai-hub.service')
    const newer = build('hub', `${version}+209901010000.abcdef0`)
    expect(sh(`dpkg -i ${newer}`)).toMatchObject({ status: 0 })
    expect(sh('systemctl is-enabled balai-hub.service').stdout.trim()).toBe('disabled')
    expect(sh('dpkg -r balai-hub')).toMatchObject({ status: 0 })
    expect(sh('cat /var/lib/balai/hub-key.pem /etc/balai/hub.toml').stdout).toBe('key\nsettings\n')
  })

  test('a purge asks, and keeps where nobody can be asked; whoever says yes has nothing left', () => {
    expect(sh('dpkg -P balai-hub')).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('keys and settings stay in /etc/balai and /var/lib/balai'),
    })
    expect(sh('cat /var/lib/balai/hub-key.pem').stdout).toBe('key\n')
    sh(`dpkg -i ${file} && echo 'balai-hub balai-hub/purge boolean true' | debconf-set-selections`)
    expect(sh('dpkg -P balai-hub')).toMatchObject({ status: 0 })
    expect(sh('ls -d /etc/balai /var/lib/balai').stdout).toBe('')
  })
})
