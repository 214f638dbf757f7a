import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { folderOf } from '../program-files.ts'
import { fill, type Values } from './fill.ts'

/* The catalogues for what is not a page: the build, paper tickets, PDF. A new language is one more file in this folder. */

export type Catalogue = Readonly<Record<string, string>>
/** Says a sentence by its key, in one language. */
export type Say = { locale: string; (key: string, values?: Values): string }
export type Catalogues = ReturnType<typeof openCatalogues>

export const defaultLanguage = 'id'

/** Every language that has a file here, by its code. */
export function readCatalogues(folder = folderOf('catalogues')): Map<string, Catalogue> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return new Map(
    files.map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(folder, file), 'utf8')) as Catalogue]),
  )
}

/** Sentences for paper. Whoever asks for a language that is not there gets the default one. */
export function openCatalogues(catalogues = readCatalogues()) {
  return {
    languages: () => [...catalogues.keys()],
    speak(language: string): Say {
      const texts = catalogues.get(language) ?? catalogues.get(defaultLanguage) ?? {}
      const locale = texts['language.locale'] ?? 'id-ID'
      return Object.assign((key: string, values: Values = {}) => fill(texts[key] ?? key, values, locale), { locale })
    },
  }
}
