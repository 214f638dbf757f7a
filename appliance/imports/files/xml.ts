import { AppError } from '../../base/errors.ts'

/*
 * XML as spreadsheets write it, piece by piece: tags and text, no more. Entities of a document's own are not known, so
 * none can grow.
 */

export type XmlHandler = {
  /** `name` without its prefix; `attributes` as they stand, for attributeOf. */
  open(name: string, attributes: string): void
  close(name: string): void
  text?(text: string): void
}

/** Characters. No cell of a list is longer, and what has no end would fill the memory. */
const longestToken = 1024 * 1024

/** Takes the pieces of a document in their order. Throws `imports.not-a-table`. */
export function createXmlScanner(handler: XmlHandler): { push(piece: string): void } {
  let rest = ''
  function push(piece: string): void {
    const all = rest === '' ? piece : rest + piece
    let at = 0
    while (true) {
      const start = all.indexOf('<', at)
      if (start < 0) break
      const end = endOfTag(all, start)
      if (end < 0) break
      if (start > at) handler.text?.(all.slice(at, start))
      tag(all, start, end)
      at = end + 1
    }
    rest = all.slice(at)
    if (rest.length > longestToken)
      throw new AppError('invalid', 'imports.not-a-table', 'A part of the XML has no end.')
  }

  function tag(all: string, start: number, end: number): void {
    const first = all[start + 1]
    if (first === '?') return
    if (first === '!') {
      if (all.startsWith('<![CDATA[', start)) handler.text?.(all.slice(start + 9, end - 2).replaceAll('&', '&amp;'))
      return
    }
    if (first === '/') {
      handler.close(bare(all.slice(start + 2, end).trim()))
      return
    }
    const isEmpty = all[end - 1] === '/'
    const inside = all.slice(start + 1, isEmpty ? end - 1 : end)
    const space = inside.search(/\s/)
    const name = bare(space < 0 ? inside : inside.slice(0, space))
    handler.open(name, space < 0 ? '' : inside.slice(space))
    if (isEmpty) handler.close(name)
  }
  return { push }
}

/** Where a tag ends: a `>` may stand in an attribute, anything in a comment. */
function endOfTag(all: string, start: number): number {
  if (all.startsWith('<!--', start)) return endOf(all, '-->', start)
  if (all.startsWith('<![CDATA[', start)) return endOf(all, ']]>', start)
  // A piece may end within these first characters.
  if (all[start + 1] === '!' && all.length - start < 9) return -1
  let isQuoted = false
  for (let at = start + 1; at < all.length; at++) {
    const code = all.charCodeAt(at)
    if (code === 34) isQuoted = !isQuoted
    else if (code === 62 && !isQuoted) return at
  }
  return -1
}

const endOf = (all: string, mark: string, start: number): number => {
  const end = all.indexOf(mark, start)
  return end < 0 ? -1 : end + mark.length - 1
}

const bare = (name: string): string => name.slice(name.indexOf(':') + 1)

/** The value of an attribute, by its name without prefix. Null: it is not there. */
export function attributeOf(attributes: string, name: string): string | null {
  for (let at = attributes.indexOf(`${name}=`); at >= 0; at = attributes.indexOf(`${name}=`, at + 1)) {
    if (!/[\s:]/.test(attributes[at - 1] ?? ' ')) continue
    const quote = attributes[at + name.length + 1]
    if (quote !== '"' && quote !== "'") continue
    const from = at + name.length + 2
    const to = attributes.indexOf(quote, from)
    return to < 0 ? null : unescapeXml(attributes.slice(from, to))
  }
  return null
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export const unescapeXml = (text: string): string =>
  text.includes('&')
    ? text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (_all, hex, dec, name) =>
        name ? (named[name.toLowerCase()] ?? '') : charOf(hex ? Number.parseInt(hex, 16) : Number(dec)),
      )
    : text

const charOf = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '')
