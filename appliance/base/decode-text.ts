/*
 * What people carry in files as text, however a program of theirs has saved it. Pure, nothing of Node: pages read the files
 * that they are given by the same rule.
 */

/** UTF-8 with its mark or without, UTF-16 ("Unicode" of Windows' Notepad), and where it is none of these what Windows has in Europe. */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes)
  if (encoding) return new TextDecoder(encoding).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** What the first bytes of a file say of its encoding: a byte-order mark, else UTF-16 by its zeros. Null: neither. */
export function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  const zeros = [...bytes.subarray(0, 4096).entries()].filter(([, byte]) => byte === 0)
  const odd = zeros.filter(([at]) => at % 2 === 1).length
  const even = zeros.length - odd
  if (odd > even) return 'utf-16le'
  return even > odd ? 'utf-16be' : null
}
