import { BlockList, isIP } from 'node:net'

/**
 * Whether a name or address may stand in a certificate for a village’s own network: under `.local`, private (RFC 1918,
 * RFC 4193) or link-local. The box asks for nothing else and the hub signs nothing else: where they differed, a box would
 * ask for ever.
 */
export const isLanName = (name: string): boolean =>
  isIP(name)
    ? isPrivateAddress(name) || linkLocal.check(name, familyOf(name))
    : /^([a-z0-9-]{1,63}\.)+local$/.test(name)

/** Whether an address belongs to somebody's own network (RFC 1918, RFC 4193). */
export const isPrivateAddress = (address: string): boolean => ownNetworks.check(address, familyOf(address))

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Written out for name constraints as well: `pki` says the same ranges in certificates. */
export const privateRanges = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['fc00::', 7],
] as const
export const linkLocalRanges = [
  ['169.254.0.0', 16],
  ['fe80::', 10],
] as const

const ownNetworks = listOf(privateRanges)
const linkLocal = listOf(linkLocalRanges)

function listOf(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [address, prefix] of ranges) list.addSubnet(address, prefix, familyOf(address))
  return list
}
