import { BlockList, isIP } from 'node:net'

/**
 * Whether a name or address may stand in a certificate for a village’s own network: under `.local`, private (RFC 1918,
 * RFC 4193) or link-local. The box asks for nothing else and the hub signs nothing else: where they differed, a box would
 * ask for ever.
 */
export const isLanName = (name: string): boolean =>
  isIP(name) ? lanRanges.check(name, isIP(name) === 4 ? 'ipv4' : 'ipv6') : /^([a-z0-9-]{1,63}\.)+local$/.test(name)

const lanRanges = new BlockList()
for (const [address, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  lanRanges.addSubnet(address, prefix)
lanRanges.addSubnet('fc00::', 7, 'ipv6')
lanRanges.addSubnet('fe80::', 10, 'ipv6')
