import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import { connect } from 'node:tls'

/*
 * The way to a box: HTTP/1.1 on its Unix socket, or by HTTPS from another machine. No fetch: it knows no Unix sockets.
 * Whatever writes carries a key, so a request whose answer was lost is simply asked again.
 */

const replyMs = 15_000
const retryMs = [500, 2_000]
const longestReply = 4_000_000

/** What a box refused, in its own words, or why it was not reached (`code` is then Node’s, `status` 0). */
export class LinkError extends Error {
  /** @param {string} message @param {{ code: string, status?: number, details?: unknown }} about */
  constructor(message, { code, status = 0, details = {} }) {
    super(message)
    this.name = 'LinkError'
    this.code = code
    this.status = status
    this.details = details
  }
}

/**
 * @typedef {{ socketPath: string, token: string }} Here
 * @typedef {{ url: string, token: string, ca?: string, fingerprint?: string }} There
 * @typedef {'GET' | 'POST' | 'PUT'} Method
 * @typedef {ReturnType<typeof createLink>} Link
 */

/**
 * One for all nodes of a box; connections are kept. `pause` waits between two tries.
 * @param {Here | There} to
 * @param {{ pause?: (ms: number) => Promise<void> }} [options]
 */
export function createLink(to, { pause = sleep } = {}) {
  const place = 'socketPath' in to ? hereOf(to) : thereOf(to)

  /**
   * @param {Method} method @param {string} path @param {string} node @param {unknown} [body]
   * @returns {Promise<http.IncomingMessage>}
   */
  const request = (method, path, node, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const sent = place.ask({
        method,
        path: place.root + path,
        agent: place.agent,
        headers: {
          authorization: `Bearer ${to.token}`,
          'x-balai': '1',
          'x-balai-node': node,
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      })
      sent.setTimeout(replyMs, () => sent.destroy(new LinkError('', { code: 'ETIMEDOUT' })))
      sent.once('response', resolve)
      sent.once('error', (error) => reject(asLinkError(error)))
      sent.end(text)
    })

  /** @param {Method} method @param {string} path @param {string} node @param {unknown} [body] */
  const askOnce = async (method, path, node, body) => {
    const response = await request(method, path, node, body)
    const text = await readAll(response)
    if (response.statusCode !== 200 && response.statusCode !== 201) throw refusal(response.statusCode ?? 0, text)
    return parse(text)
  }

  return {
    /**
     * Asks, and asks again while the box restarts: twice, within three seconds.
     * @param {Method} method @param {string} path @param {string} node @param {unknown} [body]
     * @returns {Promise<Record<string, unknown>>}
     */
    async ask(method, path, node, body) {
      for (const ms of retryMs) {
        try {
          return await askOnce(method, path, node, body)
        } catch (error) {
          if (!(error instanceof LinkError) || !isPassing(error)) throw error
          await pause(ms)
        }
      }
      return askOnce(method, path, node, body)
    },
    /**
     * An answer without an end. Whoever opened it destroys it, and watches that lines come.
     * @param {string} path @param {string} node
     */
    async open(path, node) {
      const response = await request('GET', path, node)
      if (response.statusCode !== 200) throw refusal(response.statusCode ?? 0, await readAll(response))
      response.socket.setTimeout(0)
      return response
    },
    close: () => place.agent.destroy(),
  }
}

/** @param {Here} here */
function hereOf({ socketPath }) {
  const agent = new http.Agent({ keepAlive: true })
  return {
    agent,
    root: '',
    ask: (/** @type {http.RequestOptions} */ options) => http.request({ ...options, socketPath, host: 'localhost' }),
  }
}

/** @param {There} there */
function thereOf({ url, ca, fingerprint }) {
  const { hostname, port, pathname, protocol } = new URL(url)
  if (protocol !== 'https:') throw new LinkError('', { code: 'not-https' })
  const agent = fingerprint ? new PinnedAgent(fingerprint) : new https.Agent({ keepAlive: true, ca })
  return {
    agent,
    root: pathname.replace(/\/$/, ''),
    ask: (/** @type {https.RequestOptions} */ options) =>
      https.request({ ...options, hostname, port: port || 443, ...(isIP(hostname) ? {} : { servername: hostname }) }),
  }
}

/** Knows a box by the SHA-256 of its certificate. Nothing is written, and no token told, before it was compared. */
class PinnedAgent extends https.Agent {
  #wanted

  /** @param {string} fingerprint */
  constructor(fingerprint) {
    super({ keepAlive: true })
    this.#wanted = plain(fingerprint)
  }

  /**
   * @override
   * @param {https.RequestOptions} options
   * @param {(error: Error | null, stream: import('node:stream').Duplex) => void} [callback]
   */
  createConnection(options, callback) {
    const socket = connect({
      host: String(options.host ?? options.hostname),
      port: Number(options.port),
      rejectUnauthorized: false,
    })
    const fail = (/** @type {Error} */ error) => callback?.(error, socket)
    socket.once('error', fail)
    socket.once('secureConnect', () => {
      socket.off('error', fail)
      if (plain(socket.getPeerCertificate().fingerprint256 ?? '') === this.#wanted) return callback?.(null, socket)
      socket.destroy()
      fail(new LinkError('', { code: 'other-certificate' }))
    })
    return undefined
  }
}

const plain = (/** @type {string} */ fingerprint) => fingerprint.replace(/[^0-9a-f]/gi, '').toLowerCase()

/** Nothing was decided: the box was away, or asks for a moment. */
const isPassing = (/** @type {LinkError} */ { status, code }) =>
  status === 503 || (status === 0 && code !== 'not-https' && code !== 'other-certificate' && code !== 'not-json')

/** @param {unknown} error */
const asLinkError = (error) =>
  error instanceof LinkError
    ? error
    : new LinkError(String(error instanceof Error ? error.message : error), {
        code: String(/** @type {NodeJS.ErrnoException} */ (error).code ?? 'unknown'),
      })

/** @param {number} status @param {string} text */
function refusal(status, text) {
  const { code, message, details } = parse(text, {})
  return new LinkError(typeof message === 'string' ? message : '', { code: String(code ?? status), status, details })
}

/** @param {string} text @param {Record<string, unknown>} [otherwise] @returns {Record<string, unknown>} */
function parse(text, otherwise) {
  try {
    const value = JSON.parse(text)
    if (value && typeof value === 'object') return value
  } catch {}
  if (otherwise) return otherwise
  throw new LinkError('', { code: 'not-json' })
}

/** @param {http.IncomingMessage} response */
async function readAll(response) {
  let text = ''
  response.setEncoding('utf8')
  try {
    for await (const part of response) {
      text += part
      if (text.length > longestReply) throw new LinkError('', { code: 'too-long' })
    }
  } catch (error) {
    throw asLinkError(error)
  }
  return text
}

const sleep = (/** @type {number} */ ms) =>
  new Promise((/** @type {(value: void) => void} */ resolve) => setTimeout(resolve, ms))
