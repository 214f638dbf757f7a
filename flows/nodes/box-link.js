import { Problem } from './node-words.js'

/* What a node asks of its configured box. */

/**
 * The link of the box that a node names; throws where none is set up, in words.
 * @param {import('./red.d.ts').Red} RED @param {import('./red.d.ts').Config} config
 * @returns {import('./link.js').Link}
 */
export function linkOf(RED, config) {
  const box = /** @type {{ openLink?: () => import('./link.js').Link } | null} */ (RED.nodes.getNode(config.box))
  if (!box?.openLink) throw new Problem('no-box')
  return box.openLink()
}

/**
 * A text of the message, else of the node’s own settings.
 * @param {unknown} said @param {unknown} kept
 */
export const textOf = (said, kept) => {
  const text = said === undefined || said === null || said === '' ? kept : said
  return typeof text === 'string' || typeof text === 'number' ? String(text).trim() : ''
}
