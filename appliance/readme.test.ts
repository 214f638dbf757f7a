import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'smol-toml'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { HubToml } from '../regency/base/config.ts'
import { parseVillages } from '../regency/base/villages.ts'
import { exitCode } from './base/errors.ts'
import { demoEngineer } from './cli/demo-hub.ts'
import { demoPeople } from './cli/demo-office.ts'
import { demoVillages } from './cli/demo-villages.ts'
import { BoxFile } from './config.ts'
import { rooms } from './rooms.ts'

/* What README and docs say in tables and examples is what the program does. */

const root = join(import.meta.dirname, '..')
const docs = globSync('docs/*.md', { cwd: root }).sort()
const readme = ['README.md', 'ARCHITECTURE.md', ...docs]
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n')

/** The rows of the table below a heading, cells without their marks. */
function tableUnder(heading: string): string[][] {
  const part = readme.split(/^#+ /m).find((one) => one.startsWith(`${heading}\n`) && /^\|/m.test(one))
  const rows = part?.match(/^\|.*\|$/gm)?.slice(2) ?? []
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
}

/** The code block of a language that begins so. */
function blockOf(language: string, beginning: string): string {
  const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  return blocks.find(([, kind, text]) => kind === language && text?.startsWith(beginning))?.[2] ?? ''
}

type Node = TSchema & {
  properties?: Record<string, Node>
  required?: string[]
  default?: unknown
  description?: string
}

/** Every key of a configuration file with what it is and what holds without it. */
function keysOf(schema: Node, at = ''): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => {
    if (node.properties) return keysOf(node, `${at}${name}.`)
    const needed = schema.required?.includes(name) ? 'needed' : ''
    return [
      [`${at}${name}`, node.description ?? '', node.default === undefined ? needed : JSON.stringify(node.default)],
    ]
  })
}

test('the example villages are those of the demo', () => {
  const villages = demoVillages.map(({ village, kind, name, district }) => [village, kind, name, district])
  expect(tableUnder('Example villages')).toEqual(villages)
})

test('the PINs are those of the demo', () => {
  const people = [...demoPeople, demoEngineer].map(({ name, pin }) => [name, pin])
  expect(tableUnder('PINs of the demo').map(([name, , pin]) => [name, pin])).toEqual(people)
})

test.each([
  ['balai.toml', BoxFile],
  ['hub.toml', HubToml],
] as const)('the table of %s is its schema', (name, schema) => {
  expect(tableUnder(name)).toEqual(keysOf(schema as unknown as Node))
})

test.each([
  ['balai.toml', BoxFile],
  ['hub.toml', HubToml],
] as const)('the example of %s is valid', (name, schema) => {
  const validator = Compile(schema)
  const example = validator.Default(parse(blockOf('toml', `# ${name}`)))
  expect(validator.Errors(example)).toEqual([])
})

test('the example of villages.csv is valid', () => {
  expect(parseVillages(blockOf('csv', 'code'))).toHaveLength(2)
})

test('the exit codes are those of the program', () => {
  expect(tableUnder('Exit codes').map(([code]) => Number(code))).toEqual(Object.values(exitCode).sort((a, b) => a - b))
})

const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'bench/README.md', 'images/README.md', ...docs]

test.each(documents)('files and folders that %s names are there, and its npm commands', (document) => {
  const text = readFileSync(join(root, document), 'utf8')
  const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)].map(([, path]) =>
    join(dirname(document), path ?? ''),
  )
  const named = [...text.matchAll(/`((?:appliance|regency|provisioning|testing|bench|images)\/[\w./-]+)`/g)].map(
    ([, path]) => path ?? '',
  )
  expect([...linked, ...named].filter((path) => !existsSync(join(root, path)))).toEqual([])
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const called = [...text.matchAll(/npm (?:run )?(start|test|build|bench|simulate|screens|image)\b/g)].map(
    ([, name]) => name ?? '',
  )
  expect(called.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})

test('ARCHITECTURE’s plan of the house and its storeys have every room', () => {
  expect(tableUnder('The house').length).toBeGreaterThan(10)
  const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const line = /appliance\/<room>\/\s+([\s\S]*?)\n {4}appliance\/pages/.exec(architecture)?.[1] ?? ''
  expect(
    line
      .split(/[\s·]+/)
      .filter(Boolean)
      .sort(),
  ).toEqual(rooms.map(({ name }) => name).sort())
})

test('the record that ARCHITECTURE shows is the survey’s own', () => {
  const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const shown = /export const surveyRoom[\s\S]*?satisfies Room/.exec(architecture)?.[0] ?? ''
  const own = /export const surveyRoom[\s\S]*?satisfies Room/.exec(
    readFileSync(join(root, 'appliance/survey/room.ts'), 'utf8'),
  )?.[0]
  expect(shown.replace(/ +\/\/.*$/gm, '')).toBe(own)
})

test('README leads to every page of docs', () => {
  const front = readFileSync(join(root, 'README.md'), 'utf8')
  expect(docs.length).toBeGreaterThan(3)
  expect(docs.filter((path) => !front.includes(`](${path})`))).toEqual([])
})
