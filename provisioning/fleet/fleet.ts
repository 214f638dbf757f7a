import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../../appliance/base/errors.ts'
import { readToml } from '../../appliance/base/toml.ts'
import { openAuthority } from '../../appliance/pki/authority.ts'
import { readPrivateKey } from '../../appliance/wire/sign.ts'
import { FleetToml } from './settings.ts'

export type Fleet = Awaited<ReturnType<typeof openFleet>>

/** Opens what `balai fleet init` made. The root’s key is not needed, and should not be there. */
export async function openFleet(folder: string) {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  if (!existsSync(join(folder, 'fleet.toml'))) {
    throw new AppError(
      'not-found',
      'fleet.missing',
      `${resolve(folder)} is no fleet folder. Make one: balai fleet init ${folder}`,
    )
  }
  const authority = (name: string) => openAuthority({ certificate: read(`${name}.pem`), key: read(`${name}.key`) })
  return {
    folder,
    settings: readToml(join(folder, 'fleet.toml'), FleetToml),
    root: read('root-ca.pem'),
    lanRoot: read('lan-root.pem'),
    issuingCertificate: read('issuing-ca.pem'),
    issuing: await authority('issuing-ca'),
    claims: await authority('claim-ca'),
    lan: await authority('lan-ca'),
    lanCertificate: read('lan-ca.pem'),
    hubKey: readPrivateKey(read('hub-key.pem')),
  }
}
