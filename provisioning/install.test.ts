import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hostFlags } from '../appliance/automation/host-flags.ts'
import { version } from '../appliance/base/version.ts'
import { mayMount, openDebianRoot } from '../testing/debian-root.ts'
import { openTestBox } from '../testing/test-box.ts'
import { makePackage } from './program/deb.ts'
import { signFiles } from './program/sign.ts'

/* install.sh in a Debian of its own. The package is the real one around a program that starts this repository's. */

const root = join(import.meta.dirname, '..')
const script = join(root, 'provisioning', 'install.sh')
const units = (source: string) => join(root, 'provisioning', source, 'usr', 'lib', 'systemd', 'system')
// Below the repository, which is the one folder of this machine that is inside as it is outside.
mkdirSync(join(root, 'data'), { recursive: true })
const folder = mkdtempSync(join(root, 'data', 'install-'))
const dist = join(folder, 'dist')
let inside: ReturnType<typeof openDebianRoot>

beforeAll(() => {
  if (!mayMount) return
  mkdirSync(dist)
  const program = join(folder, 'balai')
  writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${join(root, 'appliance', 'balai.js')} "$@"\n`)
  chmodSync(program, 0o755)
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x64'
  const source = join(root, 'provisioning', 'debian')
  const made = makePackage({ dist, source, architecture, version, program })
  signFiles(dist, [made], join(folder, 'release-key.pem'))
  inside = openDebianRoot()
})
afterAll(() => {
  inside?.remove()
  rmSync(folder, { recursive: true, force: true })
})

const install = (...words: string[]) => inside.run([script, '--from', dist, ...words])
const done = (stdout: string) =>
  [...stdout.matchAll(/^balai: ((?:would )?(?:install|upgrade|write|enable|make|encrypt) .*)$/gm)].map(([, one]) => one)

describe.runIf(mayMount)('install.sh in a Debian, as root', () => {
  test('a dry run says every step and writes nothing', () => {
    const { status, stdout } = install('--dry-run', '--screen', 'kiosk', '--rotate', '90')
    expect(status).toBe(0)
    expect(done(stdout)).toEqual(
      expect.arrayContaining([
        `would install balai ${version}`,
        'would enable balai.service',
        'would write /etc/chromium/policies/managed/balai.json',
        'would write /etc/balai/screen',
        'would write /etc/systemd/journald.conf.d/balai.conf',
      ]),
    )
    expect(existsSync(join(inside.written, 'usr'))).toBe(false)
    expect(existsSync(join(inside.written, 'etc'))).toBe(false)
  })

  test('a run makes the machine a box, the next one changes nothing', () => {
    const first = install()
    expect(first).toMatchObject({ status: 0 })
    expect(inside.run(['balai', '--version']).stdout.trim()).toBe(version)
    for (const unit of ['balai.service', 'balai-backup.timer', 'media-balai.mount', 'balai-network.path'])
      expect(inside.run(['systemctl', 'is-enabled', unit]).stdout.trim()).toBe('enabled')
    expect(inside.run(['cat', '/etc/systemd/journald.conf.d/balai.conf']).stdout).toContain('Storage=volatile')
    expect(inside.run(['cat', '/etc/systemd/system.conf.d/balai.conf']).stdout).toContain('RuntimeWatchdogSec=15s')
    expect(inside.run(['cat', '/etc/sysctl.d/balai.conf']).stdout).toContain('vm.dirty_expire_centisecs = 60000')
    expect(inside.run(['cat', '/etc/hostname']).stdout).toBe('balai\n')
    expect(inside.run(['cat', '/etc/hosts']).stdout).toMatch(/^127\.0\.1\.1\tbalai$/m)
    expect(inside.run(['stat', '-c', '%U:%G %a', '/etc/balai']).stdout.trim()).toBe('root:balai 750')
    expect(inside.run(['cat', '/etc/balai/balai.toml']).stdout).toContain('data = "/var/lib/balai"')

    const second = install()
    expect(second).toMatchObject({ status: 0 })
    expect(done(second.stdout)).toEqual([])
  })

  test('what is installed is held against the package: damage is mended, a newer build upgrades, an older one is refused', () => {
    inside.run(['sh', '-c', 'echo "# bad sector" >>/usr/bin/balai'])
    expect(done(install().stdout)).toEqual([
      expect.stringMatching(/^install balai .* again: what is installed is not what the package holds$/),
    ])
    expect(inside.run(['cat', '/usr/bin/balai']).stdout).not.toContain('bad sector')
    expect(install().stdout).toContain(`balai ${version} is installed, whole and the same as the package`)

    const build = (name: string, of: string) => {
      const other = join(folder, name)
      mkdirSync(other)
      const changed = join(folder, `program-${name}`)
      writeFileSync(changed, `#!/bin/sh\necho ${of}\n`, { mode: 0o755 })
      const architecture = process.arch === 'arm64' ? 'arm64' : 'x64'
      const source = join(root, 'provisioning', 'debian')
      const made = makePackage({ dist: other, source, architecture, version: of, program: changed })
      signFiles(other, [made], join(folder, 'release-key.pem'))
      return (...words: string[]) => inside.run([script, '--from', other, ...words])
    }
    const fromNewer = build('newer', `${version}+209901010000.abcdef0`)
    const fromOlder = build('older', '0.1.0')
    expect(fromOlder()).toMatchObject({ status: 1, stderr: expect.stringContaining('With --downgrade the older one') })
    expect(fromNewer().stdout).toContain(`upgrade balai from ${version} to ${version}+209901010000.abcdef0`)
    expect(inside.run(['balai', '--version']).stdout).toContain('209901010000')
    // Built again without a commit between: the same version, other files.
    const again = build('again', `${version}+209901010000.abcdef0`)
    inside.run(['sh', '-c', 'echo "# other" >>/usr/share/balai/box/etc/NetworkManager/conf.d/balai.conf'])
    expect(again().stdout).toContain('again: what is installed is not what the package holds')
    expect(install('--downgrade').stdout).toContain(
      `downgrade balai from ${version}+209901010000.abcdef0 to ${version}`,
    )
    expect(inside.run(['balai', '--version']).stdout.trim()).toBe(version)
  })

  test('before each start the file on the boot partition goes to where only the box can read it; a later one takes its place', () => {
    const fetch = () => inside.run(['/usr/lib/balai/fetch-enrolment'])
    const put = (name: string, text: string) =>
      inside.run(['sh', '-c', `mkdir -p /boot/firmware && echo ${text} >/boot/firmware/${name}`])
    expect(fetch()).toMatchObject({ status: 0, stdout: '', stderr: '' })
    put('balai-enrol-a.json', 'wrong')
    expect(fetch().status).toBe(0)
    put('balai-enrol-b.json', 'right')
    expect(fetch().status).toBe(0)
    const inbox = inside.run(['sh', '-c', 'cd /var/lib/balai/inbox && stat -c "%n %U %a" * && cat *']).stdout
    expect(inbox).toBe('balai-enrol-b.json balai 600\nright\n')
    expect(inside.run(['sh', '-c', 'ls /boot/firmware']).stdout).toBe('')
  })

  test.each([
    ['balai-enrol-3510242008.json.txt', 'x'],
    ['Balai-Enrol (1).JSON', 'x'],
    ['3510242008.json', '{"format": "balai-enrolment-1"}'],
    ['desa.json.txt', '{\\000"\\000b\\000a\\000l\\000a\\000i\\000-\\000enrolment-1"}'],
  ])('N21: so does one that somebody or Windows has renamed to %s, and nothing else', (name, text) => {
    const others = 'echo 1 >notes.json && echo balai-enrolment-1 >config.txt'
    const script = `mkdir -p /boot/firmware && cd /boot/firmware && ${others} && printf '%b' '${text}' >'${name}'`
    expect(inside.run(['sh', '-c', script])).toMatchObject({ status: 0 })
    expect(inside.run(['/usr/lib/balai/fetch-enrolment'])).toMatchObject({ status: 0, stderr: '' })
    expect(inside.run(['ls', '/var/lib/balai/inbox']).stdout).toBe(`${name}\n`)
    expect(inside.run(['ls', '/boot/firmware']).stdout).toBe('config.txt\nnotes.json\n')
    inside.run(['rm', '-r', '/boot/firmware'])
  })

  test('N22: a full disk keeps the file where it was, and the office open', () => {
    const full = [
      'mkdir -p /boot/firmware /tmp/full && echo {} >/boot/firmware/balai-enrol-c.json',
      // As coreutils do on a disk without room: folders, and no bytes.
      `printf '#!/bin/sh\\n[ "$1" = -d ] && exec /usr/bin/install "$@"\\necho "No space left on device" >&2\\nexit 1\\n' >/tmp/full/install`,
      'chmod 755 /tmp/full/install && PATH=/tmp/full:$PATH /usr/lib/balai/fetch-enrolment',
    ]
    const { status, stderr } = inside.run(['sh', '-c', full.join('\n')])
    expect([status, stderr]).toEqual([0, expect.stringContaining('could not be fetched; is the disk full?')])
    expect(inside.run(['ls', '/boot/firmware']).stdout).toBe('balai-enrol-c.json\n')
    // Not even a failure of its own would: the hyphen lets the unit go on.
    expect(inside.run(['cat', '/usr/lib/systemd/system/balai.service']).stdout).toContain(
      'ExecStartPre=-+/usr/lib/balai/fetch-enrolment',
    )
    inside.run(['rm', '-r', '/boot/firmware', '/tmp/full'])
  })

  test('N23: without internet the office is set up, and what is left out is said', () => {
    const offline = openDebianRoot()
    const nowhere = ['http_proxy=http://127.0.0.1:9', 'https_proxy=http://127.0.0.1:9']
    const { status, stdout } = offline.run([script, '--from', dist, '--screen', 'kiosk'], nowhere)
    expect(status).toBe(0)
    expect(stdout).toMatch(/internet: needed for .*cage/)
    expect(stdout).toContain('internet: WARNING, packages of Debian cannot be fetched.')
    expect(stdout).toContain('screen: WARNING, it is left out')
    expect(offline.run(['balai', '--version']).status).toBe(0)
    expect(offline.run(['ls', '/etc/balai/screen']).status).not.toBe(0)
    offline.remove()
  })

  test('a package of somebody else is refused from then on', () => {
    const other = join(folder, 'other')
    mkdirSync(other)
    const name = execFileSync('sh', ['-c', 'basename "$(ls *.deb)"'], { cwd: dist, encoding: 'utf8' }).trim()
    copyFileSync(join(dist, name), join(other, name))
    signFiles(other, [join(other, name)], join(folder, 'other-key.pem'))
    const from = (...words: string[]) => inside.run([script, '--from', other, ...words])
    expect(from()).toMatchObject({ status: 1, stderr: expect.stringContaining('was not signed by the holder of') })
    const theirs = from('--release-key', join(other, 'release.pub'))
    expect(theirs.stderr).toContain('takes packages signed by /etc/balai/release.pub only')
    writeFileSync(join(other, name), 'cut off on the way')
    expect(from().stderr).toContain('is damaged: its checksum is not in SHA256SUMS')
  })

  test('before an update the program that wrote the data makes a backup; one that cannot be made stops no update', async () => {
    const prerm = () => inside.run(['/var/lib/dpkg/info/balai.prerm', 'upgrade', '9.0.0'])
    expect(prerm()).toMatchObject({ status: 0, stderr: '' })
    const box = await openTestBox()
    await box.close()
    // Who owns the checkout is not this test's to say: here root stands for the user balai.
    inside.run([
      'sh',
      '-c',
      `printf '#!/bin/sh\nshift 3\nexec "$@"\n' >/usr/sbin/runuser && chmod +x /usr/sbin/runuser`,
    ])
    const config = 'village = "3510242008"\nname = "Desa"\ndistrict = "Licin"\nzone = "WIB"\ndata = "/var/lib/balai"\n'
    inside.run(['sh', '-c', `mkdir -p /var/lib/balai && cp ${box.folder}/balai.db* /var/lib/balai/`])
    inside.run(['sh', '-c', `cp /etc/balai/balai.toml /tmp/kept && printf '${config}' >/etc/balai/balai.toml`])
    expect(prerm()).toMatchObject({ status: 0, stderr: expect.stringContaining('entries, ') })
    expect(inside.run(['ls', '/var/lib/balai/backups']).stdout).toMatch(/^balai-3510242008-.*\.db\n$/)
    inside.run(['sh', '-c', 'echo damaged >/var/lib/balai/balai.db && rm -f /var/lib/balai/balai.db-*'])
    expect(prerm()).toMatchObject({ status: 0, stderr: expect.stringContaining('no backup could be written') })
    inside.run(['sh', '-c', 'rm -r /var/lib/balai && cp /tmp/kept /etc/balai/balai.toml'])
    await box.remove()
  })

  test('uninstalling takes the program and leaves data and settings', () => {
    inside.run([
      'sh',
      '-c',
      'mkdir -p /var/lib/balai && echo journal >/var/lib/balai/balai.db && echo x >/etc/balai/balai.toml',
    ])
    expect(install('--uninstall')).toMatchObject({ status: 0 })
    expect(inside.run(['sh', '-c', 'command -v balai']).status).not.toBe(0)
    expect(inside.run(['systemctl', 'is-enabled', 'balai.service']).stdout.trim()).not.toBe('enabled')
    expect(inside.run(['cat', '/var/lib/balai/balai.db', '/etc/balai/balai.toml']).stdout).toBe('journal\nx\n')
    expect(install('--uninstall')).toMatchObject({ status: 0 })
  })
})

