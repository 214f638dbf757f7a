import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'

/** An address of this machine that others in the office reach. `gateway`: whether the way out goes there. */
export type OfficeAddress = { name: string; address: string; gateway: boolean }

/** 4G sticks and modems, VPNs, bridges of containers: nobody in the office is on them. */
const notTheOffice = /^(wwan|wwp|usb|ppp|tun|tap|wg|tailscale|zt|docker|br-|virbr|veth|lxc)/
const radio = /^wl/

/**
 * Which of the machine's addresses a visitor's phone and the PCs of the office can reach: a cable or Wi-Fi that leads out
 * before one that does not, cable before Wi-Fi, then anything else; what a machine gives itself (169.254) only where there is
 * nothing else. The one answer to this question: QR, pages, certificate and checks ask here. Null: no network at all.
 */
export function officeAddress(root = '/', interfaces = networkInterfaces()): OfficeAddress | null {
  const ways = gateways(root)
  const found = Object.entries(interfaces)
    .flatMap(([name, list = []]) => list.map((one) => ({ ...one, name })))
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ name, address }) => ({ name, address, gateway: ways.has(name) }))
  const rank = ({ name, address, gateway }: OfficeAddress): number =>
    8 * Number(address.startsWith('169.254.')) +
    4 * Number(notTheOffice.test(name)) +
    2 * Number(!gateway) +
    Number(radio.test(name))
  return found.sort((a, b) => rank(a) - rank(b))[0] ?? null
}

function gateways(root: string): Set<string> {
  try {
    const lines = readFileSync(join(root, 'proc/net/route'), 'utf8').split('\n')
    return new Set(
      lines.map((line) => line.split('\t')).flatMap(([name = '', to]) => (to === '00000000' ? [name] : [])),
    )
  } catch {
    return new Set()
  }
}
