import { createLink } from './link.js'
import { Problem } from './node-words.js'

/** @typedef {import('./link.js').Link} Link */

/** @param {import('./red.d.ts').Red} RED */
export default function balaiBox(RED) {
  RED.nodes.registerType(
    'balai-box',
    function balaiBoxNode(config) {
      RED.nodes.createNode(this, config)
      /** @type {Link | null} */
      let link = null
      Object.assign(this, {
        /** One for all nodes of this box; opened when the first one asks, so that a wrong setting is told where it is used. */
        openLink: () => {
          link ??= createLink(config.where === 'there' ? there(config, this.credentials) : here(RED.settings.balai))
          return link
        },
      })
      this.on('close', (_removed, done) => {
        link?.close()
        done()
      })
    },
    { credentials: { token: { type: 'password' } } },
  )
}

/** @param {import('./red.d.ts').BoxHere | undefined} handed */
function here(handed) {
  if (!handed?.socketPath || !handed.token) throw new Problem('not-on-a-box')
  return { socketPath: handed.socketPath, token: handed.token }
}

/** @param {import('./red.d.ts').Config} config @param {Record<string, string | undefined>} [credentials] */
function there(config, credentials) {
  const url = String(config.url ?? '').trim()
  if (!/^https:\/\/\S+$/.test(url) || !URL.canParse(url)) throw new Problem('bad-address', { url })
  const token = credentials?.token
  if (!token) throw new Problem('no-token')
  const ca = String(config.ca ?? '').trim()
  const fingerprint = String(config.fingerprint ?? '').trim()
  if (fingerprint && fingerprint.replace(/[^0-9a-f]/gi, '').length !== 64) throw new Problem('bad-fingerprint')
  return { url, token, ...(ca ? { ca } : {}), ...(fingerprint ? { fingerprint } : {}) }
}