describe.runIf(mayMount)('a machine that cannot be a box is refused with the reason', () => {
  const good = {
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'proc/meminfo': 'MemTotal:        3884000 kB\n',
    'proc/device-tree/model': 'Raspberry Pi 4 Model B Rev 1.5\0',
    'sys/devices/platform/soc/soc:firmware/get_throttled': '0\n',
  }
  const power = 'sys/devices/platform/soc/soc:firmware/get_throttled'

  test.each<[string, Partial<typeof good>, string[], string[], string]>([
    ['another system', { 'etc/os-release': 'ID=ubuntu\nVERSION_ID="24.04"\n' }, [], [], 'not ubuntu 24.04'],
    [
      'an old one',
      { 'etc/os-release': 'ID=debian\nVERSION_ID="11"\n' },
      [],
      [],
      'Debian or Raspberry Pi OS 12 or newer',
    ],
    ['32 bits', {}, [], ['BALAI_ARCHITECTURE=armhf'], 'Write the 64-bit Raspberry Pi OS'],
    ['an old Pi', { 'proc/device-tree/model': 'Raspberry Pi 2 Model B Rev 1.1\0' }, [], [], 'is too slow'],
    ['256 MB', { 'proc/meminfo': 'MemTotal: 239000 kB\n' }, [], [], 'a box needs 512 MB'],
    [
      'a screen beside 512 MB',
      { 'proc/meminfo': 'MemTotal: 440000 kB\n' },
      ['--screen', 'display'],
      [],
      '--screen needs 1 GB',
    ],
    ['a full card', {}, [], ['BALAI_FREE_KB=900000'], 'a box needs 1.5 GB'],
    ['a weak supply', { [power]: '50005\n' }, [], [], 'The power supply is too weak now'],
    ['no package', {}, ['--from', '/tmp'], [], 'There is no balai_'],
  ])('%s', (_name, files, words, environment, reason) => {
    const machine = mkdtempSync(join(folder, 'machine-'))
    for (const [path, text] of Object.entries({ ...good, ...files })) {
      mkdirSync(dirname(join(machine, path)), { recursive: true })
      writeFileSync(join(machine, path), text ?? '')
    }
    const { status, stderr } = inside.run(
      [script, '--dry-run', '--from', dist, ...words],
      [`BALAI_MACHINE=${machine}`, 'BALAI_FREE_KB=9000000', ...environment],
    )
    expect([status, stderr]).toEqual([1, expect.stringContaining(reason)])
  })

  test.each([
    [['--screen', 'cinema'], '--screen is display, kiosk or none'],
    [['--encrypt', '/dev/sda3'], '--encrypt needs --key usb or --key otp'],
    [['--rotate'], '--rotate needs a word after it'],
    [['--speed'], 'There is no option --speed'],
  ])('wrong words: %j', (words, reason) => {
    const { status, stderr } = inside.run([script, '--dry-run', ...words])
    expect([status, stderr]).toEqual([64, expect.stringContaining(reason)])
  })
})

