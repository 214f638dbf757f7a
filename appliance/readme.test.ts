import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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

/* What README says in tables and examples is what the program does. */

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

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

test('files and folders that README names are there', () => {
  const linked = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, path]) => path ?? '')
  const plan = tableUnder('The house').map(([path]) => path ?? '')
  expect([...linked, ...plan].filter((path) => !existsSync(join(root, path)))).toEqual([])
  expect(plan.length).toBeGreaterThan(10)
})
