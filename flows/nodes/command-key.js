import { createHash, randomBytes } from 'node:crypto'

/** As long as the box’s own keys. */
const characters = 12

/**
 * The key by which the box knows a repeated command. From the entry that set the flow off, so that an entry which is
 * delivered twice commands once; from `msg.key` where the flow knows better ("the summary of this day"); otherwise no two
 * are alike. A message that was split has a key for each part.
 * @param {string} node
 * @param {import('./red.d.ts').Message} message
 */
export function commandKey(node, message) {
  const source = message.key === undefined ? entryName(message) : `key ${String(message.key)}`
  if (source === null) return randomBytes(9).toString('base64url')
  return createHash('sha256').update(`${node} ${source}`).digest('base64url').slice(0, characters)
}

/** @param {import('./red.d.ts').Message} message */
function entryName({ entry, parts }) {
  const name = entry && typeof entry === 'object' && 'name' in entry ? entry.name : null
  if (typeof name !== 'string') return null
  const index = parts && typeof parts === 'object' && 'index' in parts ? ` ${String(parts.index)}` : ''
  return `entry ${name}${index}`
}
