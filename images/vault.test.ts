import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withSbin } from '../testing/emulated-pi.ts'

/*
 * What opens the data at a start, with files in place of partition and stick. That a volume is made and mounted is
 * key.image-long.test.ts's, in an emulated PC.
 */

const overlay = join(import.meta.dirname, 'overlay/usr/lib/balai/image')
const key = '0123456789abcdef'.repeat(4)
let place: string
let partition: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'balai-vault-'))
  partition = join(place, 'partition')
  mkdirSync(join(place, 'bin'))
  standIn('modprobe', '')
  standIn('systemctl', `echo "$@" >${place}/asked`)
  // A stick is a folder, where there is one.
  standIn('blkid', `[ ! -d ${place}/stick ] || echo /dev/stick`)
  standIn('mount', `cp -r ${place}/stick/. "$4"`)
  standIn('umount', `cp -r "$1/." ${place}/stick && rm -r "$1"`)
})
afterEach(() => rmSync(place, { recursive: true }))

const standIn = (name: string, text: string) =>
  writeFileSync(join(place, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })

/** The empty file system that build.sh makes; `marks`: what debugfs then sets in it. */
function makeFileSystem(...marks: string[]): void {
  writeFileSync(partition, '')
  truncateSync(partition, 32 * 1024 ** 2)
  execFileSync('mkfs.ext4', ['-q', '-F', '-b', '4096', '-L', 'balai-data', partition], { env: withSbin })
  for (const mark of marks)
    execFileSync('debugfs', ['-w', '-R', `ssv ${mark}`, partition], { env: withSbin, stdio: 'ignore' })
}

function makeVolume(text = key): void {
  writeFileSync(partition, '')
  truncateSync(partition, 32 * 1024 ** 2)
  const words = ['--type', 'luks2', '--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000', '--key-file', '-']
  execFileSync('cryptsetup', ['-q', 'luksFormat', ...words, partition], { env: withSbin, input: text })
}

function bringStick(text?: string): void {
  mkdirSync(join(place, 'stick'))
  if (text !== undefined) writeFileSync(join(place, 'stick', 'balai.key'), text)
}

const sum = () => createHash('sha256').update(readFileSync(partition)).digest('hex')
const readIfThere = (name: string) =>
  existsSync(join(place, name)) ? readFileSync(join(place, name), 'utf8').trim() : ''

function vault(word: 'open' | 'wait') {
  const env = {
    ...withSbin,
    PATH: [join(place, 'bin'), withSbin.PATH].join(delimiter),
    BALAI_UNREADABLE: join(place, 'why'),
    BALAI_VAULT: join(place, 'opened-by'),
    BALAI_WORK: join(place, 'work'),
    BALAI_TPM: join(place, 'tpm'),
    BALAI_KEY_PATIENCE_S: '0',
  }
  const { status, stdout } = spawnSync('sh', [join(overlay, 'vault'), word, partition], {
    encoding: 'utf8',
    env,
    timeout: 60_000,
  })
  return { status, opened: stdout.trim(), why: readIfThere('why') }
}

test('where there is no place for a key the data stay in clear', () => {
  makeFileSystem()
  const before = sum()
  expect(vault('open')).toEqual({ status: 0, opened: partition, why: '' })
  expect(sum()).toBe(before)
})

test.each(['mtime 20261201120000', 'mnt_count 1', 'last_mounted /data'])(
  'what was ever mounted is never made anew, whatever stick is there: %s',
  (mark) => {
    makeFileSystem(mark)
    bringStick()
    const before = sum()
    expect(vault('open')).toEqual({ status: 0, opened: partition, why: '' })
    expect(sum()).toBe(before)
    expect(existsSync(join(place, 'stick', 'balai.key'))).toBe(false)
  },
)

test('what is damaged is never made anew either', () => {
  writeFileSync(partition, Buffer.alloc(1024 ** 2, 7))
  bringStick()
  const before = sum()
  expect(vault('open')).toEqual({ status: 0, opened: partition, why: '' })
  expect(sum()).toBe(before)
})

