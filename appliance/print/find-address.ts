import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** The address behind a name: what is judged is what is connected to. The first that may be reached, if any may; null: none. */
export async function findAddress(
  host: string,
  mayReach: (address: string) => boolean,
  withinMs: number,
): Promise<string | null> {
  if (isIP(host)) return host
  const found = await Promise.race([
    lookup(host, { all: true }).catch(() => []),
    new Promise<[]>((resolve) => setTimeout(resolve, withinMs, []).unref()),
  ])
  const addresses = found.map(({ address }) => address)
  return addresses.find(mayReach) ?? addresses[0] ?? null
}
