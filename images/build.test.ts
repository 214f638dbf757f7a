import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSetupCode } from '../appliance/people/setup-code.ts'

/* What can be said of the image without building one. */

const folder = import.meta.dirname
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const build = (...words: string[]) => spawnSync('bash', [join(folder, 'build.sh'), ...words], { encoding: 'utf8' })
const linesOf = (name: string) =>
  read(name)
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))

test.each(['pi', 'program'])('a dry run of %s says every step and writes nothing', (target) => {
  const place = mkdtempSync(join(tmpdir(), 'balai-image-'))
  const out = join(place, 'out')
  const { status, stdout } = build('--target', target, '--dry-run', '--out', out, '--cache', join(place, 'cache'))
  expect(status).toBe(0)
  const steps = stdout.trim().split('\n')
  expect(steps.map((line) => Number(/would (\d+)\. /.exec(line)?.[1]))).toEqual(steps.map((_, index) => index + 1))
  expect(readdirSync(place)).toEqual([])
  rmSync(place, { recursive: true })
})

test.each([
  [[], '--target is needed: pi, pi5, pc or program.'],
  [['--target', 'toaster'], '--target is pi, pi5, pc or program, not toaster.'],
  [['--target'], '--target needs a word after it.'],
  [['--fast'], 'There is no option --fast.'],
])('wrong words are refused with the reason: %j', (words, reason) => {
  expect(build(...words)).toMatchObject({ status: 64, stderr: expect.stringContaining(reason) })
})

test('packages are looked for before anything is made', () => {
  const place = mkdtempSync(join(tmpdir(), 'balai-image-'))
  const { status, stderr } = build('--target', 'pi', '--dist', place, '--out', join(place, 'out'))
  expect(status).toBe(1)
  expect(stderr).toMatch(/There is no balai_…_arm64\.deb in|Missing: |Run this as root/)
  expect(existsSync(join(place, 'out'))).toBe(false)
  rmSync(place, { recursive: true })
})

test('R10: the screen names the addresses that the pages name: not a stick’s or a VPN’s, and the own one without a router', () => {
  const words = read('overlay/usr/lib/balai/image/screen-words')
  const pages = read('../appliance/base/web/lan-address.ts')
  const [, foreign = 'none'] = /notTheOffice = \/(.*)\/$/m.exec(pages) ?? []
  expect(words).toContain(`not_the_office='${foreign}'\n`)
  const listed = (scope: string, lines: string[]) => {
    const ip = `ip() { [ "$6" = ${scope} ] && printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}; true; }`
    return spawnSync('sh', ['-c', words.replace(/^main$/m, `${ip}\ndescribe`)], { encoding: 'utf8' }).stdout
  }
  const cable = '2: eth0    inet 192.168.1.5/24 brd 192.168.1.255 scope global eth0'
  const stick = '3: wwan0    inet 10.64.1.2/30 scope global wwan0'
  expect(listed('global', [stick, cable])).toContain('http://balai.local http://192.168.1.5\n')
  expect(listed('link', ['2: eth0    inet 169.254.42.42/16 scope link eth0'])).toContain(
    'http://balai.local http://169.254.42.42\n',
  )
})

test('the screen shows the set-up code from where the program keeps it', () => {
  const place = mkdtempSync(join(tmpdir(), 'balai-image-'))
  createSetupCode(place).make()
  const [name = ''] = readdirSync(place)
  expect(read('overlay/usr/lib/balai/image/screen-words')).toContain(`code_file=/var/lib/balai/${name}\n`)
  rmSync(place, { recursive: true })
})

test('every folder that a service of the box keeps its state in lives on the data partition', () => {
  const places = ['../provisioning/debian', '../provisioning/debian-flows', 'overlay']
  const folders = places.flatMap((place) => {
    const units = join(folder, place, 'usr', 'lib', 'systemd', 'system')
    const files = readdirSync(units).filter((name) => !name.endsWith('.d'))
    return files.flatMap((unit) =>
      [...readFileSync(join(units, unit), 'utf8').matchAll(/^StateDirectory=(.+)$/gm)].map(([, one]) => one),
    )
  })
  expect(folders).toEqual(expect.arrayContaining(['balai', 'balai-update']))
  for (const one of folders) expect(linesOf('kept.list')).toContain(`/var/lib/${one}`)
})

