import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as messages from './messages.ts'

/* schemas/ has each message as JSON Schema for whoever writes no TypeScript. BALAI_WRITE_SCHEMAS=1 writes them anew. */

const folder = join(import.meta.dirname, 'schemas')
const schemas = Object.entries(messages).flatMap(([name, value]) =>
  /^[A-Z]/.test(name) && typeof value === 'object' && 'properties' in value && value.properties ? [[name, value]] : [],
) as [string, object][]

const textOf = (name: string, schema: object): string =>
  `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: name, ...schema }, null, 2)}\n`

test('each message of the contract stands as JSON Schema, and nothing else does', () => {
  expect(schemas.length).toBeGreaterThan(15)
  if (process.env.BALAI_WRITE_SCHEMAS) {
    mkdirSync(folder, { recursive: true })
    for (const [name, schema] of schemas) writeFileSync(join(folder, `${name}.json`), textOf(name, schema))
  }
  expect(readdirSync(folder).sort()).toEqual(schemas.map(([name]) => `${name}.json`).sort())
  for (const [name, schema] of schemas)
    expect(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))).toEqual(JSON.parse(textOf(name, schema)))
})
