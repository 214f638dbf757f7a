import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lets, type Machine, missingForImages, startMachine } from './emulated-pi.ts'

/*
 * A disk in an emulated PC (qemu -machine q35) with EFI firmware, and the disk and network of PCs: SATA and Intel's e1000e.
 * No figure of it is one of a PC. What it lets in goes by this machine's loopback; from inside, this machine is 10.0.2.2.
 */

const firmware = (kind: 'CODE' | 'VARS', secure: boolean) => `/usr/share/OVMF/OVMF_${kind}_4M${secure ? '.ms' : ''}.fd`

/** What a PC is emulated with and this machine lacks. */
export const missingForPc = (): string[] => missingForImages('qemu-system-x86_64', firmware('CODE', false))

export function startEmulatedPc({
  card,
  folder,
  httpPort,
  httpsPort,
  stick,
  memoryMiB = 1_024,
  secure = false,
  stickLater = false,
  withoutAes = false,
  tpm,
}: Machine) {
  const settings = join(folder, secure ? 'secure.fd' : 'settings.fd')
  if (!existsSync(settings)) cpSync(firmware('VARS', secure), settings)
  return startMachine('qemu-system-x86_64', folder, [
    ...[
      '-machine',
      secure ? 'q35,smm=on' : 'q35',
      '-accel',
      'tcg,thread=multi',
      '-cpu',
      withoutAes ? 'max,-aes' : 'max',
    ],
    ...['-smp', '2', '-m', `${memoryMiB}`],
    ...(secure ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
    ...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${firmware('CODE', secure)}`],
    ...['-drive', `if=pflash,format=raw,unit=1,file=${settings}`],
    ...[
      '-drive',
      `if=none,id=card,file=${card},format=raw,cache=writeback`,
      '-device',
      'ide-hd,drive=card,bootindex=1',
    ],
    ...(stick ? ['-device', 'qemu-xhci', '-drive', `if=none,id=stick,file=${stick},format=raw`] : []),
    ...(stick && !stickLater ? ['-device', 'usb-storage,drive=stick'] : []),
    ...(tpm ? ['-chardev', `socket,id=tpm,path=${tpm}`, '-tpmdev', 'emulator,id=tpm0,chardev=tpm'] : []),
    ...(tpm ? ['-device', 'tpm-crb,tpmdev=tpm0'] : []),
    ...['-netdev', `user,id=net,${lets(httpPort, 80)},${lets(httpsPort, 443)}`],
    ...['-device', 'e1000e,netdev=net,romfile='],
  ])
}

/** A TPM 2.0 (swtpm) with what it has kept in this folder, for one start: it ends with its machine. Answers its socket. */
export async function startTpm(folder: string): Promise<string> {
  const socket = join(folder, 'tpm.sock')
  const state = join(folder, 'tpm')
  mkdirSync(state, { recursive: true })
  const words = [
    'socket',
    '--tpm2',
    '--tpmstate',
    `dir=${state}`,
    '--ctrl',
    `type=unixio,path=${socket}`,
    '--terminate',
  ]
  const child = spawn('swtpm', words, { stdio: 'ignore' })
  const leave = () => child.kill()
  process.once('exit', leave)
  child.once('exit', () => process.off('exit', leave))
  while (!existsSync(socket) && child.exitCode === null) await sleep(50)
  return socket
}

/** Which slot is started, and how often each may still be tried: `BOOT_A_LEFT=9`. */
export const readPcSlots = (card: string): string =>
  spawnSync('mtype', ['-i', `${card}@@4M`, '::EFI/debian/slots.env'], { encoding: 'latin1' }).stdout
