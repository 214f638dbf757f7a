import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * Languages that no native speaker has read yet, by their codes: some sentences of kiosk, display and phone, the others stay
 * Indonesian. A page offers them where its office has switched them on. Read by the build only, from the repository's root.
 */
export const readDrafts = (): Map<string, Readonly<Record<string, string>>> =>
  new Map(
    globSync('appliance/pages/drafts/*.json')
      .sort()
      .map((path) => [basename(path, '.json'), JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>]),
  )
