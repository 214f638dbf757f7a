import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { promisify } from 'node:util'
import si from 'systeminformation'

/** What the machine tells about itself. Null: this machine cannot say. */
export type Readings = {
  model: string | null
  temperatureC: number | null
  memoryUsedMb: number | null
  memoryTotalMb: number | null
  diskFreeBytes: number | null
  diskTotalBytes: number | null
  ntp: boolean | null
}

const megabyte = 1_000_000

/** Reads everything once. Each reading fails alone. */
export async function readMachine(folder: string): Promise<Readings> {
  const [system, temperature, memory, disk, ntp] = await Promise.all([
    orNull(si.system()),
    orNull(si.cpuTemperature()),
    orNull(si.mem()),
    orNull(statfs(folder)),
    orNull(readNtp()),
  ])
  return {
    model: system?.model || null,
    temperatureC: temperature?.main ?? null,
    memoryUsedMb: memory && Math.round(memory.active / megabyte),
    memoryTotalMb: memory && Math.round(memory.total / megabyte),
    diskFreeBytes: disk && disk.bavail * disk.bsize,
    diskTotalBytes: disk && disk.blocks * disk.bsize,
    ntp,
  }
}

/** Serial of the board and id of the card: what makes this box another one than its copy. Empty where unknown. */
export function readHardware(): { serial: string; card: string } {
  const serial = readText('/sys/firmware/devicetree/base/serial-number') ?? readText('/etc/machine-id') ?? 'unknown'
  const card = readText('/sys/block/mmcblk0/device/cid') ?? 'none'
  return { serial, card }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').replaceAll('\0', '').trim() || null
  } catch {
    return null
  }
}

/** The kernel's word on whether something disciplines its clock. */
async function readNtp(): Promise<boolean | null> {
  const { stdout } = await promisify(execFile)('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    timeout: 2_000,
  })
  const word = stdout.trim()
  return word === 'yes' ? true : word === 'no' ? false : null
}

const orNull = <T>(promise: Promise<T>): Promise<T | null> => promise.catch(() => null)