test('no way to log in is among the packages', () => {
  expect(linesOf('packages.list').filter((name) => /ssh|telnet|login|sudo|getty/.test(name))).toEqual([])
})

test('the offset of the slots’ state is the same for U-Boot and for who writes it', () => {
  expect(read('boot.cmd').match(/(?:read|write) \$\{st\} 0x800 1/g)).toHaveLength(2)
  expect(0x800 * 512).toBe(0x100000)
  expect(read('init')).toContain('echo "$disk 0x100000 0x200" >')
})

test('a PC keeps the state of its slots in a file of one sector, which RAUC and who confirms a slot write over in its place', () => {
  const place = mkdtempSync(join(tmpdir(), 'balai-image-'))
  const file = join(place, 'slots.env')
  const slots = (...words: string[]) => {
    const script = join(folder, 'overlay-pc/usr/lib/balai/image/slots')
    const ran = spawnSync('sh', [script, ...words], { encoding: 'utf8', env: { ...process.env, BALAI_SLOTS: file } })
    return ran.status === 0 ? ran.stdout.trim() : `refused: ${ran.stderr.trim()}`
  }
  slots('make')
  expect(readFileSync(file, 'latin1')).toMatch(
    /^# GRUB Environment Block\nBOOT_ORDER=A B\nBOOT_A_LEFT=3\nBOOT_B_LEFT=3\n#+$/,
  )
  const { ino } = statSync(file)
  slots('tries', 'A', '9')
  expect([slots('tries', 'A'), slots('tries', 'B'), slots('get-primary')]).toEqual(['9', '3', 'A'])
  slots('set-state', 'B', 'bad')
  expect([slots('get-state', 'A'), slots('get-state', 'B')]).toEqual(['good', 'bad'])
  slots('set-primary', 'B')
  expect([slots('get-primary'), slots('tries', 'B'), slots('tries', 'A')]).toEqual(['B', '3', '9'])
  slots('set-state', 'B', 'bad')
  expect(slots('get-primary')).toBe('A')
  expect(slots('toast')).toBe('refused: slots: there is no word toast')
  expect(statSync(file)).toMatchObject({ ino, size: 512 })
  // What is damaged counts as fresh, as it does for GRUB.
  writeFileSync(file, Buffer.alloc(512, 7))
  expect([slots('tries', 'A'), slots('get-primary')]).toEqual(['3', 'A'])
  rmSync(place, { recursive: true })
})

