import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { folder } from './testing/node-red.ts'

/* The Indonesian words of Node-RED's own editor and nodes, beside the English ones of the version that we ship. */

type Catalogue = { [key: string]: string | Catalogue }

const words = join(folder, 'locales', 'id')
const namespaces = readdirSync(words).map((file) => basename(file, '.json'))
const nodeRed = join(folder, '..', 'node_modules', '@node-red')
/** Where the English of a namespace is. */
const english: Record<string, string> = {
  editor: 'editor-client/locales/en-US/editor.json',
  infotips: 'editor-client/locales/en-US/infotips.json',
  'node-red': 'nodes/locales/en-US/messages.json',
  runtime: 'runtime/locales/en-US/runtime.json',
}
const flat = (all: Catalogue, before = ''): [string, string][] =>
  Object.entries(all).flatMap<[string, string]>(([key, one]) =>
    typeof one === 'string' ? [[before + key, one]] : flat(one, `${before}${key}.`),
  )
const read = (file: string) => new Map(flat(JSON.parse(readFileSync(file, 'utf8')) as Catalogue))
const ours = (namespace: string) => read(join(words, `${namespace}.json`))
const theirs = (namespace: string) => read(join(nodeRed, english[namespace] ?? ''))
/** The language's own name is the one word that English has not. */
const isOurs = (key: string) => key === 'languages.id'
/** Node-RED renames its `_plural` to the `_other` of i18next 4 as it reads. */
const inEnglish = (key: string) => key.replace(/_other$/, '_plural')

/** What a program fills in or reads: values, actions, tags, entities, keys, names of functions, line ends, spaces at the ends. */
const marks = (text: string): string[] => {
  const parts = text.matchAll(/__\w+?__|\{\{.*?\}\}|\$t\(.*?\)|<[^>]*>|&#?\w+;|\[[a-z]+\]|\$\w+|\n|^ | $/g)
  return [...parts].map(([part]) => part).sort()
}

test('each file is of a catalogue that Node-RED has', () => {
  expect(namespaces.filter((name) => !english[name])).toEqual([])
  expect(namespaces).toEqual(expect.arrayContaining(['editor', 'node-red']))
})

test.each(namespaces)('every word of %s is asked for by Node-RED', (namespace) => {
  const known = theirs(namespace)
  expect([...ours(namespace).keys()].filter((key) => !isOurs(key) && !known.has(inEnglish(key)))).toEqual([])
})

test.each(namespaces)('every sentence of %s keeps the values and the tags of the English one', (namespace) => {
  const known = theirs(namespace)
  for (const [key, text] of ours(namespace))
    if (!isOurs(key)) expect(marks(text), key).toEqual(marks(known.get(inEnglish(key)) ?? ''))
})

test.each(namespaces)('what %s counts has the one form that Indonesian has, and nothing is empty', (namespace) => {
  const known = theirs(namespace)
  const all = ours(namespace)
  expect([...all.keys()].filter((key) => key.endsWith('_plural') || known.has(`${key}_plural`))).toEqual([])
  expect([...all].filter(([, text]) => !text.trim())).toEqual([])
})

test('a node of the closed palette has all its words, and so have the menus, the deploy button and the dialogs', () => {
  const whole = {
    'node-red': /^(common|inject|debug|complete|catch|status|link|comment|switch|change|range|template|delay)\./,
    editor: /^(common\.label\.(?!clone)|workspace|deploy|search|editableList|typedInput|contextMenu|keyboard)/,
  }
  for (const [namespace, part] of Object.entries(whole)) {
    const all = ours(namespace)
    const known = theirs(namespace)
    const wanted = [...known.keys()].filter((key) => part.test(key) && !known.has(`${key}_plural`))
    expect(wanted.filter((key) => !all.has(key.replace(/_plural$/, '_other')))).toEqual([])
  }
})
