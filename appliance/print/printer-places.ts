import { readdirSync, readFileSync, type Stats } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { isPrivateAddress } from '../wire/lan-names.ts'

/**
 * What may be a printer. Nothing else is ever opened (opening a watchdog starts it): whoever sets one must not reach the
 * box's own files and services. A device is asked for by name, by the real path behind it, and once it is open.
 */
export type PrinterRules = {
  mayName(path: string): boolean
  mayOpen(realPath: string): boolean
  mayWrite(stats: Stats): boolean
  mayReach(address: string): boolean
  /** A printer of documents: besides those, CUPS on this machine itself. */
  mayReachService(address: string, port: number): boolean
}

/** A printer that is plugged in, by the name that its maker gave it. */
export type FoundPrinter = { target: string; name: string }

const names = /^\/dev\/(usb\/lp\d{1,2}|serial\/by-id\/[\w.:+@-]+)$/
const devices = /^\/dev\/(usb\/lp\d{1,2}|tty(USB|ACM)\d{1,3})$/
/** Major numbers of Linux: USB printers (of the USB class), USB serial adapters, USB modems. */
const majors = [180, 188, 166]
const cupsPort = 631

/** USB printers, serial ones at a USB adapter, and network printers in the office's own networks. */
export const officeRules = ({ loopback }: { loopback: boolean }): PrinterRules => ({
  mayName: (path) => names.test(path),
  mayOpen: (realPath) => devices.test(realPath),
  mayWrite: (stats) => stats.isCharacterDevice() && majors.includes(majorOf(stats.rdev)),
  mayReach: (address) => isInOffice(address, loopback),
  mayReachService: (address, port) => isInOffice(address, loopback || port === cupsPort),
})

/** As glibc's gnu_dev_major has it. */
const majorOf = (rdev: number): number => (Math.floor(rdev / 256) & 0xfff) | (Math.floor(rdev / 2 ** 32) & ~0xfff)

/** Private addresses, and the networks that this machine stands in; never itself, never a cloud's 169.254.169.254. */
function isInOffice(address: string, loopback: boolean): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(plain) === 0 || plain === '169.254.169.254') return false
  if (ofLoopback.check(plain, family)) return loopback
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  if (own.some((one) => one.address === plain)) return false
  const here = new BlockList()
  for (const { address: ip, netmask, internal, cidr } of own) {
    const bits = Number(cidr?.split('/')[1] ?? 0)
    if (!internal && bits > 0 && netmask) here.addSubnet(ip, bits, isIP(ip) === 6 ? 'ipv6' : 'ipv4')
  }
  return isPrivateAddress(plain) || here.check(plain, family)
}

const ofLoopback = new BlockList()
ofLoopback.addSubnet('127.0.0.0', 8)
ofLoopback.addSubnet('0.0.0.0', 8)
ofLoopback.addAddress('::1', 'ipv6')
ofLoopback.addAddress('::', 'ipv6')

/** The printers that are plugged in now; none where this machine has no such folder. `root` is another one in tests. */
export function findPrinters(root = '/'): FoundPrinter[] {
  const list = (folder: string, name: RegExp) => readNames(join(root, folder)).filter((one) => name.test(one))
  return [
    ...list('dev/usb', /^lp\d{1,2}$/).map((lp) => ({ target: `file:/dev/usb/${lp}`, name: nameOfUsb(root, lp) })),
    ...list('dev/serial/by-id', /^[\w.:+@-]+$/).map((id) => ({
      target: `file:/dev/serial/by-id/${id}`,
      name: id
        .replace(/^usb-/, '')
        .replace(/-if\d.*$/, '')
        .replaceAll('_', ' '),
    })),
  ]
}

/** What a USB printer says of itself (IEEE 1284): `MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;`. */
function nameOfUsb(root: string, lp: string): string {
  const said = readText(join(root, 'sys/class/usbmisc', lp, 'device/ieee1284_id'))
  const part = (...keys: string[]) =>
    keys.map((key) => new RegExp(`(?:^|;)\\s*${key}:([^;]{1,40})`).exec(said)?.[1]?.trim()).find(Boolean)
  const name = [part('MFG', 'MANUFACTURER'), part('MDL', 'MODEL')].filter(Boolean).join(' ')
  return name ? `${name} (${lp})` : lp
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
