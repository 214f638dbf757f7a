import { execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

/*
 * A card in an emulated 64-bit ARM machine (qemu -machine virt), started by U-Boot as a Raspberry Pi is. No figure of it is
 * one of a Pi. What it lets in goes by this machine's loopback; from inside, this machine is 10.0.2.2.
 */

/** The address of the machine that emulates, as the emulated one sees it. */
export const hostAddress = '10.0.2.2'
const firmware = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'
const bootPartitionMiB = 4

const has = (command: string) =>
  ['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((folder) => existsSync(join(folder, command)))

/** What an image is built and started with and this machine lacks; `.ci/packages` installs it where it may. */
export const missingForImages = (): string[] => [
  ...(process.getuid?.() === 0 ? [] : ['root']),
  ...['mmdebstrap', 'qemu-system-aarch64', 'mcopy', 'mkimage', 'rauc', 'mksquashfs', 'depmod'].filter(
    (command) => !has(command),
  ),
  ...(existsSync(firmware) ? [] : ['u-boot-qemu']),
]

/** The card as it is after somebody wrote it to one of 4 GB. */
export const growCard = (card: string): void => truncateSync(card, 4 * 1024 ** 3)

/** Copies a file onto the card's boot partition, as a technician does it on a PC. */
export function dropOnBoot(card: string, file: string): void {
  execFileSync('mcopy', ['-i', `${card}@@${bootPartitionMiB}M`, file, '::'])
}

/** The names of files on the card's boot partition. */
export const listBoot = (card: string): string =>
  execFileSync('mdir', ['-b', '-i', `${card}@@${bootPartitionMiB}M`, '::'], { encoding: 'utf8' })

/** The sector that says which slot is started, and how often each may still be tried: `BOOT_A_LEFT=9`. */
export function readSlots(card: string): string {
  const sector = Buffer.alloc(512)
  const file = openSync(card, 'r')
  readSync(file, sector, 0, sector.length, 1024 ** 2)
  closeSync(file)
  return sector.toString('latin1')
}

/** What of this machine's loopback leads inside. */
const lets = (port: number, inside: number): string => `hostfwd=tcp:127.0.0.1:${port}-:${inside}`

type Machine = { card: string; folder: string; httpPort: number; httpsPort: number; memoryMb?: number }

export function startEmulatedPi({ card, folder, httpPort, httpsPort, memoryMb = 1024 }: Machine) {
  const serial = join(folder, 'serial.log')
  const words = [
    ...['-machine', 'virt', '-cpu', 'cortex-a72', '-accel', 'tcg,thread=multi', '-smp', '2', '-m', String(memoryMb)],
    ...['-nographic', '-monitor', 'none', '-serial', `file:${serial}`, '-bios', firmware],
    ...['-drive', `if=none,id=card,file=${card},format=raw,cache=writeback`, '-device', 'virtio-blk-pci,drive=card'],
    ...['-netdev', `user,id=net,${lets(httpPort, 80)},${lets(httpsPort, 443)}`],
    ...['-device', 'virtio-net-pci,netdev=net,romfile='],
    ...['-device', 'virtio-rng-pci'],
  ]
  const child = spawn('qemu-system-aarch64', words, { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    /** All that the machine said on its serial line so far. */
    said: (): string => (existsSync(serial) ? readFileSync(serial, 'utf8') : ''),
    hasEnded: (): boolean => child.exitCode !== null || child.signalCode !== null,
    /** As a power cut ends it. */
    async cutPower(): Promise<void> {
      child.kill('SIGKILL')
      await ended
    },
  }
}
