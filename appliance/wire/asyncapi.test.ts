import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import * as messages from './messages.ts'
import { claimOf, districtOf, enrolTopics, rollCallTopic, villageTopics } from './topics.ts'

type Node = { [member: string]: unknown }
type Document = {
  info: { description: string }
  channels: Record<string, { address: string; messages: Record<string, Node> }>
  components: { messages: Record<string, { payload: Node }>; schemas: Record<string, Node> }
}
const text = readFileSync(join(import.meta.dirname, 'asyncapi.yaml'), 'utf8')
const document = parse(text) as Document
const house = join(import.meta.dirname, '..', '..')

test('the channels are the topics that the code makes', () => {
  const village = '3510152012'
  const addresses = Object.entries(document.channels).map(([name, { address }]) => [
    name,
    address
      .replace('{district}', districtOf(village))
      .replace('{village}', village)
      .replace('{claim}', claimOf(village)),
  ])
  const { request: enrol, answer: enrolled } = enrolTopics(claimOf(village))
  expect(Object.fromEntries(addresses)).toEqual({
    ...villageTopics(village),
    enrol,
    enrolled,
    rollCall: rollCallTopic,
  })
})

const schemas = {
  Presence: messages.Presence,
  Health: messages.Health,
  Hello: messages.Hello,
  Batch: messages.Batch,
  HelloAck: messages.HelloAck,
  BatchAck: messages.BatchAck,
  RollCall: messages.RollCall,
  Want: messages.Want,
  Chunk: messages.Chunk,
  Manifest: messages.Manifest,
  DatasetWant: messages.DatasetWant,
  DatasetChunk: messages.DatasetChunk,
  FileWant: messages.FileWant,
  FileChunk: messages.FileChunk,
  FilePut: messages.FilePut,
  FilePutAck: messages.FilePutAck,
  Command: messages.Command,
  CertificateRequest: messages.CertificateRequest,
  CertificateAnswer: messages.CertificateAnswer,
}

/** What no channel carries. */
const others = { Receipt: messages.Receipt }

test.each(Object.entries({ ...schemas, ...others }))(
  'the schema of %s is the one that the code checks by',
  (name, schema) => {
    expect(canonical(document.components.schemas[name])).toEqual(canonical(schema))
  },
)

test('every message of a channel is one that the code checks, and none is left out', () => {
  const carried = Object.values(document.channels).flatMap(({ messages }) => Object.values(messages))
  const names = new Set(carried.map(({ $ref }) => String($ref).replace('#/components/messages/', '')))
  expect([...names].sort()).toEqual(Object.keys(messages.validators).sort())
  const payloads = Object.values(document.components.messages).map(({ payload }) => payload.$ref)
  expect(payloads.sort()).toEqual(
    Object.keys(schemas)
      .map((name) => `#/components/schemas/${name}`)
      .sort(),
  )
})

test('limits in the text are those of the code', () => {
  const { limits } = messages
  expect(document.info.description).toContain(
    `Limits: ${limits.unpackedBytes / 1024 ** 2} MiB unpacked, nesting ${limits.jsonDepth} deep (${limits.chunkJsonDepth} in a chunk), ` +
      `${limits.batchEntries} entries a batch, ${limits.marksPerEpoch} marks an epoch, ${limits.newEpochsPerDay} new epochs a day`,
  )
  expect(document.info.description).toContain(`do not count, up to ${limits.namedEpochs.toLocaleString('en')})`)
  expect(document.info.description).toContain(`${limits.helloEpochs.toLocaleString('en')} epochs a hello`)
  expect(document.info.description).toContain(`at most ${limits.batchWireBytes / 1024} KiB a batch`)
  expect(document.info.description).toContain(`A want names at most ${limits.wantEpochs} epochs`)
  expect(document.info.description).toContain(
    `${limits.batchEntries} entries, ${limits.chunkWireBytes / 1024} KiB on the wire`,
  )
  expect(document.info.description).toContain(`at most ${limits.chunkUnpackedBytes / 1024} KiB unpacked`)
  expect(document.info.description.replaceAll(/\s+/g, ' ')).toContain(
    `at most ${limits.datasets} datasets, each of ${limits.datasetBytes / 1024 ** 2} MiB as gzip and ` +
      `${limits.datasetUnpackedBytes / 1024 ** 2} MiB unpacked, ${limits.pieceBytes / 1024} KiB of it in a chunk; ` +
      `a command has at most ${limits.commandBytes / 1024} KiB, a file that a box sends ${limits.putBytes / 1024} KiB`,
  )
})

test('every rule is named by the title of a test, and no title names another', () => {
  const rules = [...document.info.description.matchAll(/\*\*(SYNC-\d{3})\*\*/g)].map(([, rule]) => rule)
  expect(new Set(rules).size).toBe(rules.length)
  const titles = ['appliance', 'regency', 'provisioning', 'bench'].flatMap(readTestTitles)
  const named = titles.flatMap((title) => title.match(/SYNC-\d+/g) ?? [])
  expect([...new Set(named)].sort()).toEqual(rules.sort())
})

function readTestTitles(folder: string): string[] {
  return readdirSync(join(house, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap(
      (file) => readFileSync(join(house, folder, file), 'utf8').match(/(?<=\b(?:test|describe)\(\s*')[^']+/g) ?? [],
    )
}

/** A schema with its references put in place, without descriptions, each choice written in one way. */
function canonical(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(canonical)
  if (typeof node !== 'object' || node === null) return node
  const { $ref, description, patternProperties, ...own } = node as Node
  if (typeof $ref === 'string') return canonical(document.components.schemas[$ref.replace('#/components/schemas/', '')])
  const choices = own.anyOf as Node[] | undefined
  if (choices) return canonical(joinChoices(choices))
  if (patternProperties) own.additionalProperties = (patternProperties as Node)['^.*$']
  // A schema of nothing allows everything, as no schema does.
  if (JSON.stringify(own.additionalProperties) === '{}') delete own.additionalProperties
  if (own.required) own.required = [...(own.required as string[])].sort()
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, mapMember(name, value)]))
}

/** The members of `properties` are names, not words of JSON Schema. */
const mapMember = (name: string, value: unknown) =>
  name === 'properties'
    ? Object.fromEntries(Object.entries(value as Node).map(([property, schema]) => [property, canonical(schema)]))
    : canonical(value)

/** A choice of words is an enum; a choice of something and null is a type that may be null. */
function joinChoices(choices: readonly Node[]): Node {
  if (choices.every(({ const: word }) => word !== undefined))
    return { type: choices[0]?.type, enum: choices.map(({ const: word }) => word) }
  const [something, nothing] = choices
  if (choices.length === 2 && something && nothing?.type === 'null')
    return { ...something, type: [something.type, 'null'] }
  throw new TypeError(`asyncapi.yaml has no way to write ${JSON.stringify(choices)}`)
}
