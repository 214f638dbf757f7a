import { connect, type TLSSocket } from 'node:tls'
import { findFault, findHiddenFault, type TimeBelief } from './chain-verdict.ts'

/** What this side shows and trusts, in PEM. */
export type Credentials = { ca?: string; cert?: string; key?: string }

type Options = Credentials & { host: string; port: number; time: TimeBelief; timeoutMs?: number; signal?: AbortSignal }

/** What OpenSSL says for a date alone, by the machine's clock, which may be wrong by decades while the box's is right. */
const ofDates = ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']

/**
 * Opens a TLS connection, and resolves when the other side has shown who it is. Rejects with Node’s error otherwise.
 * A Raspberry Pi without a clock battery may think that it is 1970, or 2036: dates are judged by the box's own time
 * (`time`) and never by the machine's. Everything else has to hold for OpenSSL and for findFault.
 */
export function openTls({ host, port, ca, cert, key, time, timeoutMs = 20_000, signal }: Options): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host }
    const socket = connect({ host, port, ca, cert, key, ...named, rejectUnauthorized: false })
    const timer = setTimeout(() => fail(Object.assign(new Error('No answer.'), { code: 'ETIMEDOUT' })), timeoutMs)
    const giveUp = () => fail(new Error('It was given up.'))
    const fail = (error: Error) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
      socket.destroy()
      reject(error)
    }
    const closed = () => fail(new Error('The connection was closed.'))
    if (signal?.aborted) return giveUp()
    signal?.addEventListener('abort', giveUp)
    socket.once('error', fail).once('close', closed)
    socket.once('secureConnect', () => {
      judge(socket, { host, ca, time }).then(settle).catch(fail)
    })
    const settle = (code: string | null) => {
      if (code) return fail(Object.assign(new Error(`The certificate of ${host} does not hold: ${code}.`), { code }))
      if (socket.destroyed) return
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
      socket.off('error', fail).off('close', closed)
      resolve(socket)
    }
  })
}

async function judge(socket: TLSSocket, by: { host: string; ca: string | undefined; time: TimeBelief }) {
  const code = socket.authorized ? null : String(socket.authorizationError)
  if (code && !ofDates.includes(code)) return code
  const leaf = socket.getPeerX509Certificate()
  return findFault(leaf, by) ?? (code && leaf ? await findHiddenFault(leaf) : null)
}