describe('balai-vault', () => {
  const vault = join(root, 'provisioning', 'debian', 'usr', 'sbin', 'balai-vault')
  const place = mkdtempSync(join(tmpdir(), 'balai-vault-'))
  afterAll(() => rmSync(place, { recursive: true, force: true }))
  const bin = join(place, 'bin')
  mkdirSync(bin)
  // A Raspberry Pi's own tool: hardware that is not here.
  writeFileSync(join(bin, 'rpi-otp-private-key'), '#!/bin/sh\ncat "$OTP"\n', { mode: 0o755 })
  const otp = (name: string, key: string) => {
    writeFileSync(join(place, name), key)
    return join(place, name)
  }
  const run = (words: string[], environment: Record<string, string> = {}) => {
    const all = { PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`, BALAI_HEADER: join(place, 'header'), ...environment }
    try {
      return { status: 0, said: execFileSync(vault, words, { encoding: 'utf8', env: all, stdio: 'pipe' }) }
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string }
      return { status, said: stderr }
    }
  }
  const card = join(place, 'card.img')
  writeFileSync(card, Buffer.alloc(24 * 1024 * 1024))

  test('a stick’s key opens what it made, another one does not, and nothing is overwritten unasked', () => {
    const [stick, other] = [join(place, 'stick'), join(place, 'other')]
    for (const one of [stick, other]) mkdirSync(one)
    writeFileSync(join(other, 'balai.key'), `${'ab'.repeat(32)}\n`)
    expect(run(['create', card, '--key', 'usb'], { BALAI_KEY_FOLDER: stick }).status).toBe(0)
    expect(readFileSync(join(place, 'header')).subarray(0, 4).toString('latin1')).toBe('LUKS')
    expect(run(['check', card, '--key', 'usb'], { BALAI_KEY_FOLDER: stick }).status).toBe(0)
    expect(run(['check', card, '--key', 'usb'], { BALAI_KEY_FOLDER: other }).status).toBe(2)
    expect(run(['create', card, '--key', 'usb'], { BALAI_KEY_FOLDER: stick })).toEqual({
      status: 1,
      said: expect.stringContaining('is encrypted already'),
    })
    expect(run(['check', card, '--key', 'usb'], { BALAI_KEY_FOLDER: join(place, 'none') }).said).toContain(
      'Plug in the stick with the key',
    )
  })

  test('the Pi’s own key opens it on this Pi only, and a Pi without one says so', () => {
    const [mine, yours] = [otp('mine', '12'.repeat(32)), otp('yours', '34'.repeat(32))]
    expect(run(['create', card, '--key', 'otp', '--yes'], { OTP: mine }).status).toBe(0)
    expect(run(['check', card, '--key', 'otp'], { OTP: mine }).status).toBe(0)
    expect(run(['check', card, '--key', 'otp'], { OTP: yours }).status).toBe(2)
    expect(run(['check', card, '--key', 'otp'], { OTP: otp('unset', '0'.repeat(64)) }).said).toContain(
      'No private key is set in this Pi',
    )
  })
})

test('every shell script passes shellcheck', () => {
  const scripts = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter(
      (path) =>
        path &&
        existsSync(join(root, path)) &&
        /^#!.*\b(ba)?sh\b/.test(readFileSync(join(root, path), 'latin1').slice(0, 40)),
    )
  expect(scripts).toContain('provisioning/install.sh')
  execFileSync('shellcheck', ['--external-sources', ...scripts], { cwd: root, encoding: 'utf8' })
})

/** How exposed systemd says that a unit is, 0 (not at all) to 10. */
function exposureOf(unit: string): number {
  const words = ['security', '--offline=true', '--no-pager', unit]
  const report = execFileSync('systemd-analyze', words, { encoding: 'utf8', stdio: 'pipe' })
  return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(report)?.[1] ?? 10)
}

test.each(['balai.service', 'balai-backup.service', 'balai-network.service', 'balai-screen.service'])(
  '%s is hardened: systemd rates its exposure below 3.0',
  (unit) => expect(exposureOf(join(units('debian'), unit))).toBeLessThan(3),
)

test('balai-hub.service, which needs no capability, is rated below 2.0', () => {
  expect(exposureOf(join(units('debian-hub'), 'balai-hub.service'))).toBeLessThan(2)
})

test('balai-flows.service, whose code anybody at the editor writes, is rated below 2.0, and V8 gets the walls that the box gives it', () => {
  const unit = join(units('debian-flows'), 'balai-flows.service')
  expect(exposureOf(unit)).toBeLessThan(2)
  expect(readFileSync(unit, 'utf8')).toContain(`NODE_OPTIONS=${hostFlags}`)
})
