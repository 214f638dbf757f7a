import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../../appliance/base/errors.ts'
import { pairMistake, readToml } from '../../appliance/base/toml.ts'
import { openAuthority } from '../../appliance/pki/authority.ts'
import { readPrivateKey } from '../../appliance/wire/sign.ts'
import { damaged, parsed } from './secret-file.ts'
import { FleetToml } from './settings.ts'

export type Fleet = Awaited<ReturnType<typeof openFleet>>

/**
 * Opens what `balai fleet init` made. The root’s key is not needed, and should not be there. AppError `config` for a file of
 * it that is damaged: of each there is a copy in a safe.
 */
export async function openFleet(folder: string) {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  if (!existsSync(join(folder, 'fleet.toml'))) {
    throw new AppError(
      'not-found',
      'fleet.missing',
      `${resolve(folder)} is no fleet folder. Make one: balai fleet init ${folder}`,
    )
  }
  const authority = (name: string) => {
    const mistake = pairMistake(join(folder, `${name}.pem`), join(folder, `${name}.key`))
    if (mistake) throw damaged(mistake)
    return openAuthority({ certificate: read(`${name}.pem`), key: read(`${name}.key`) })
  }
  const certificate = (name: string) => parsed(join(folder, name), (text) => new X509Certificate(text) && text)
  return {
    folder,
    settings: readToml(join(folder, 'fleet.toml'), FleetToml),
    root: certificate('root-ca.pem'),
    lanRoot: certificate('lan-root.pem'),
    issuingCertificate: read('issuing-ca.pem'),
    issuing: await authority('issuing-ca'),
    claims: await authority('claim-ca'),
    lan: await authority('lan-ca'),
    lanCertificate: read('lan-ca.pem'),
    hubKey: parsed(join(folder, 'hub-key.pem'), readPrivateKey),
  }
}
