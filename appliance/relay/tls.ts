import { X509Certificate } from 'node:crypto'
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls'

/** What this side shows and trusts, in PEM. */
export type Credentials = { ca?: string; cert?: string; key?: string }

/** What is known of the time: `floor` is a moment that is certainly past, ms since 1970 UTC. */
export type TimeBelief = { doubtful: boolean; floor: number }

type Options = Credentials & { host: string; port: number; time: TimeBelief; timeoutMs?: number }

/**
 * Opens a TLS connection, and resolves when the other side has shown who it is. Rejects with Node’s error otherwise.
 * A Raspberry Pi without a clock battery may think that it is 1970, or 2036: while its clock is doubtful, a certificate
 * is not refused for a date alone unless it had ended before `floor`. Everything else about it has to hold.
 */
export function openTls({ host, port, ca, cert, key, time, timeoutMs = 20_000 }: Options): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host }
    const socket = connect({ host, port, ca, cert, key, ...named, rejectUnauthorized: false })
    const timer = setTimeout(() => fail(Object.assign(new Error('No answer.'), { code: 'ETIMEDOUT' })), timeoutMs)
    const fail = (error: Error) => {
      clearTimeout(timer)
      socket.destroy()
      reject(error)
    }
    const closed = () => fail(new Error('The connection was closed.'))
    socket.once('error', fail).once('close', closed)
    socket.once('secureConnect', () => {
      const code = String(socket.authorizationError ?? '')
      const onlyLate = ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED'].includes(code)
      if (!socket.authorized && !(time.doubtful && onlyLate && doesHold(socket, host, ca ?? '', time.floor)))
        return fail(Object.assign(new Error(`The certificate of ${host} does not hold: ${code}.`), { code }))
      clearTimeout(timer)
      socket.off('error', fail).off('close', closed)
      resolve(socket)
    })
  })
}

/** All that OpenSSL checks, but for dates that are later than `floor`. It names one fault only, so nothing is left to it. */
function doesHold(socket: TLSSocket, host: string, ca: string, floor: number): boolean {
  const roots = splitPem(ca).map((pem) => new X509Certificate(pem))
  let certificate = socket.getPeerX509Certificate()
  if (!certificate || checkServerIdentity(host, certificate.toLegacyObject())) return false
  for (let depth = 0; certificate && depth < 5; depth++) {
    const lower: X509Certificate = certificate
    const signed = (by: X509Certificate) => by.ca && lower.checkIssued(by) && lower.verify(by.publicKey)
    if (lower.validToDate.getTime() < floor) return false
    if (roots.some((root) => signed(root) && root.validToDate.getTime() >= floor)) return true
    const issuer: X509Certificate | undefined = lower.issuerCertificate
    if (!issuer || !signed(issuer)) return false
    certificate = issuer
  }
  return false
}

/** The certificates of a PEM file, one by one. */
export const splitPem = (text: string): string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
