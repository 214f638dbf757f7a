import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeWhole } from '../../appliance/base/store/whole-file.ts'
import { issuePair, type Pair } from '../../appliance/pki/authority.ts'
import type { Fleet } from './fleet.ts'
import { serverDays, withChain } from './init.ts'
import { brokerHosts, hubNames } from './settings.ts'

/**
 * New certificates, with new keys, for broker and hubs; what they show now goes to `old/<date>`. Nothing else changes,
 * so each machine can be given its new files when it suits. Answers the files. `now`: ms since 1970 UTC.
 */
export async function rotateServers(fleet: Fleet, now: number): Promise<string[]> {
  const { settings, issuing, issuingCertificate } = fleet
  const chain = { certificate: issuingCertificate }
  const validity = { now, days: serverDays, issuer: issuing }
  const server = async (host: string, names = [host]) => withChain(await issuePair(host, { ...validity, names }), chain)
  const page = await server(settings.hub)
  const made: [string, Pair][] = [['broker/broker', await server(settings.broker, brokerHosts(settings))]]
  for (const hub of hubNames(settings)) {
    made.push([`${hub}/hub`, withChain(await issuePair(hub, validity), chain)], [`${hub}/console`, page])
  }
  const attic = join(fleet.folder, 'old', new Date(now).toISOString().slice(0, 10))
  return made.flatMap(([name, { certificate, key }]) =>
    (
      [
        [`${name}.pem`, certificate, 0o644],
        [`${name}.key`, key, 0o600],
      ] as const
    ).map(([file, text, mode]) => {
      mkdirSync(dirname(join(attic, file)), { recursive: true, mode: 0o700 })
      // The old one is whole in its attic before the new one takes its place.
      writeWhole(join(attic, file), readFileSync(join(fleet.folder, file)), { mode })
      writeWhole(join(fleet.folder, file), text, { mode })
      return file
    }),
  )
}
