/** Line break and tab are the only controlling characters that people type. */
const unseen = /(?![\n\t])\p{Cc}|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/gu

/**
 * What people typed, as it is kept: NFC, line breaks alike, without characters that nobody sees or that turn the direction
 * of what stands behind them, and without halves of a surrogate pair; no space at either end.
 */
export const tidyText = (text: string): string =>
  text.replaceAll(/\r\n?/g, '\n').replaceAll(unseen, '').normalize('NFC').trim()
