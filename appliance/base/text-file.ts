import { readFileSync } from 'node:fs'
import { decodeText } from './decode-text.ts'

/** The text of a file that a person has made, changed or carried here, which may have passed through Windows on the way. */
export const readTextFile = (path: string): string => decodeText(readFileSync(path))
