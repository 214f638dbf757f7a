import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { backupFolder, isMounted, newestBackup } from '../backup/files.ts'
import type { RecoveryState } from '../backup/recovery.ts'
import { findUnsaved } from '../backup/unsaved.ts'
import type { Clock } from '../base/clock.ts'
import { runProgram } from '../base/run-program.ts'
import { isEncrypted } from '../base/store/encrypted-disk.ts'
import type { Db } from '../base/store/store.ts'
import { dayMs } from '../base/time.ts'
import {
  type Card,
  type Network,
  type Power,
  readCard,
  readMemory,
  readModel,
  readNetwork,
  readPower,
  readTemperature,
  readText,
  readWifiBlock,
} from './kernel.ts'

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
  /** Where the key of the data lies; `own`: encrypted by other means than ours, `none`: not encrypted. */
  encryption: 'usb' | 'otp' | 'tpm' | 'own' | 'none' | null
  /** Residents are kept, and whoever takes the card out reads them. */
  residentsInClear: boolean
  /** Null: no connection at all. */
  network: Network | null
  wifiBlock: ReturnType<typeof readWifiBlock>
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
  encryption: null,
  residentsInClear: false,
  network: null,
  wifiBlock: null,
  certificateDaysLeft: null,
  backups: { newest: null, stick: null, stickMounted: false, unsavedMs: 0, recovery: null },
}

export type Machine = {
  /** The data folder. */
  folder: string
  /** What it is called, by whoever knows; null: it is asked. */
  model: string | null
  certificateFile: string | null
  stickFolder: string
  recoveryOf: () => RecoveryState | null
  /** The box's database; null where there is none. */
  db: Db | null
}

const megabyte = 1_000_000

/** Reads everything once. Each reading fails alone. `before`: what the last one found; null: this is the first. */
export async function readMachine(
  { folder, model: named, certificateFile, stickFolder, recoveryOf, db }: Machine,
  clock: Pick<Clock, 'setNtp' | 'certain'>,
  before: Readings | null,
): Promise<Readings> {
  const [disk, ntp, model] = await Promise.all([
    orNull(statfs(folder)),
    orNull(readNtp()),
    named ?? readModel() ?? (before ? before.model : askModel()),
  ])
  const memory = readMemory()
  // Told what the machine says of NTP before anything is judged by it.
  clock.setNtp(ntp)
  const now = clock.certain()
  const newest = newestBackup(backupFolder(folder))
  const unsavedAt = newest && db && findUnsaved(db, newest.path)
  const encryption = describeEncryption(isEncrypted(folder), readText(openedBy))
  return {
    model,
    temperatureC: readTemperature(),
    memoryUsedMb: memory && Math.round(memory.usedBytes / megabyte),
    memoryTotalMb: memory && Math.round(memory.totalBytes / megabyte),
    diskFreeBytes: disk && disk.bavail * disk.bsize,
    diskTotalBytes: disk && disk.blocks * disk.bsize,
    ntp,
    power: readPower(),
    card: readCard(folder),
    encryption,
    residentsInClear: db !== null && encryption === 'none' && hasResidents(db),
    network: readNetwork(),
    wifiBlock: readWifiBlock(),
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

/** Written by whoever opened the data: balai-vault and, in an image, its `vault`. */
const openedBy = '/etc/balai/vault'

export function describeEncryption(encrypted: boolean | null, opened: string | null): Readings['encryption'] {
  if (!encrypted) return encrypted === null ? null : 'none'
  const [, key = 'own'] = /^BALAI_KEY=(usb|otp|tpm)$/m.exec(opened ?? '') ?? []
  return key as 'usb' | 'otp' | 'tpm' | 'own'
}

const hasResidents = (db: Db): boolean => db.prepare('SELECT 1 FROM resident LIMIT 1').get() !== undefined

/** Serial of the board and id of the card: what makes this box another one than its copy. Empty where unknown. */
export function readHardware(): { serial: string; card: string } {
  const serial = readText('/sys/firmware/devicetree/base/serial-number') ?? readText('/etc/machine-id') ?? 'unknown'
  const card = readText('/sys/block/mmcblk0/device/cid') ?? 'none'
  return { serial, card }
}

/** Where the kernel has no file for it: systeminformation runs programs and waits for them, so it is asked once. */
async function askModel(): Promise<string | null> {
  const { default: si } = await import('systeminformation')
  return (await orNull(si.system()))?.model || null
}

function readDaysLeft(file: string, now: number): number | null {
  try {
    return Math.floor((new X509Certificate(readFileSync(file)).validToDate.getTime() - now) / dayMs)
  } catch {
    return null
  }
}

/** The kernel's word on whether something disciplines its clock; null: this machine cannot say. */
export async function readNtp(): Promise<boolean | null> {
  const word = (await runProgram('timedatectl', ['show', '--property=NTPSynchronized', '--value'], 2_000)).trim()
  return word === 'yes' ? true : word === 'no' ? false : null
}

const orNull = <T>(promise: Promise<T>): Promise<T | null> => promise.catch(() => null)
