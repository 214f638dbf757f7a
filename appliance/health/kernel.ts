import { globSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { deviceNumber } from '../base/store/encrypted-disk.ts'
import { officeAddress } from '../base/web/lan-address.ts'

/*
 * What the kernel tells in its own files. No program is started for it: in a running box that would hold up whoever
 * takes a ticket at that moment. `root` is the machine's, or a test's small copy. Null: this machine cannot say.
 */

/** Bytes. `used`: what the kernel could not give to another program at once. */
export type Memory = { usedBytes: number; totalBytes: number }

/** The supply, by the Raspberry Pi's firmware. `before`: it was too weak at some time since the machine was switched on. */
export type Power = { low: boolean; before: boolean }

/** What the data lies on. `errors`: of its file system, as ext4 counts them. `wearPercent`: of its life that is used. */
export type Card = {
  kind: 'sd' | 'emmc' | 'disk'
  name: string
  sizeBytes: number
  errors: number | null
  readOnly: boolean | null
  wearPercent: number | null
  writtenBytes: number | null
}

/** The way out of this machine. `gateway`: there is one towards the internet. */
export type Network = { name: string; address: string; gateway: boolean; wifiDbm: number | null }

/** What the machine is called: by its device tree, as a Raspberry Pi's, or by the BIOS of another one. */
export const readModel = (root = '/'): string | null =>
  readText(join(root, 'sys/firmware/devicetree/base/model')) ??
  readText(join(root, 'sys/devices/virtual/dmi/id/product_name'))

export function readMemory(root = '/'): Memory | null {
  const lines = (readText(join(root, 'proc/meminfo')) ?? '').split('\n').map((line) => line.split(/:\s+/))
  const bytesOf = (name: string) => Number.parseInt(lines.find(([one]) => one === name)?.[1] ?? '', 10) * 1024
  const [totalBytes, available] = [bytesOf('MemTotal'), bytesOf('MemAvailable')]
  return Number.isFinite(totalBytes - available) ? { totalBytes, usedBytes: totalBytes - available } : null
}

/** Of the processor, °C to a tenth: what watches over it, or where nothing does its own sensor. */
export function readTemperature(root = '/'): number | null {
  const thousandths =
    readNumber(join(root, 'sys/class/thermal/thermal_zone0/temp')) ??
    globSync(join(root, 'sys/class/hwmon/hwmon*'))
      .filter((path) => processorSensors.has(readText(join(path, 'name')) ?? ''))
      .map((path) => readNumber(join(path, 'temp1_input')))
      .find((found) => found !== null)
  return thousandths === undefined || thousandths === null ? null : Math.round(thousandths / 100) / 10
}

/** Drivers of the kernel that measure a processor: Intel's, AMD's, ARM's. */
const processorSensors: ReadonlySet<string> = new Set(['coretemp', 'k10temp', 'cpu_thermal'])

/**
 * Bit 0 of the firmware's word is "now", bit 16 "since it was switched on". Without that file the sensor driver tells
 * whether it was too low in the last two seconds.
 */
export function readPower(root = '/'): Power | null {
  const [throttled] = globSync(join(root, 'sys/devices/platform/soc*/soc*firmware/get_throttled'))
  const word = Number.parseInt((throttled && readText(throttled)) ?? '', 16)
  if (Number.isInteger(word)) return { low: (word & 1) !== 0, before: (word & 0x10000) !== 0 }
  const sensor = globSync(join(root, 'sys/class/hwmon/hwmon*')).find(
    (path) => readText(join(path, 'name')) === 'rpi_volt',
  )
  const alarm = sensor && readNumber(join(sensor, 'in0_lcrit_alarm'))
  return alarm === 0 || alarm === 1 ? { low: alarm === 1, before: alarm === 1 } : null
}

/** The device under `folder`; `device` is its number as `stat` tells it. */
export function readCard(folder: string, root = '/', device = statSync(folder).dev): Card | null {
  const number = deviceNumber(device)
  const place = realPath(join(root, `sys/dev/block/${number}`))
  if (!place) return null
  const disk = diskUnder(place)
  const kind = readText(join(disk, 'device/type'))
  const written = readText(join(disk, 'stat'))?.split(/\s+/)[6]
  return {
    kind: kind === 'SD' ? 'sd' : kind === 'MMC' ? 'emmc' : 'disk',
    name: readText(join(disk, 'device/name')) ?? readText(join(disk, 'device/model')) ?? basename(disk),
    sizeBytes: (readNumber(join(disk, 'size')) ?? 0) * 512,
    errors: readNumber(join(root, 'sys/fs/ext4', basename(place), 'errors_count')),
    readOnly: readReadOnly(root, number),
    wearPercent: readWear(disk),
    writtenBytes: written ? Number(written) * 512 : null,
  }
}

/** An encrypted partition lies on another one, a partition on its disk. */
function diskUnder(place: string): string {
  const [below] = globSync(join(place, 'slaves/*'))
  const real = below && realPath(below)
  if (real) return diskUnder(real)
  return readText(join(place, 'partition')) ? dirname(place) : place
}

/** eMMC says it in tenths, for its two kinds of cells; SD cards do not say it. */
function readWear(disk: string): number | null {
  const tenths = (readText(join(disk, 'device/life_time'))?.split(/\s+/) ?? []).map((word) => Number.parseInt(word, 16))
  const worst = Math.max(0, ...tenths.filter(Number.isInteger))
  return worst > 0 ? Math.min(worst, 11) * 10 : null
}

/** A file system with too many faults is made read-only by the kernel. */
function readReadOnly(root: string, device: string): boolean | null {
  const line = readText(join(root, 'proc/self/mountinfo'))
    ?.split('\n')
    .find((one) => one.split(' ')[2] === device)
  const options = line?.split(' - ')[1]?.split(' ')[2]?.split(',')
  return options ? options.includes('ro') : null
}

/** The connection by which the office reaches this machine. Null: it has none. */
export function readNetwork(root = '/', interfaces = networkInterfaces()): Network | null {
  const best = officeAddress(root, interfaces)
  if (!best) return null
  const radio = (readText(join(root, 'proc/net/wireless')) ?? '')
    .split('\n')
    .find((line) => line.trim().startsWith(`${best.name}:`))
  const level = Number(radio?.trim().split(/\s+/)[3])
  return {
    name: best.name,
    address: best.address,
    gateway: best.gateway,
    wifiDbm: Number.isFinite(level) ? level : null,
  }
}

/**
 * Whether Wi-Fi is switched off: by a switch of the machine (hard), or by its system (soft), as Raspberry Pi OS does until
 * a country is set. Null: it is not, or there is none.
 */
export function readWifiBlock(root = '/'): 'hard' | 'soft' | null {
  const radios = globSync(join(root, 'sys/class/rfkill/*')).filter((one) => readText(join(one, 'type')) === 'wlan')
  const has = (kind: string) => radios.some((one) => readText(join(one, kind)) === '1')
  return has('hard') ? 'hard' : has('soft') ? 'soft' : null
}

export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').replaceAll('\0', '').trim() || null
  } catch {
    return null
  }
}

function readNumber(path: string): number | null {
  const text = readText(path)
  return text !== null && Number.isFinite(Number(text)) ? Number(text) : null
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}
