import { createPrivateKey, X509Certificate } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { AppError } from './errors.ts'
import { readTextFile } from './text-file.ts'
import { tidyText } from './tidy-text.ts'

/*
 * Configuration files of box and hub. The schema is the documentation: `description` says what is allowed, `default`
 * fills what is left out, and objects take `additionalProperties: false`, so that a misspelt key is found.
 */

/** What is wrong with one key. `path` is dotted: `mqtt.url`. */
type Mistake = { path: string; problem: string; allowed?: string }

/** A path in a configuration file. Relative ones count from the file's own folder; the value comes back absolute. */
export const PathString = (description: string) => Type.String({ minLength: 1, description, location: 'any' })

/** Like `PathString`, of a file that must be readable when the configuration is read. */
export const ReadableFile = (description: string) => Type.String({ minLength: 1, description, location: 'file' })

/**
 * Reads a TOML file by its schema. Throws one AppError (`invalid`, code `config`) that names every mistake in it, a
 * line each: file, key, what stands there, what is allowed. Passwords in URLs are not repeated.
 */
export function readToml<T extends TSchema>(path: string, schema: T): Static<T> {
  const validator = Compile(schema)
  const folder = dirname(resolve(path))
  const mistakes: Mistake[] = []
  const value = validator.Default(resolvePaths(tidyNames(parseToml(path)), schema, folder, '', mistakes))
  if (!validator.Check(value))
    mistakes.push(
      ...describe(
        findAll(() => validator.Errors(value)),
        schema,
        value,
      ),
    )
  if (mistakes.length > 0) throw configError(path, mistakes)
  return value as Static<T>
}

/** Names for people. What else stands there is an address, a path or a secret, of which each character counts. */
const names = ['name', 'district', 'regency']

function tidyNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      names.includes(key) && typeof member === 'string' ? tidyText(member) : member,
    ]),
  )
}

/** TypeBox stops at eight errors, which is right for what comes from the network and wrong for a person's file. */
function findAll<T>(find: () => T): T {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: 1_000 })
  try {
    return find()
  } finally {
    Settings.Set({ maxErrors })
  }
}

function parseToml(path: string): unknown {
  try {
    return parse(readTextFile(path))
  } catch (error) {
    if (error instanceof TomlError) {
      const why = error.message.split('\n')[0] ?? ''
      throw new AppError('invalid', 'config', `${path}: line ${error.line}, column ${error.column}: ${why}`, {
        mistakes: 1,
      })
    }
    const code = (error as NodeJS.ErrnoException).code
    if (code) throw new AppError('invalid', 'config', `${path}: cannot be read (${code})`, { mistakes: 1 })
    throw error
  }
}

function configError(file: string, mistakes: readonly Mistake[]): AppError {
  const lines = mistakes.map(({ path, problem, allowed }) => {
    const remedy = allowed ? `; allowed: ${allowed}` : ''
    return `${file}: ${path ? `${path}: ` : ''}${problem}${remedy}`
  })
  return new AppError('invalid', 'config', lines.join('\n'), { mistakes: mistakes.length })
}

type Node = TSchema & {
  type?: string
  description?: string
  location?: string
  properties?: Record<string, Node>
  items?: Node
}

/** A copy with each path made absolute; notes the files that cannot be read. */
function resolvePaths(value: unknown, schema: Node, folder: string, at: string, mistakes: Mistake[]): unknown {
  if (typeof value === 'string' && schema.location) {
    const path = resolve(folder, value)
    if (schema.location === 'file') {
      const code = readFailure(path)
      if (code) mistakes.push({ path: at, problem: `${path} cannot be read (${code})`, allowed: schema.description })
    }
    return path
  }
  const properties = schema.properties
  if (!properties || !isTable(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const known = properties[key]
      return [key, known ? resolvePaths(member, known, folder, at ? `${at}.${key}` : key, mistakes) : member]
    }),
  )
}

function readFailure(path: string): string | null {
  try {
    accessSync(path, constants.R_OK)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'error'
  }
}

/** What is wrong with a certificate and its key, both PEM files; null when the key is the certificate's. */
export function pairMistake(certificatePath: string, keyPath: string): string | null {
  const open = <T>(path: string, what: string, read: (pem: string) => T): T | string => {
    try {
      return read(readTextFile(path))
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException
      return syscall ? `${path} cannot be read (${code})` : `${path} is not ${what} in PEM`
    }
  }
  const certificate = open(certificatePath, 'a certificate', (pem) => new X509Certificate(pem))
  if (typeof certificate === 'string') return certificate
  const key = open(keyPath, 'a key', createPrivateKey)
  if (typeof key === 'string') return key
  return certificate.checkPrivateKey(key) ? null : `${keyPath} is not the key of ${certificatePath}`
}

type SchemaError = { keyword: string; instancePath: string; message: string; params: object }

/** One mistake for each key, however many checks it fails. */
function describe(errors: readonly SchemaError[], schema: Node, value: unknown): Mistake[] {
  const mistakes = new Map<string, Mistake>()
  const add = (mistake: Mistake) => {
    if (!mistakes.has(mistake.path)) mistakes.set(mistake.path, mistake)
  }
  for (const error of errors) {
    const keys = error.instancePath.split('/').slice(1)
    const { node, path } = findNode(schema, keys)
    const child = (name: string) => [...path, name].join('.')
    if (error.keyword === 'required') {
      const { requiredProperties } = error.params as { requiredProperties: string[] }
      for (const name of requiredProperties) {
        add({ path: child(name), problem: 'is missing', allowed: node.properties?.[name]?.description })
      }
    } else if (error.keyword === 'additionalProperties') {
      const { additionalProperties } = error.params as { additionalProperties: string[] }
      const known = Object.keys(node.properties ?? {}).join(', ')
      for (const name of additionalProperties) add({ path: child(name), problem: 'is not a known key', allowed: known })
    } else if (error.keyword !== 'boolean') {
      const found = path.reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], value)
      add({ path: path.join('.'), problem: `is ${show(found)}`, allowed: node.description ?? error.message })
    }
  }
  return [...mistakes.values()]
}

/** The deepest schema on the way to a value that has members of its own or is described. */
function findNode(schema: Node, keys: readonly string[]): { node: Node; path: string[] } {
  let node = schema
  const path: string[] = []
  for (const key of keys) {
    const next = node.properties?.[key] ?? node.items
    if (!next || (next.type !== 'object' && !next.description)) break
    node = next
    path.push(key)
  }
  return { node, path }
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** A value as it may be repeated on a screen: short, and without the password of a URL. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  const clean = text.replace(/:\/\/[^@"]*@/g, '://…@')
  return clean.length > 80 ? `${clean.slice(0, 79)}…` : clean
}
