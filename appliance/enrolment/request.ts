import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { splitPem } from '../base/broker/chain-verdict.ts'
import type { Identity } from '../base/broker/identity.ts'
import type { CertificateAnswer, CertificateRequest } from '../wire/messages.ts'
import { signRequest, verifyAnswer } from '../wire/sign.ts'
import type { Member } from './membership.ts'

/** A new P-256 key, PKCS #8 in PEM. It never leaves the box. */
export const makeKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

/** PKCS #10 in PEM for a key; for a server under `names`, or a client where there are none. */
export async function makeSigningRequest(key: string, name: string, names: readonly string[] = []): Promise<string> {
  // Loaded only when one is made: 8 MiB of memory that a running box has no use for.
  await import('reflect-metadata') // what @peculiar/x509 builds on; it has to come first
  const x509 = await import('@peculiar/x509')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const load = (form: 'pkcs8' | 'spki', pem: string, usage: 'sign' | 'verify') =>
    crypto.subtle.importKey(form, x509.PemConverter.decodeFirst(pem), algorithm, true, [usage])
  const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string
  const keys = { privateKey: await load('pkcs8', key, 'sign'), publicKey: await load('spki', publicPem, 'verify') }
  const alternatives = names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }))
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: new x509.Name([{ CN: [{ utf8String: name }] }]),
      keys,
      signingAlgorithm: algorithm,
      extensions: alternatives.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : [],
    },
    crypto,
  )
  return `${request.toString('pem')}\n`
}

type Asked = { member: Member; identity: Identity; session: string; csr?: string; lan?: string; token?: string }

/** The whole request, signed by the box's Ed25519 key. */
export function buildRequest({ member, identity, session, csr, lan, token }: Asked): CertificateRequest {
  const unsigned = {
    ...{ session, n: 1, village: member.village, box: identity.box, key: identity.publicKey },
    ...(csr ? { csr } : {}),
    ...(lan ? { lan } : {}),
    ...(token ? { token } : {}),
  }
  return { ...unsigned, sig: signRequest(identity.key, unsigned) }
}

/** Whether an answer is by the hub of the enrolment file. */
export const isFromHub = ({ hubKey, village }: Member, answer: CertificateAnswer): boolean =>
  verifyAnswer(hubKey, village, answer)

/** Whether a chain is for this key and this name (CN), and signed below the regency's root. */
export function doesFit(chain: string, { key, name, ca }: { key: string; name: string; ca: string }): boolean {
  try {
    const [leaf, issuer] = splitPem(chain).map((pem) => new X509Certificate(pem))
    const root = new X509Certificate(ca)
    if (!leaf || !issuer) return false
    const spki = (of: ReturnType<typeof createPublicKey>) => of.export({ type: 'spki', format: 'pem' })
    return (
      spki(leaf.publicKey) === spki(createPublicKey(key)) &&
      leaf.subject === `CN=${name}` &&
      leaf.checkIssued(issuer) &&
      leaf.verify(issuer.publicKey) &&
      issuer.ca &&
      issuer.checkIssued(root) &&
      issuer.verify(root.publicKey)
    )
  } catch {
    return false
  }
}