describe('the program that came alone', () => {
  let place: string
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'balai-image-'))
    writeFileSync(join(place, 'os-release'), 'IMAGE_VERSION=0.4.0+202612011200.a1b2c3d\n')
  })
  afterEach(() => rmSync(place, { recursive: true }))

  const programs = () => join(place, 'program')
  const put = (version: string) => {
    mkdirSync(join(programs(), version), { recursive: true })
    writeFileSync(join(programs(), version, 'balai'), version, { mode: 0o755 })
    const sum = createHash('sha256').update(version).digest('hex')
    writeFileSync(join(programs(), version, 'balai.sum'), `${sum}  balai\n`)
  }
  const say = (name: 'fresh' | 'confirmed', text: string) => writeFileSync(join(programs(), name), `${text}\n`)
  /** A start of the machine: what is in memory goes. */
  const start = () => {
    rmSync(join(place, 'runs'), { force: true })
    return ask('choose').said
  }
  const ask = (word: string) => {
    const env = {
      BALAI_PROGRAMS: programs(),
      BALAI_RELEASE: join(place, 'os-release'),
      BALAI_RUNS: join(place, 'runs'),
    }
    const script = join(folder, 'overlay/usr/lib/balai/image/program')
    const { status, stdout } = spawnSync('sh', [script, word], { encoding: 'utf8', env: { ...process.env, ...env } })
    return { status, said: stdout.trim() }
  }
  const at = (version: string) => join(programs(), version, 'balai')

  test('none: the slot’s own runs, and nothing is confirmed or left', () => {
    expect(start()).toBe('')
    expect([ask('confirm').status, ask('leave').status]).toEqual([0, 1])
  })

  test('a fresh one has three starts, and then what was confirmed before runs again', () => {
    for (const version of ['0.4.1', '0.4.2']) put(version)
    say('confirmed', '0.4.1')
    say('fresh', '0.4.2 3')
    for (let tries = 0; tries < 3; tries++) {
      expect(start()).toBe(at('0.4.2'))
      expect(ask('leave').status).toBe(0)
    }
    expect(start()).toBe(at('0.4.1'))
    expect(ask('leave').status).toBe(1)
  })

  test('one that has proved itself stays, and takes the place of the one before', () => {
    for (const version of ['0.4.1', '0.4.2']) put(version)
    say('confirmed', '0.4.1')
    say('fresh', '0.4.2 3')
    start()
    expect(ask('confirm')).toEqual({ status: 0, said: 'program 0.4.2 is confirmed' })
    for (let starts = 0; starts < 4; starts++) expect(start()).toBe(at('0.4.2'))
    expect(readdirSync(programs()).sort()).toEqual(['0.4.2', 'confirmed'])
  })

  test('a system that brings a newer program is not held back, and one that it falls back to has its own again', () => {
    put('0.4.1')
    say('confirmed', '0.4.1')
    writeFileSync(join(place, 'os-release'), 'IMAGE_VERSION=0.5.0+202612021200.b1b2c3d\n')
    expect(start()).toBe('')
    writeFileSync(join(place, 'os-release'), 'IMAGE_VERSION=0.4.0+202612011200.a1b2c3d\n')
    expect(start()).toBe(at('0.4.1'))
  })

  test('one that the card has changed gives way to the system’s; half a note of it counts as none', () => {
    put('0.4.1')
    say('confirmed', '0.4.1')
    start()
    writeFileSync(at('0.4.1'), 'rotten')
    expect(ask('leave').status).toBe(0)
    expect(start()).toBe('')
    for (const text of ['', '0.4.1', '../0.4.1 3', '0.9.9 3']) {
      say('fresh', text)
      expect(start()).toBe('')
    }
  })
})

test('a plain bundle is installed from a copy that is root’s alone, and the copy goes, also when it is refused', () => {
  const place = mkdtempSync(join(tmpdir(), 'balai-image-'))
  const [rauc, copy, bundle, log] = ['rauc', 'copy.raucb', 'stick.raucb', 'log'].map((name) => join(place, name))
  writeFileSync(
    rauc ?? '',
    `#!/bin/sh\necho "$@" >>${log}\n[ ! -e "$2" ] || stat -c %a "$2" >>${log}\n! grep -q bad "$2"\n`,
    { mode: 0o755 },
  )
  const run = (text: string, ...words: string[]) => {
    writeFileSync(bundle ?? '', text)
    const script = join(folder, 'overlay-plain/usr/local/sbin/rauc')
    const env = { ...process.env, BALAI_RAUC: rauc, BALAI_COPY: copy }
    const { status } = spawnSync('sh', [script, ...words], { env })
    const said = existsSync(log ?? '')
      ? readFileSync(log ?? '', 'utf8')
          .trim()
          .split('\n')
      : []
    rmSync(log ?? '', { force: true })
    return { status, said, left: existsSync(copy ?? '') }
  }
  expect(run('good', 'install', bundle ?? '')).toEqual({ status: 0, said: [`install ${copy}`, '600'], left: false })
  expect(run('bad', 'install', bundle ?? '')).toEqual({ status: 1, said: [`install ${copy}`, '600'], left: false })
  expect(run('good', 'status').said).toEqual(['status'])
  rmSync(place, { recursive: true })
})
