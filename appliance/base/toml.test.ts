import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Type } from 'typebox'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from './errors.ts'
import { PathString, ReadableFile, readToml } from './toml.ts'

const Config = Type.Object(
  {
    name: Type.String({ description: 'a name' }),
    zone: Type.String({ pattern: '^Asia/', default: 'Asia/Jakarta', description: 'Asia/Jakarta, Asia/Makassar' }),
    data: PathString('a folder'),
    mqtt: Type.Object(
      {
        url: Type.String({ pattern: '^mqtts?://', description: 'mqtt://host[:port] or mqtts://host[:port]' }),
        ca: Type.Optional(ReadableFile('a PEM file')),
      },
      { additionalProperties: false },
    ),
    districts: Type.Optional(
      Type.Array(Type.String({ pattern: '^[0-9]{6}$' }), { description: 'a list of six digits each' }),
    ),
    console: Type.Object(
      { port: Type.Integer({ default: 8080, description: 'a port' }) },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false },
)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'balai-toml-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function read(text: string) {
  const file = join(folder, 'balai.toml')
  writeFileSync(file, text)
  return readToml(file, Config)
}

function mistakes(text: string): string[] {
  try {
    read(text)
  } catch (error) {
    if (error instanceof AppError) return error.message.replaceAll(join(folder, ''), '').split('\n')
    throw error
  }
  return []
}

test('what is left out has its default, and paths count from the file’s folder', () => {
  expect(read('name = "a"\ndata = "state"\n[mqtt]\nurl = "mqtt://h"')).toEqual({
    name: 'a',
    zone: 'Asia/Jakarta',
    data: join(folder, 'state'),
    mqtt: { url: 'mqtt://h' },
    console: { port: 8080 },
  })
})

test('every mistake is named at once: key, what stands there, what is allowed', () => {
  expect(
    mistakes(
      'zone = "Europe/Berlin"\ndata = "d"\ndistricts = ["1"]\nnmae = "x"\n[mqtt]\nurl = "foo"\nca = "none.pem"\n[console]\nport = "http"',
    ).sort(),
  ).toEqual([
    '/balai.toml: console.port: is "http"; allowed: a port',
    '/balai.toml: districts: is ["1"]; allowed: a list of six digits each',
    `/balai.toml: mqtt.ca: /none.pem cannot be read (ENOENT); allowed: a PEM file`,
    '/balai.toml: mqtt.url: is "foo"; allowed: mqtt://host[:port] or mqtts://host[:port]',
    '/balai.toml: name: is missing; allowed: a name',
    '/balai.toml: nmae: is not a known key; allowed: name, zone, data, mqtt, districts, console',
    '/balai.toml: zone: is "Europe/Berlin"; allowed: Asia/Jakarta, Asia/Makassar',
  ])
})

test('a password in a URL is not repeated', () => {
  expect(mistakes('name = "a"\ndata = "d"\n[mqtt]\nurl = "http://me:geheim@host"')).toEqual([
    '/balai.toml: mqtt.url: is "http://…@host"; allowed: mqtt://host[:port] or mqtts://host[:port]',
  ])
})

test('a table that is missing or of another type is named', () => {
  expect(mistakes('name = "a"\ndata = "d"\nmqtt = 3')).toEqual(['/balai.toml: mqtt: is 3; allowed: must be object'])
  expect(mistakes('name = "a"\ndata = "d"')).toEqual(['/balai.toml: mqtt: is missing'])
})

test('text that is no TOML is named by its line', () => {
  expect(mistakes('name = "a"\ndata = ')).toEqual([expect.stringMatching(/^\/balai\.toml: line 2, column \d+: /)])
})

test.each([
  ['utf8', 'with a byte-order mark'],
  ['utf16le', 'as "Unicode"'],
] as const)('R18: what Notepad has saved in %s, %s, reads the same', (encoding, _how) => {
  const text = 'name = "Désa"\r\ndata = "/x"\r\n[mqtt]\r\nurl = "mqtt://a"\r\n'
  const file = join(folder, 'notepad.toml')
  writeFileSync(file, Buffer.from(`\ufeff${text}`, encoding))
  expect(readToml(file, Config)).toMatchObject({ name: 'Désa', mqtt: { url: 'mqtt://a' } })
})

test('A15: a name is tidied like what people type, an address is left as it stands', () => {
  const file = join(folder, 'names.toml')
  writeFileSync(file, 'name = " De\u0301sa\\u202e "\ndata = "/x"\n[mqtt]\nurl = "mqtt://a\u0301"\n')
  expect(readToml(file, Config)).toMatchObject({ name: 'D\u00e9sa', mqtt: { url: 'mqtt://a\u0301' } })
})

test('a file that is not there is named', () => {
  expect(() => readToml(join(folder, 'none.toml'), Config)).toThrow(/none\.toml: cannot be read \(ENOENT\)/)
})
