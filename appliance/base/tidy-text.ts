/** Line break and tab are the only controlling characters that people type. */
const unseen = /(?![\n\t])\p{Cc}|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/gu

/**
 * What people typed, as it is kept: NFC, line breaks alike, without characters that nobody sees or that turn the direction
 * of what stands behind them, and without halves of a surrogate pair; no space at either end.
 */
export const tidyText = (text: string): string =>
  text.replaceAll(/\r\n?/g, '\n').replaceAll(unseen, '').normalize('NFC').trim()

/**
 * How long it is, as schemas count (`maxLength`): code points, of which a letter is one after NFC. What looks like one sign
 * may be many of them; counted as one, a single letter could carry a thousand marks.
 */
export const lengthOf = (text: string): number => [...text].length

/** Words of others as a terminal may show them: nothing in them moves its cursor, writes its title or turns its direction. */
export const forTerminal = (text: string): string => text.replaceAll(unseen, '\ufffd')

/** Members that are no text: of secrets and files each character counts. */
const verbatim = /^(pin|newPin|password|passPhrase|file)$/

/**
 * All texts of a request's body, tidied in place: the one rule for what people type, for every route there is. Whoever sends
 * bytes instead of JSON is not touched.
 */
export function tidyBody(body: unknown, name = ''): unknown {
  if (typeof body === 'string') return verbatim.test(name) ? body : tidyText(body)
  if (Array.isArray(body)) {
    for (const [index, one] of body.entries()) body[index] = tidyBody(one, name)
    return body
  }
  if (typeof body !== 'object' || body === null || Object.getPrototypeOf(body) !== Object.prototype) return body
  const members = body as Record<string, unknown>
  for (const [key, value] of Object.entries(members)) members[key] = tidyBody(value, key)
  return body
}
