import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { isLoopbackAddress } from './budgets.ts'

/** Where a device is: the hardware address of its network card, if this machine sees it, and its address. */
export type Place = { card: string | null; address: string }

export type Neighbours = ReturnType<typeof createNeighbours>

/** How long an answer of `ip neigh` is believed, ms: it starts a program. */
const keptMs = 30_000

/** Which network card is behind an address, as the kernel's neighbour table has it: nothing that a page could say. */
export function createNeighbours(monotonicMs: () => number, arpFile = '/proc/net/arp') {
  const asked = new Map<string, { card: string | null; at: number }>()

  /** IPv6 neighbours stand in no file. Where there is no `ip`, no card is seen. */
  function cardOfIpv6(address: string): string | null {
    const known = asked.get(address)
    if (known && monotonicMs() - known.at < keptMs) return known.card
    const { stdout } = spawnSync('ip', ['-6', 'neigh', 'show', 'to', address], { encoding: 'utf8', timeout: 500 })
    const card = /\blladdr ([\da-f:]{17})\b/i.exec(stdout ?? '')?.[1]?.toLowerCase() ?? null
    if (asked.size > 200) asked.clear()
    asked.set(address, { card, at: monotonicMs() })
    return card
  }

  return {
    placeOf(ip: string): Place {
      if (isLoopbackAddress(ip)) return { card: 'loopback', address: 'loopback' }
      const address = ip.replace(/^::ffff:(?=\d+\.)/i, '')
      const plain = address.replace(/%.*$/, '')
      return { card: isIPv6(plain) ? cardOfIpv6(plain) : cardInArp(readArp(arpFile), plain), address }
    },
  }
}

/** Whether a device that was paired there may be the one that is here: by its card where both are seen. */
export const isSamePlace = (paired: Place, here: Place): boolean =>
  paired.card !== null && here.card !== null ? paired.card === here.card : paired.address === here.address

/** The complete entry of an address in the kernel's table: IP, type, flags, hardware address, mask, device. */
export function cardInArp(table: string, address: string): string | null {
  for (const line of table.split('\n')) {
    const [ip, , flags, card] = line.split(/\s+/)
    if (ip === address && card && (Number(flags) & 0x2) !== 0 && card !== '00:00:00:00:00:00') return card.toLowerCase()
  }
  return null
}

function readArp(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // a machine without that table: addresses it is
  }
}
