import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

/*
 * A card in an emulated 64-bit ARM machine (qemu -machine virt), started by U-Boot as a Raspberry Pi is. No figure of it is
 * one of a Pi. What it lets in goes by this machine's loopback; from inside, this machine is 10.0.2.2.
 */

/** The address of the machine that emulates, as the emulated one sees it. */
export const hostAddress = '10.0.2.2'
const firmware = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'
const bootPartitionMiB = 4

/** Debian's tools for file systems are not on everybody's path. */
export const withSbin = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }

const has = (command: string) =>
  ['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((folder) => existsSync(join(folder, command)))

/** What an image is built and started with and this machine lacks; `.ci/packages` installs it where it may. */
export const missingForImages = (emulator = 'qemu-system-aarch64', starter = firmware): string[] => [
  ...(process.getuid?.() === 0 ? [] : ['root']),
  ...['mmdebstrap', emulator, 'mcopy', 'mkimage', 'rauc', 'mksquashfs', 'depmod'].filter((command) => !has(command)),
  ...(existsSync(starter) ? [] : [starter]),
]

/** The card as it is after somebody wrote it to a larger one; no larger than it must be, since each power cut is a copy of it. */
export const growCard = (card: string): void => truncateSync(card, 5 * 1024 ** 3)

/** Copies a file onto the card's boot partition, as a technician does it on a PC. */
export function dropOnBoot(card: string, file: string): void {
  execFileSync('mcopy', ['-i', `${card}@@${bootPartitionMiB}M`, file, '::'])
}

/** A USB stick as a file, with a label that the box looks for and these files on it. */
export function makeStick(stick: string, files: readonly string[], label: 'BALAI' | 'BALAI-KEY' = 'BALAI'): void {
  writeFileSync(stick, '')
  truncateSync(stick, 1024 ** 3)
  execFileSync('mkfs.vfat', ['-F', '32', '-n', label, stick], { stdio: 'ignore', env: withSbin })
  for (const file of files) execFileSync('mcopy', ['-i', stick, file, '::'])
}

/** What stands in a file of a stick. */
export const readFromStick = (stick: string, name: string): string =>
  execFileSync('mtype', ['-i', stick, `::${name}`], { encoding: 'latin1' })

/** The names of files on the card's boot partition. */
export const listBoot = (card: string): string =>
  execFileSync('mdir', ['-b', '-i', `${card}@@${bootPartitionMiB}M`, '::'], { encoding: 'utf8' })

/** The sector that says which slot is started, and how often each may still be tried: `BOOT_A_LEFT=9`. */
export const readSlots = (card: string): string => readSector(card, 1024 ** 2).toString('latin1')

/** Where one of the card's four partitions lies, bytes, by its table. */
export function partitionOf(card: string, number: 1 | 2 | 3 | 4): { start: number; bytes: number } {
  const table = readSector(card, 0)
  const at = 446 + 16 * (number - 1)
  return { start: table.readUInt32LE(at + 8) * 512, bytes: table.readUInt32LE(at + 12) * 512 }
}

/** A partition as a file of its own, holes kept. */
export function cutOut(disk: string, { start, bytes }: { start: number; bytes: number }, file: string): void {
  const words = [`if=${disk}`, `of=${file}`, 'bs=1M', `skip=${start}`, `count=${bytes}`]
  execFileSync('dd', [...words, 'iflag=skip_bytes,count_bytes', 'conv=sparse', 'status=none'])
  truncateSync(file, bytes)
}

/** Whether this text stands somewhere on the data partition, for whoever holds the card. */
export function findInData(card: string, text: string): boolean {
  const { start, bytes } = partitionOf(card, 4)
  const data = `tail -c +$(("$2" + 1)) "$1" | head -c "$3" | grep -aqF "$4"`
  return spawnSync('bash', ['-c', data, 'bash', card, `${start}`, `${bytes}`, text]).status === 0
}

/** Zeroes over what lies there. */
export function wipe(disk: string, at: number, bytes: number): void {
  const flags = ['iflag=count_bytes', 'oflag=seek_bytes', 'conv=notrunc', 'status=none']
  execFileSync('dd', ['if=/dev/zero', `of=${disk}`, 'bs=1M', `seek=${at}`, `count=${bytes}`, ...flags])
}

function readSector(card: string, at: number): Buffer {
  const sector = Buffer.alloc(512)
  const file = openSync(card, 'r')
  readSync(file, sector, 0, sector.length, at)
  closeSync(file)
  return sector
}

/** What of this machine's loopback leads inside. */
export const lets = (port: number, inside: number): string => `hostfwd=tcp:127.0.0.1:${port}-:${inside}`

export type Machine = {
  card: string
  folder: string
  httpPort: number
  httpsPort: number
  /** A file that takes a record of all that is written to the card (lost-writes.ts). */
  writeLog?: string
  /** A stick that is in it from the start (makeStick). */
  stick?: string
  /** 1,024 without a word. */
  memoryMiB?: number
  /** Something at its HDMI, of which `picture` tells what it shows. */
  screen?: boolean
  /** For a PC: its firmware starts only what Microsoft has signed, as most do when they are bought. */
  secure?: boolean
  /** For a PC: the stick is there, and is only plugged in by `plug`. */
  stickLater?: boolean
  /** For a PC: its processor has no instructions for AES, as that of a Raspberry Pi up to 4. */
  withoutAes?: boolean
  /** For a PC: the socket of its TPM 2.0 (startTpm). */
  tpm?: string
}

export function startEmulatedPi({
  card,
  folder,
  httpPort,
  httpsPort,
  writeLog,
  stick,
  memoryMiB = 1_024,
  screen = false,
}: Machine) {
  return startMachine('qemu-system-aarch64', folder, [
    ...['-machine', 'virt', '-cpu', 'cortex-a72', '-accel', 'tcg,thread=multi', '-smp', '2', '-m', `${memoryMiB}`],
    ...['-bios', firmware],
    ...diskWords(card, writeLog),
    ...(stick ? ['-drive', `if=none,id=stick,file=${stick},format=raw`, '-device', 'virtio-blk-pci,drive=stick'] : []),
    ...['-netdev', `user,id=net,${lets(httpPort, 80)},${lets(httpsPort, 443)}`],
    ...['-device', 'virtio-net-pci,netdev=net,romfile='],
    ...['-device', 'virtio-rng-pci'],
    ...(screen ? ['-device', 'virtio-gpu-pci,xres=1280,yres=720'] : []),
  ])
}

export type Started = ReturnType<typeof startMachine>

/** One of qemu's machines, without a window; what it says on its serial line goes into a file of this folder. */
export function startMachine(program: string, folder: string, machine: readonly string[]) {
  const serial = join(folder, 'serial.log')
  const monitor = join(folder, 'monitor.sock')
  for (const old of [serial, monitor]) rmSync(old, { force: true })
  const words = [
    ...machine,
    '-display',
    'none',
    '-monitor',
    `unix:${monitor},server,nowait`,
    '-serial',
    `file:${serial}`,
  ]
  const child = spawn(program, words, { stdio: 'ignore' })
  const leave = () => child.kill('SIGKILL')
  process.once('exit', leave)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  void ended.then(() => process.off('exit', leave))
  return {
    /** All that the machine said on its serial line so far. */
    said: (): string => (existsSync(serial) ? readFileSync(serial, 'utf8') : ''),
    /** Plugs in the stick that it was started with and has not seen (`stickLater`). */
    plug: () => tell(monitor, 'device_add usb-storage,drive=stick'),
    /** What its screen shows now, as a PPM. */
    async picture(): Promise<Buffer> {
      const file = join(folder, 'screen.ppm')
      await tell(monitor, `screendump ${file}`)
      return readFileSync(file)
    },
    hasEnded: (): boolean => child.exitCode !== null || child.signalCode !== null,
    /** As a power cut ends it. */
    async cutPower(): Promise<void> {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Gives qemu's monitor a command; answers once it is carried out. */
async function tell(monitor: string, command: string): Promise<void> {
  const talk = connect(monitor)
  await once(talk, 'connect')
  talk.end(`${command}\n`)
  await once(talk.resume(), 'close')
}

function diskWords(card: string, writeLog: string | undefined): string[] {
  const device = ['-device', 'virtio-blk-pci,drive=card']
  if (!writeLog) return ['-drive', `if=none,id=card,file=${card},format=raw,cache=writeback`, ...device]
  writeFileSync(writeLog, '')
  const raw = (name: string, file: string) => [
    ...['-blockdev', `driver=file,node-name=${name}-file,filename=${file}`],
    ...['-blockdev', `driver=raw,node-name=${name},file=${name}-file`],
  ]
  const logged = 'driver=blklogwrites,node-name=card,file=plain,log=log,log-sector-size=512'
  return [...raw('plain', card), ...raw('log', writeLog), '-blockdev', logged, ...device]
}
