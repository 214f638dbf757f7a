import { existsSync, readFileSync } from 'node:fs'
import type { ReadInfo } from './bundles.ts'
import type { Slot } from './request-files.ts'
import type { Line } from './updates.ts'

/** What runs now, as the image and its boot script say it. `start` changes with each start of the machine. */
export type System = { slot: Slot; version: string; start: string }

/** What only a machine has: a test brings its own. `program`: the version of the program that runs. */
export type Machine = {
  system: System | null
  program: string
  stateFolder: string
  readInfo: ReadInfo
  compatible: () => string
  /** How the line to the regency is. */
  line: () => Line
}

const files = { command: '/proc/cmdline', release: '/usr/lib/os-release', start: '/proc/sys/kernel/random/boot_id' }

/** Null on a machine that was not started from a slot of an image. */
export function readSystem({ command, release, start }: typeof files = files): System | null {
  if (![command, release, start].every((path) => existsSync(path))) return null
  const slot = /(?:^| )balai\.slot=([AB])(?: |$)/.exec(readFileSync(command, 'utf8').trim())?.[1]
  const version = /^IMAGE_VERSION="?([^"\n]+)"?$/m.exec(readFileSync(release, 'utf8'))?.[1]
  if ((slot !== 'A' && slot !== 'B') || !version) return null
  return { slot, version, start: readFileSync(start, 'utf8').trim() }
}
