import { globSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A device's number as the kernel writes it, 253:1, of what `stat` tells (makedev(3)). */
export const deviceNumber = (device: number): string =>
  `${Math.floor(device / 256) & 0xfff}:${(device & 0xff) | ((device >> 12) & 0xfff00)}`

/**
 * Whether what lies in a folder is encrypted on its disk (LUKS, dm-crypt), by the kernel's word; null: it names no device for
 * it, as in a container. `device`: its number as `stat` tells it.
 */
export function isEncrypted(folder: string, root = '/', device = statSync(folder).dev): boolean | null {
  try {
    return liesOnCrypt(realpathSync(join(root, `sys/dev/block/${deviceNumber(device)}`)))
  } catch {
    return null
  }
}

/** Volumes lie on volumes: one of them that is encrypted is enough. */
function liesOnCrypt(place: string): boolean {
  if (readUuid(place).startsWith('CRYPT-')) return true
  return globSync(join(place, 'slaves/*')).some((below) => liesOnCrypt(realpathSync(below)))
}

function readUuid(place: string): string {
  try {
    return readFileSync(join(place, 'dm/uuid'), 'utf8')
  } catch {
    return '' // no volume of device mapper
  }
}
