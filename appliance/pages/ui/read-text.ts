import { decodeText } from '../../base/decode-text.ts'

/** The text of a file that somebody has chosen, however it was saved. */
export const readText = async (file: File): Promise<string> => decodeText(new Uint8Array(await file.arrayBuffer()))
