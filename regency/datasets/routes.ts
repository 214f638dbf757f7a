import { Type } from 'typebox'
import { AppError } from '../../appliance/base/errors.ts'
import { closed, nullable } from '../../appliance/base/schemas.ts'
import { administrators } from '../../appliance/base/web/callers.ts'
import { type App, Problem, refused } from '../../appliance/base/web/server.ts'
import { type WrittenDataset, writtenDatasets } from '../../appliance/wire/datasets.ts'
import { doerOf } from '../base/audit.ts'
import type { Client, Database } from '../base/database.ts'
import { parsePlaces } from '../base/places.ts'
import { findDifferences } from './differences.ts'
import { extend, type Published, publish, readNewest, rollBack } from './publishing.ts'
import { columnsOf, readDatasetFile } from './read-file.ts'
import { Checked, Choices, Sent } from './views.ts'

/** Of a file, read at once: a thousand services in as many words as they may have. Base64 is a third more. */
const mostBytes = 2 * 1024 * 1024
const bodyLimit = Math.ceil((mostBytes * 4) / 3) + 64 * 1024
/** Whoever mends a table begins at its top: what is wrong further down is told at the next look. */
const mostProblems = 200

const Dataset = Type.Union(writtenDatasets.map((name) => Type.Literal(name)))
const Version = Type.Integer({ minimum: 1 })
const Stage = Type.Union([Type.Literal('1'), Type.Literal('10'), Type.Literal('all')])
const File = Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', description: 'CSV or JSON, base64' })
const Places = Type.String({ maxLength: 4_000, description: 'all, or codes of districts or of villages with commas' })
const answers = { ...refused, 401: Problem }

/** What the regency publishes for its villages. `changed`: the console shows it to everybody. */
export function datasetRoutes(
  app: App,
  { database, now, changed }: { database: Database; now: () => number; changed: () => void },
): void {
  const config = { mayCall: administrators }

  async function change(work: (client: Client) => Promise<Published>) {
    const { version, villages, of } = await database.inTransaction(work)
    changed()
    return { version, villages: villages.length, of }
  }

  app.get(
    '/api/datasets/choices',
    { schema: { summary: 'What can be published, and for whom', response: { 200: Choices, ...answers } }, config },
    async () => ({ mostBytes, columns, villages: await listVillages(database) }),
  )

  app.post(
    '/api/datasets/check',
    {
      bodyLimit,
      schema: {
        summary: 'All that is wrong with a file, or what it would change',
        body: Type.Object({ dataset: Dataset, file: File }, closed),
        response: { 200: Checked, ...answers },
      },
      config,
    },
    async (request) => {
      const { dataset, file } = request.body
      const { content, problems } = readDatasetFile(dataset, Buffer.from(file, 'base64'))
      const newest = await database.withClient((client) => readNewest(client, dataset))
      const differences = problems.length > 0 ? null : findDifferences(dataset, newest?.content ?? null, content)
      return { problems: problems.slice(0, mostProblems), problemsInAll: problems.length, newest, differences }
    },
  )

  app.post(
    '/api/datasets/publish',
    {
      bodyLimit,
      schema: {
        summary: 'Publish a file as the version after `expected`, which its differences were shown against',
        body: Type.Object(
          {
            ...{ dataset: Dataset, file: File, places: Places, stage: Stage, expected: nullable(Version) },
            note: Type.String({ maxLength: 200 }),
          },
          closed,
        ),
        response: { 200: Sent, ...answers },
      },
      config,
    },
    async (request) => {
      const { file, places, note, ...rest } = request.body
      const content = readSound(rest.dataset, file)
      const given = { ...rest, content, places: parsePlaces(places), note: note, now: now() }
      return change((client) => publish(client, given, doerOf(request)))
    },
  )

  app.post(
    '/api/datasets/extend',
    {
      schema: {
        summary: 'Give the newest version to more of the villages that it is meant for',
        body: Type.Object({ dataset: Dataset, stage: Stage, expected: Version }, closed),
        response: { 200: Sent, ...answers },
      },
      config,
    },
    async (request) => change((client) => extend(client, request.body, doerOf(request))),
  )

  app.post(
    '/api/datasets/roll-back',
    {
      schema: {
        summary: 'Publish the version before the newest once more',
        body: Type.Object({ dataset: Dataset, expected: Version }, closed),
        response: { 200: Sent, ...answers },
      },
      config,
    },
    async (request) => change((client) => rollBack(client, { ...request.body, now: now() }, doerOf(request))),
  )
}

const columns = Object.fromEntries(
  writtenDatasets.map((name) => [
    name,
    columnsOf[name].map((column) => ({ name: column.name, needed: column.needed })),
  ]),
)

/** The page asks only for what was checked; whoever asks for anything else hears that it is not sound. */
function readSound(dataset: WrittenDataset, file: string): unknown {
  const { content, problems } = readDatasetFile(dataset, Buffer.from(file, 'base64'))
  if (problems.length === 0) return content
  throw new AppError('invalid', 'datasets.file', `${problems[0]?.text}; ${problems.length} in all`)
}

async function listVillages(database: Database): Promise<Choices['villages']> {
  const { rows } = await database.query<Choices['villages'][number]>(
    'SELECT village, name, kind, district FROM village WHERE valid_to IS NULL ORDER BY district, name, village',
  )
  return rows
}
