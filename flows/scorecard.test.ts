import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, readFlow } from './testing/node-red.ts'

/* What Node-RED's own check asks of a package before it is listed, and what we ask besides. */

type Catalogue = { [key: string]: string | Catalogue }

const read = (file: string) => readFileSync(join(folder, file), 'utf8')
const about = JSON.parse(read('package.json')) as {
  name: string
  type: string
  license: string
  keywords: string[]
  repository: { url: string }
  engines: { node: string }
  dependencies?: object
  'node-red': { version: string; nodes: Record<string, string> }
}
const names = Object.keys(about['node-red'].nodes)
const languages = ['en-US', 'id'] as const
const typeOf = (name: string) => /registerType\('([^']+)'/.exec(read(`nodes/${name}.html`))?.[1] ?? ''
const keysOf = (value: Catalogue, before = ''): string[] =>
  Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'string' ? [before + key] : keysOf(one, `${before}${key}.`),
  )
const catalogue = (language: string, name: string) =>
  JSON.parse(read(`nodes/locales/${language}/${name}.json`)) as Catalogue

test('the package says what Node-RED’s library asks for, and brings nothing along', () => {
  expect(about).toMatchObject({
    name: expect.stringMatching(/^@[a-z]+\/node-red-[a-z]+$/),
    type: 'module',
    license: 'Apache-2.0',
    keywords: expect.arrayContaining(['node-red']),
    repository: { url: expect.stringMatching(/^git\+https:/) },
    engines: { node: expect.stringMatching(/^>=/) },
    'node-red': { version: '>=5.0.0' },
  })
  expect(about.dependencies).toBeUndefined()
})

test('the package carries the licence of the whole', () => {
  expect(read('LICENSE')).toBe(read('../LICENSE'))
})

test('every node of the map is an ES module with a page, and every file of a node is in the map', () => {
  for (const name of names) {
    expect(about['node-red'].nodes[name]).toBe(`nodes/${name}.js`)
    expect(read(`nodes/${name}.js`)).toMatch(/^export default (async )?function \w+\(RED\)/m)
    expect(existsSync(join(folder, `nodes/${name}.html`))).toBe(true)
  }
  const files = readdirSync(join(folder, 'nodes')).filter((file) => file.endsWith('.html'))
  expect(files.map((file) => file.replace('.html', '')).sort()).toEqual([...names].sort())
})

test('types are unique, alike in code, page and help, and begin with balai', () => {
  const types = names.map(typeOf)
  expect(new Set(types).size).toBe(names.length)
  for (const name of names) {
    const type = typeOf(name)
    expect(type).toMatch(/^balai[ -]/)
    expect(read(`nodes/${name}.js`)).toContain(`'${type}'`)
    expect(read(`nodes/${name}.html`)).toContain(`data-template-name="${type}"`)
    for (const language of languages)
      expect(read(`nodes/locales/${language}/${name}.html`)).toContain(`data-help-name="${type}"`)
  }
})

test('every node keeps the version of its settings, and its icon is there', () => {
  for (const name of names) {
    const page = read(`nodes/${name}.html`)
    expect(page, name).toMatch(/v: \{ value: \d+ \}/)
    const icon = /icon: '([^']+)'/.exec(page)?.[1]
    if (icon) expect(existsSync(join(folder, 'nodes/icons', icon)), icon).toBe(true)
  }
})

test.each(names)('%s has an example that imports', (name) => {
  const flow = readFlow(`examples/${name}.json`)
  expect(flow.map(({ type }) => type)).toContain(typeOf(name))
  const ids = new Set(flow.map(({ id }) => id))
  for (const node of flow)
    for (const to of (node.wires ?? []).flat()) expect(ids.has(to), `${node.id} → ${to}`).toBe(true)
})

test.each(names)('%s has the same words in both languages, and all that its page asks for', (name) => {
  const [english, indonesian] = languages.map((language) => keysOf(catalogue(language, name)).sort())
  expect(indonesian).toEqual(english)
  const page = read(`nodes/${name}.html`)
  const asked = [...page.matchAll(/data-i18n="([^"@]+)"|_\('([^']+)'\)/g)].map(([, a, b]) => a ?? b)
  expect(asked.filter((key) => key && !english?.includes(key))).toEqual([])
  const shared = [...page.matchAll(/data-i18n="@balai\/node-red-balai\/balai-box:([^"]+)"/g)].map(([, key]) => key)
  expect(shared.filter((key) => key && !keysOf(catalogue('id', 'balai-box')).includes(key))).toEqual([])
})

test('what nodes show and complain of has a sentence, and no sentence is left over', () => {
  const sources = readdirSync(join(folder, 'nodes'))
    .filter((file) => file.endsWith('.js'))
    .map((file) => read(`nodes/${file}`))
    .join('\n')
  const said = keysOf(catalogue('id', 'balai-box')).filter((key) => /^(status|problem)\./.test(key))
  const named = new Set([...sources.matchAll(/'([a-z-]+|(?:status|problem)\.[a-z-]+)'/g)].map(([, key]) => key))
  expect(said.filter((key) => !named.has(key) && !named.has(key.replace(/^\w+\./, '')))).toEqual([])
  const asked = [
    ...[...sources.matchAll(/new Problem\('([a-z-]+)'/g)].map(([, key]) => `problem.${key}`),
    ...[...sources.matchAll(/showState\(RED, node, '[a-z]+', '([a-z-]+)'/g)].map(([, key]) => `status.${key}`),
    ...[...sources.matchAll(/say\(RED, '([a-z.-]+)'/g)].map(([, key]) => key),
  ]
  expect(asked.length).toBeGreaterThan(50)
  expect(asked.filter((key) => key && !said.includes(key))).toEqual([])
})

test('sentences take the same values in both languages', () => {
  const [english, indonesian] = languages.map((language) => catalogue(language, 'balai-box')) as [Catalogue, Catalogue]
  const values = (all: Catalogue, key: string) =>
    [
      ...String(key.split('.').reduce<string | Catalogue>((at, part) => (at as Catalogue)[part] ?? '', all)).matchAll(
        /__\w+?__/g,
      ),
    ]
      .map(([value]) => value)
      .sort()
  for (const key of keysOf(english)) expect(values(indonesian, key), key).toEqual(values(english, key))
})
