import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

type Catalogue = { [key: string]: string | Catalogue }
type I18n = {
  i18n: {
    catalog(namespace: string, language: string): Catalogue | undefined
    i: { addResourceBundle(language: string, namespace: string, texts: Catalogue, deep: boolean, over: boolean): void }
  }
}

/**
 * Gives Node-RED's own pages Indonesian words, from `<folder>/<namespace>.json` (editor, node-red …): it brings none. What
 * is not translated stays English.
 */
export async function addIndonesian({ i18n }: I18n, folder: string): Promise<void> {
  if (!existsSync(folder)) return
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const namespace = basename(file, '.json')
    const ours = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Catalogue
    i18n.i.addResourceBundle('id', namespace, merged(i18n.catalog(namespace, 'en-US') ?? {}, ours), true, true)
  }
}

function merged(english: Catalogue, ours: Catalogue): Catalogue {
  const whole: Catalogue = { ...english }
  for (const [key, text] of Object.entries(ours)) {
    const base = whole[key]
    whole[key] = typeof text === 'object' ? merged(typeof base === 'object' ? base : {}, text) : text
  }
  return whole
}
