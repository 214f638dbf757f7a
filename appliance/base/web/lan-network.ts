import { X509Certificate } from 'node:crypto'
import { isLanName } from '../../wire/lan-names.ts'
import type { Clock } from '../clock.ts'
import { officeAddress } from './lan-address.ts'
import { lanNames, openLanCertificate, serves, servesNames } from './lan-certificate.ts'

/** Under which address and names people reach the box, and the certificate for them. They change when a router does. */
export async function followNetwork(
  { data, lan }: { data: string; lan: { host: string; address?: string; names: string[] } },
  clock: Pick<Clock, 'belief' | 'certain'>,
  fromRegency: () => { certificate: string; key: string } | null,
) {
  const { host, address: said, names: more } = lan
  const everywhere = host === '0.0.0.0' || host === '::'
  const names = new Set<string>()
  let address = host
  let own = { key: '', cert: '' }
  let shown = ''
  let tell: (certificate: { key: string; cert: string }) => void = () => {}

  /** The regency’s, which every PC of the office trusts once it trusts one box; until there is one, the box’s own. */
  function certificate(): { key: string; cert: string } {
    const given = fromRegency()
    const holds = given && new X509Certificate(given.certificate).validToDate.getTime() > clock.certain()
    return holds ? { key: given.key, cert: given.certificate } : own
  }

  async function checkAddresses(): Promise<void> {
    address = said ?? (everywhere ? (officeAddress()?.address ?? '127.0.0.1') : host)
    const found = [...lanNames(), ...more, ...(said ? [said] : [])]
    for (const name of found) names.add(name)
    if (!own.cert || !serves(own.cert, found, clock.belief()))
      own = await openLanCertificate(data, found, clock.belief())
    show()
  }

  /** The regency's may have come, or ended, since the last look. */
  function show(): void {
    const next = certificate()
    if (next.cert === shown) return
    shown = next.cert
    tell(next)
  }
  await checkAddresses()
  return {
    checkAddresses,
    names,
    certificate,
    /** SHA-256 of it, for who pins it. */
    fingerprint: () => new X509Certificate(certificate().cert).fingerprint256,
    address: () => address,
    /** The names that a certificate of the regency may hold. */
    lanNames: () => [...lanNames(), ...more].filter(isLanName),
    isServed(wanted: readonly string[]): boolean {
      const given = fromRegency()
      return given !== null && servesNames(given.certificate, wanted)
    },
    renew: show,
    onChange(listener: typeof tell) {
      tell = listener
    },
  }
}
