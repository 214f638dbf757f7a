import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import si from 'systeminformation'
import { backupFolder, isMounted, newestBackup } from '../backup/files.ts'
import type { RecoveryState } from '../backup/recovery.ts'
import { findUnsaved } from '../backup/unsaved.ts'
import type { Clock } from '../base/clock.ts'
import { runProgram } from '../base/run-program.ts'
import type { Db } from '../base/store/store.ts'
import { dayMs } from '../base/time.ts'
import { type Card, type Network, type Power, readCard, readNetwork, readPower, readText } from './kernel.ts'

/** What the machine tells about itself. Null: this machine cannot say. */
export type Readings = {
  model: string | null
  temperatureC: number | null
  memoryUsedMb: number | null
  memoryTotalMb: number | null
  diskFreeBytes: number | null
  diskTotalBytes: number | null
  ntp: boolean | null
  power: Power | null
  card: Card | null
  /** Null: no connection at all. */
  network: Network | null
  /** Of the certificate towards the broker; negative when it has ended. Null: there is none. */
  certificateDaysLeft: number | null
  backups: {
    newest: Saved
    stick: Saved
    stickMounted: boolean
    /** How long the box has held what its newest backup lacks, ms; 0: nothing. */
    unsavedMs: number
    /** To whom what is on the stick is sealed; null where no box has started yet. */
    recovery: RecoveryState | null
  }
}

/** The date in its name, ms since 1970 UTC, and its size. Null: there is none. */
type Saved = { at: number; bytes: number } | null

export const nothingRead: Readings = {
  model: null,
  temperatureC: null,
  memoryUsedMb: null,
  memoryTotalMb: null,
  diskFreeBytes: null,
  diskTotalBytes: null,
  ntp: null,
  power: null,
  card: null,
  network: null,
  certificateDaysLeft: null,
  backups: { newest: null, stick: null, stickMounted: false, unsavedMs: 0, recovery: null },
}

export type Machine = {
  /** The data folder. */
  folder: string
  certificateFile: string | null
  stickFolder: string
  recoveryOf: () => RecoveryState | null
  /** The box's database; null where there is none. */
  db: Db | null
}

type Reading = {
  /** What the last reading found. */
  before: Readings | null
  /** Is told what the machine says of NTP before anything is judged by it. */
  clock: Pick<Clock, 'setNtp' | 'certain'>
}

const megabyte = 1_000_000

/**
 * Reads everything once. Each reading fails alone. Without a reading before, systeminformation is asked for more: asking systeminformation for it, or for a temperature that the kernel does not give, runs programs and waits for
 * them, which would hold up whoever takes a ticket at that moment.
 */
export async function readMachine(
  { folder, certificateFile, stickFolder, recoveryOf, db }: Machine,
  { before, clock }: Reading,
): Promise<Readings> {
  const [model, temperatureC, memory, disk, ntp] = await Promise.all([
    before ? before.model : orNull(si.system()).then((system) => system?.model || null),
    readTemperature(before),
    orNull(si.mem()),
    orNull(statfs(folder)),
    orNull(readNtp()),
  ])
  clock.setNtp(ntp)
  const now = clock.certain()
  const newest = newestBackup(backupFolder(folder))
  const unsavedAt = newest && db && findUnsaved(db, newest.path)
  return {
    model,
    temperatureC,
    memoryUsedMb: memory && Math.round(memory.active / megabyte),
    memoryTotalMb: memory && Math.round(memory.total / megabyte),
    diskFreeBytes: disk && disk.bavail * disk.bsize,
    diskTotalBytes: disk && disk.blocks * disk.bsize,
    ntp,
    power: readPower(),
    card: readCard(folder),
    network: readNetwork(),
    certificateDaysLeft: certificateFile ? readDaysLeft(certificateFile, now) : null,
    backups: {
      newest,
      stick: isMounted(stickFolder) ? newestBackup(stickFolder) : null,
      stickMounted: isMounted(stickFolder),
      unsavedMs: unsavedAt === null ? 0 : Math.max(0, now - unsavedAt),
      recovery: recoveryOf(),
    },
  }
}

/** Serial of the board and id of the card: what makes this box another one than its copy. Empty where unknown. */
export function readHardware(): { serial: string; card: string } {
  const serial = readText('/sys/firmware/devicetree/base/serial-number') ?? readText('/etc/machine-id') ?? 'unknown'
  const card = readText('/sys/block/mmcblk0/device/cid') ?? 'none'
  return { serial, card }
}

/** The kernel's own file, in thousandths of a degree; elsewhere what systeminformation finds, once. */
async function readTemperature(before: Readings | null): Promise<number | null> {
  const thousandths = Number(readText('/sys/class/thermal/thermal_zone0/temp') ?? Number.NaN)
  if (Number.isFinite(thousandths)) return Math.round(thousandths / 100) / 10
  if (before && before.temperatureC === null) return null
  return (await orNull(si.cpuTemperature()))?.main ?? null
}

function readDaysLeft(file: string, now: number): number | null {
  try {
    return Math.floor((new X509Certificate(readFileSync(file)).validToDate.getTime() - now) / dayMs)
  } catch {
    return null
  }
}

/** The kernel's word on whether something disciplines its clock. */
async function readNtp(): Promise<boolean | null> {
  const word = (await runProgram('timedatectl', ['show', '--property=NTPSynchronized', '--value'], 2_000)).trim()
  return word === 'yes' ? true : word === 'no' ? false : null
}

const orNull = <T>(promise: Promise<T>): Promise<T | null> => promise.catch(() => null)
