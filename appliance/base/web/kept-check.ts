import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LetterListSaid } from '../../wire/judge-letter.ts'
import { folderOf } from '../program-files.ts'

/** What it is saved as. */
export const keptCheckName = 'periksa-surat.html'

/**
 * The page that a phone keeps (pages/keep), with this list in it: whole by itself, it needs no server and no line. `names`: of
 * villages, by code.
 */
export function fillKeptCheck(list: LetterListSaid & { names?: Readonly<Record<string, string>> }): string {
  const page = readFileSync(join(folderOf('pages'), 'kept-check.html'), 'utf8')
  // Within a script no text may end it.
  const text = JSON.stringify(list).replaceAll('<', '\\u003c')
  return page.replace('{"list":"here"}', () => text)
}
