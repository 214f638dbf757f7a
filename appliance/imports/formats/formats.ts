import type { SheetRow } from '../files/cells.ts'
import { aid } from './aid.ts'
import { bips } from './bip.ts'
import type { Format, FormatName, Layout } from './format.ts'
import { opendk } from './opendk.ts'
import { opensid } from './opensid.ts'
import { plain } from './plain.ts'
import { siak } from './siak.ts'

/** Each before those that would take its files for theirs. */
export const formats: readonly Format[] = [opendk, opensid, siak, ...bips, aid, plain]

/** What kind of file this is the top of. Null: nothing stands there. */
export function recogniseFormat(head: readonly SheetRow[]): { format: Format; layout: Layout } | null {
  for (const format of formats) {
    const layout = format.recognise(head)
    if (layout) return { format, layout }
  }
  return null
}

export const formatNamed = (name: FormatName): Format => {
  const found = formats.find((format) => format.name === name)
  if (!found) throw new Error(`There is no format ${name}.`)
  return found
}
