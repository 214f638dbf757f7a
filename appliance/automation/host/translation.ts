import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

type Texts = { [key: string]: string | readonly string[] | Texts }
type I18n = {
  i18n: {
    availableLanguages(namespace: string): string[] | undefined
    i: { addResourceBundle(language: string, namespace: string, texts: Texts, deep: boolean, over: boolean): void }
  }
}

/**
 * Gives Node-RED's own pages Indonesian words, from `<folder>/<namespace>.json` (editor, node-red …): it brings none. What
 * is not translated stays English, key by key: i18next asks `id-ID`, `id`, then `en-US`, here and in the browser. English
 * must not be copied in: its "1 nodes" would then stand where English says "1 node". Comes after Node-RED's start, which
 * makes its list of languages.
 */
export function addIndonesian({ i18n }: I18n, folder: string): void {
  if (!existsSync(folder)) return
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const texts = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Texts
    i18n.i.addResourceBundle('id', basename(file, '.json'), texts, true, true)
    // A browser in English can be told Indonesian, in the editor's settings: it has to know the language's name.
    if (texts.languages) i18n.i.addResourceBundle('en-US', 'editor', { languages: texts.languages }, true, true)
  }
  const known = i18n.availableLanguages('editor')
  if (known && !known.includes('id')) known.push('id')
}
