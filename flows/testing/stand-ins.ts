import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/*
 * What stands in for hardware that a test machine has not: programs named as libgpiod's, a keypad whose device is a FIFO,
 * and pseudo-terminals.
 */

/** A FIFO that is opened both ways opens at once, and holds no thread of Node's until somebody reads it. */
const withoutWaiting = 'r+'

/**
 * `gpiomon` and `gpioset` on the PATH that write down how they were called. What is written into the FIFO of a line comes
 * out of its gpiomon.
 */
export function layGpioTools(version: '1.6.3' | '2.2.1') {
  const folder = mkdtempSync(join(tmpdir(), 'gpio-'))
  const calls = join(folder, 'calls')
  const before = process.env.PATH
  writeFileSync(calls, '')
  const script = (name: string, run: string) => {
    const file = join(folder, name)
    writeFileSync(
      file,
      `#!/bin/sh\n[ "$1" = --version ] && { echo "${name} (libgpiod) v${version}"; exit 0; }\necho "${name} $*" >> ${calls}\n${run}\n`,
    )
    chmodSync(file, 0o755)
  }
  script('gpiomon', `for line; do :; done\nexec cat ${folder}/line-$line`)
  script('gpioset', 'case "$*" in *--mode=exit*|*--toggle=0*) exit 0;; esac\nexec sleep infinity')
  process.env.PATH = `${folder}${delimiter}${before}`
  return {
    /** A line that can be pressed: what is written before gpiomon listens waits for it. */
    wire(line: number): Promise<FileHandle> {
      const fifo = join(folder, `line-${line}`)
      execFileSync('mkfifo', [fifo])
      return open(fifo, withoutWaiting)
    },
    /** How the programs were called, in order. */
    calls: (): string[] => readFileSync(calls, 'utf8').split('\n').filter(Boolean),
    remove(): void {
      process.env.PATH = before
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What Linux tells of input devices, and a FIFO for each. `keys` as in its `capabilities/key`. */
export function layKeypads(devices: readonly { event: string; name: string; phys?: string; keys?: string }[]) {
  const folder = mkdtempSync(join(tmpdir(), 'input-'))
  const [input, inputClass] = [join(folder, 'dev'), join(folder, 'class')]
  mkdirSync(input)
  for (const { event, name, phys = '', keys = numericKeys } of devices) {
    mkdirSync(join(inputClass, event, 'device', 'capabilities'), { recursive: true })
    writeFileSync(join(inputClass, event, 'device', 'name'), `${name}\n`)
    writeFileSync(join(inputClass, event, 'device', 'phys'), `${phys}\n`)
    writeFileSync(join(inputClass, event, 'device', 'capabilities', 'key'), `${keys}\n`)
    execFileSync('mkfifo', [join(input, event)])
  }
  return {
    devices: { input, inputClass },
    /** Keys that are pressed before anybody reads this keypad wait for him. */
    plug: (event: string): Promise<FileHandle> => open(join(input, event), withoutWaiting),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Keys 69 to 83, 96 and 98: a numeric keypad. */
const numericKeys = (((1n << 84n) - (1n << 69n)) | (1n << 96n) | (1n << 98n))
  .toString(16)
  .padStart(32, '0')
  .replace(/^(.{16})(.{16})$/, '$1 $2')

/** A key that goes down and up again, as Linux reports it on 64 bits. */
export function keyPress(code: number): Buffer {
  const event = (type: number, number: number, value: number) => {
    const bytes = Buffer.alloc(24)
    bytes.writeUInt16LE(type, 16)
    bytes.writeUInt16LE(number, 18)
    bytes.writeInt32LE(value, 20)
    return bytes
  }
  return Buffer.concat([event(4, 4, 458_841), event(1, code, 1), event(0, 0, 0), event(1, code, 0), event(0, 0, 0)])
}

/** Two ends of a cable: `path` is a terminal, and what its other side says comes out here. */
export async function openPseudoTerminal() {
  const program = [
    'import os, select, sys, tty',
    'near, far = os.openpty()',
    'tty.setraw(far)',
    'print(os.ttyname(far), flush=True)',
    'while True:',
    '    for ready in select.select([near, 0], [], [])[0]:',
    '        part = os.read(ready, 4096)',
    '        if not part: sys.exit()',
    '        os.write(1 if ready == near else near, part)',
  ].join('\n')
  const child = spawn('python3', ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  let heard = Buffer.alloc(0)
  const path = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    let named = false
    child.stdout.on('data', (part: Buffer) => {
      heard = Buffer.concat([heard, part])
      const end = heard.indexOf('\n')
      if (named || end < 0) return
      named = true
      resolve(heard.subarray(0, end).toString())
      heard = heard.subarray(end + 1)
    })
  })
  return {
    path,
    /** All that came out of the cable so far. */
    heard: () => heard,
    say: (bytes: string | Buffer) => void child.stdin.write(bytes),
    close: () => new Promise((resolve) => child.once('close', resolve) && child.stdin.end()),
  }
}
