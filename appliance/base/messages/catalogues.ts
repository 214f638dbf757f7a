import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { filesOfRooms, folderOf } from '../program-files.ts'
import { fill, type Values } from './fill.ts'

/*
 * The catalogues for what is not a page: the build, paper tickets, PDF. A room's own sentences
 * stand in its messages.<language>.json, those of the regency’s console and of `balai hub doctor` in theirs; a new language is one more file here and in each room that has sentences.
 */

export type Catalogue = Readonly<Record<string, string>>
/** Says a sentence by its key, in one language. */
export type Say = { locale: string; (key: string, values?: Values): string }
export type Catalogues = ReturnType<typeof openCatalogues>

export const defaultLanguage = 'id'

/** Every language that has a file here, by its code. Throws where a room says a key that another one says. */
export function readCatalogues(folder = folderOf('catalogues')): Map<string, Catalogue> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return new Map(
    files.map((file) => {
      const paths = [
        join(folder, file),
        ...filesOfRooms(new RegExp(`^messages\\.${file}$`)).map(({ path }) => path),
        ...(['consoleWords', 'doctorWords'] as const)
          .map((name) => join(folderOf(name), `messages.${file}`))
          .filter((path) => existsSync(path)),
      ]
      return [basename(file, '.json'), mergeCatalogues(paths)]
    }),
  )
}

function mergeCatalogues(paths: readonly string[]): Catalogue {
  const merged: Record<string, string> = {}
  for (const path of paths) {
    const texts = JSON.parse(readFileSync(path, 'utf8')) as Catalogue
    const twice = Object.keys(texts).find((key) => Object.hasOwn(merged, key))
    if (twice) throw new Error(`${path} says ${twice}, which is said already.`)
    Object.assign(merged, texts)
  }
  return merged
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