test('at a first start a stick whose balai.key is somebody’s file is left as it is, and the box waits', () => {
  makeFileSystem()
  bringStick('my diary\n')
  const before = sum()
  expect(vault('open')).toEqual({ status: 2, opened: '', why: 'wrong-stick' })
  expect(sum()).toBe(before)
  expect(readIfThere('stick/balai.key')).toBe('my diary')
  rmSync(join(place, 'stick'), { recursive: true })
  vault('wait')
  expect(readIfThere('asked')).toBe('reboot')
})

test('one that a power cut has left with half a header counts as never used', () => {
  makeFileSystem()
  const file = openSync(partition, 'r+')
  writeSync(file, Buffer.alloc(16 * 1024 ** 2, 7), 0, 16 * 1024 ** 2 - 4_096, 4_096)
  closeSync(file)
  expect(vault('open')).toEqual({ status: 0, opened: partition, why: '' })
  bringStick('my diary\n')
  expect(vault('open')).toEqual({ status: 2, opened: '', why: 'wrong-stick' })
})

test('an encrypted box without its stick says which one is missing, and starts again once it opens the data', () => {
  makeVolume()
  expect(vault('open')).toEqual({ status: 2, opened: '', why: 'no-stick' })
  expect(readIfThere('opened-by')).toBe(`BALAI_PARTITION=${partition}\nBALAI_KEY=usb`)
  bringStick(`${key}\n`)
  vault('wait')
  expect(readIfThere('asked')).toBe('reboot')
})

test.each([undefined, '', 'my diary\n', `${key.slice(1)}\n`, `${'f'.repeat(64)}\n`])(
  'a stick that does not hold the key is called so: %j',
  (text) => {
    makeVolume()
    bringStick(text)
    const before = sum()
    expect(vault('open')).toEqual({ status: 2, opened: '', why: 'wrong-stick' })
    expect(sum()).toBe(before)
    expect(readIfThere('stick/balai.key')).toBe(text?.trim() ?? '')
  },
)

test('a key that a TPM keeps is asked of the TPM alone', () => {
  makeVolume()
  const token = JSON.stringify({ type: 'balai-tpm', keyslots: ['0'], sealed: 'bm90aGluZw==' })
  execFileSync('cryptsetup', ['token', 'import', '--token-id', '0', partition], { env: withSbin, input: token })
  bringStick(`${key}\n`)
  standIn('systemd-creds', `cat >${place}/sealed; exit 1`)
  expect(vault('open')).toEqual({ status: 2, opened: '', why: 'tpm' })
  expect(readIfThere('sealed')).toBe('bm90aGluZw==')
  expect(vault('wait').status).toBe(0)
  expect(readIfThere('asked')).toBe('')
})

test.each([
  ['Features\t: fp asimd evtstrm crc32 cpuid', 'xchacha12,aes-adiantum-plain64'],
  ['Features\t: fp asimd evtstrm aes pmull sha1', 'aes-xts-plain64'],
  ['flags\t\t: fpu vme aes avx', 'aes-xts-plain64'],
  ['flags\t\t: fpu vme vaes avx', 'xchacha12,aes-adiantum-plain64'],
])('the cipher is one that the processor is fast at: %s', (line, expected) => {
  const cpuinfo = join(place, 'cpuinfo')
  writeFileSync(cpuinfo, `processor\t: 0\n${line}\n`)
  const script = readFileSync(join(overlay, 'vault'), 'utf8').replace(/^main "\$@"$/m, 'cipher')
  const { stdout } = spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, BALAI_CPUINFO: cpuinfo },
  })
  expect(stdout.split(' ')[1]).toBe(expected)
})

test('the screen says of each reason what to do, in both languages', () => {
  const script = readFileSync(join(overlay, 'screen-words'), 'utf8').replace(/^main$/m, 'describe')
  const words = ['', 'no-stick', 'wrong-stick', 'tpm'].map((why) => {
    writeFileSync(join(place, 'why'), `${why}\n`)
    const env = { ...process.env, BALAI_UNREADABLE: join(place, 'why') }
    const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env })
    return stdout.trim().split('\n').slice(-2).join(' / ')
  })
  expect(new Set(words).size).toBe(4)
  expect(words[0]).toMatch(/nothing was erased/)
  expect(words[1]).toMatch(/Pasang stik itu.*goes on by itself/)
  expect(words[2]).toMatch(/stik yang benar.*the right one/)
  expect(words[3]).toMatch(/TPM.*its own PC/)
})
