/** A text that came from outside as PostgreSQL and any JSON reader take it: no U+0000, no half surrogate, not endless. */
export const cleanText = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed().slice(0, 500)
