import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { addIndonesian } from './translation.ts'

/* Node-RED's own i18next with its English catalogues and our words, as an editor's page asks it. */

type Words = { [key: string]: string | Words }
type Util = Parameters<typeof addIndonesian>[0] & {
  init(settings: object): void
  i18n: {
    registerMessageCatalog(namespace: string, folder: string, file: string): Promise<void>
    i: {
      t(key: string, options: { lng: string; count?: number }): string
      getResourceBundle(language: string, namespace: string): Words | undefined
    }
  }
}

const load = createRequire(import.meta.url)
const util = load('@node-red/util') as Util
const localesOf = (name: string) => join(dirname(load.resolve(`@node-red/${name}/package.json`)), 'locales')
const say = (key: string, count?: number) =>
  util.i18n.i.t(key, { lng: 'id-ID', ...(count === undefined ? {} : { count }) })

beforeAll(async () => {
  util.init({ lang: 'id', logging: { console: { level: 'off' } } })
  await util.i18n.registerMessageCatalog('editor', localesOf('editor-client'), 'editor.json')
  await util.i18n.registerMessageCatalog('node-red', localesOf('nodes'), 'messages.json')
  addIndonesian(util, join(import.meta.dirname, '..', '..', '..', 'flows', 'locales', 'id'))
})

test('what is translated is Indonesian, what is not is English, key by key', () => {
  expect(say('editor:deploy.full')).toBe('Semua')
  expect(say('node-red:inject.days.0')).toBe('Senin')
  expect(say('editor:projects.create.open')).toBe('Open Project')
})

test('Indonesian counts with one form; what stays English counts as English does', () => {
  expect([1, 2].map((count) => say('editor:clipboard.node', count))).toEqual(['1 node', '2 node'])
  expect([1, 2].map((count) => say('editor:palette.editor.moduleCount', count))).toEqual([
    '1 module available',
    '2 modules available',
  ])
})

test('the catalogue of an editor that asks is ours alone, and its settings offer the language by name', () => {
  const editor = util.i18n.i.getResourceBundle('id', 'editor')
  expect(editor).toMatchObject({ menu: { label: { import: 'Impor' } } })
  expect(editor).not.toHaveProperty('projects')
  expect(util.i18n.availableLanguages('editor')).toContain('id')
  expect(util.i18n.i.t('editor:languages.id', { lng: 'en-US' })).toBe('Bahasa Indonesia')
})

test('without our words Node-RED stays as it is', () => {
  expect(() => addIndonesian(util, '/nowhere')).not.toThrow()
})
