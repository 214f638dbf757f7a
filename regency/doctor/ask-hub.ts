import { request as requestPlain } from 'node:http'
import { type RequestOptions, request as requestSecure } from 'node:https'
import type { TLSSocket } from 'node:tls'

/**
 * Who answers at the console's port. `hub`: a hub, with its metrics where this caller may read them, and the certificate
 * that it shows. `other`: something else holds the port. `closed`: nobody answers.
 */
export type HubAnswer =
  | { kind: 'hub'; metrics: string | null; certificate: { endsAt: number; names: string[] } | null }
  | { kind: 'other' | 'closed' }

type Question = { host: string; port: number; isSecure: boolean; token: string | null }

const timeoutMs = 5_000

/** Asks on this machine. The certificate need not be for the name by which we ask: it is looked at, not trusted. */
export function askHub({ host, port, isSecure, token }: Question): Promise<HubAnswer> {
  const options: RequestOptions = {
    ...{ host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host, port, path: '/metrics' },
    ...{ timeout: timeoutMs, rejectUnauthorized: false, agent: false },
    headers: { connection: 'close', ...(token ? { authorization: `Bearer ${token}` } : {}) },
  }
  return new Promise((resolve) => {
    const sent = (isSecure ? requestSecure : requestPlain)(options, (response) => {
      const leaf = isSecure ? (response.socket as TLSSocket).getPeerX509Certificate() : undefined
      const certificate = leaf
        ? {
            endsAt: leaf.validToDate.getTime(),
            names: (leaf.subjectAltName ?? '').split(', ').map((name) => name.replace(/^(DNS|IP Address):/, '')),
          }
        : null
      let body = ''
      response.setEncoding('utf8').on('data', (text) => {
        body += text
      })
      response.on('end', () => {
        if (body.includes('balai_hub_')) resolve({ kind: 'hub', metrics: body, certificate })
        // Whoever may not read the metrics hears so in the hub's own words.
        else if (response.statusCode === 403 && isProblem(body)) resolve({ kind: 'hub', metrics: null, certificate })
        else resolve({ kind: 'other' })
      })
      response.on('error', () => resolve({ kind: 'other' }))
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: error.code === 'ECONNREFUSED' ? 'closed' : 'other' }),
    )
    sent.end()
  })
}

function isProblem(body: string): boolean {
  try {
    return typeof (JSON.parse(body) as { code?: unknown }).code === 'string'
  } catch {
    return false
  }
}
