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

const languagesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))

/** Every language that has a file here, by its code. Throws where a room says a key that another one says. */
export const readCatalogues = (folder = folderOf('catalogues')): Map<string, Catalogue> =>
  new Map(languagesIn(folder).map((language) => [language, readCatalogue(folder, language)]))

function readCatalogue(folder: string, language: string): Catalogue {
  const file = `${language}.json`
  return mergeCatalogues([
    join(folder, file),
    ...filesOfRooms(new RegExp(`^messages\\.${file}$`)).map(({ path }) => path),
    ...(['consoleWords', 'doctorWords'] as const)
      .map((name) => join(folderOf(name), `messages.${file}`))
      .filter((path) => existsSync(path)),
  ])
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

/**
 * Sentences for paper. Whoever asks for a language that is not there gets the default one. A language is read when it is first
 * spoken: few offices print in more than one, and a thread that sets a letter lives for that letter only.
 */
export function openCatalogues(folder = folderOf('catalogues')) {
  const languages = languagesIn(folder)
  const read = new Map<string, Catalogue>()

  function textsIn(asked: string): Catalogue {
    const language = languages.includes(asked) ? asked : defaultLanguage
    const texts = read.get(language) ?? readCatalogue(folder, language)
    read.set(language, texts)
    return texts
  }

  return {
    languages: () => [...languages],
    speak(language: string): Say {
      const texts = textsIn(language)
      const locale = texts['language.locale'] ?? 'id-ID'
      return Object.assign((key: string, values: Values = {}) => fill(texts[key] ?? key, values, locale), { locale })
    },
  }
}
