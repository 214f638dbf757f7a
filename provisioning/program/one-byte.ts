/**
 * One character beyond Latin-1 makes V8 keep a whole chunk with two bytes a character. Escaped they mean the same in
 * strings, templates, regular expressions and names; a backslash before one is part of its escape.
 */
export const escapeBeyondAscii = (code: string): string =>
  code.replace(/\\?[^\0-\x7f]|\\[\s\S]/g, (found) => {
    const last = found.charCodeAt(found.length - 1)
    return last > 0x7f ? `\\u${last.toString(16).padStart(4, '0')}` : found
  })
