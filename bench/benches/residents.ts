import { generateKeyPairSync } from 'node:crypto'
import { opensidColumns } from '../../appliance/imports/formats/opensid.ts'
import type { PersonFields } from '../../appliance/residents/person.ts'
import { recipientOfBox } from '../../appliance/wire/box-recipient.ts'
import { limits } from '../../appliance/wire/messages.ts'
import { sealResidents } from '../../appliance/wire/sealed-residents.ts'
import { publicKeyOf } from '../../appliance/wire/sign.ts'
import { packDataset } from '../../regency/datasets/publishing.ts'
import { makeBiff } from '../../testing/biff-files.ts'
import type { Cells } from '../../testing/import-files.ts'
import { makeResidents } from '../../testing/made-residents.ts'
import type { Bench } from '../run.ts'
import { printTable, round } from '../statistics.ts'
import { makeCsv, makeXlsx } from './import.ts'

/**
 * What the regency's dataset of residents takes, sealed and packed as it travels, of files with all of OpenSID's columns.
 * `…20k`: kB of 20,000 people; `most…`: how many people of that kind a box still takes, by what one of them takes.
 */
export const bench: Bench = {
  name: 'residents',
  async run() {
    const count = 20_000
    const cells = cellsOf(makeResidents({ seed: 1, count }))
    const recipient = recipientOfBox(publicKeyOf(generateKeyPairSync('ed25519').privateKey))
    const head = { village: '3510242008', source: 'penduduk', asOf: '2026-11-01', mark: null }
    const measured: { kind: string; fileKb: number; sealedKb: number; most: number }[] = []
    for (const [kind, file] of [
      ['csv', Buffer.from(makeCsv(cells))],
      ['xlsx', makeXlsx(cells)],
      ['xls', Buffer.from(makeBiff(cells))],
    ] as const) {
      const sealed = (await sealResidents(head, file, recipient)).toString('base64')
      const { length } = packDataset({ sealed }).file
      const most = Math.floor((limits.datasetBytes / length) * count)
      measured.push({ kind, fileKb: round(file.length / 1_000, 0), sealedKb: round(length / 1_000, 0), most })
    }
    printTable([
      ['kind', 'file kB', 'sealed kB', 'people at most'],
      ...measured.map(({ kind, fileKb, sealedKb, most }) => [kind, fileKb, sealedKb, most]),
    ])
    return Object.fromEntries(
      measured.flatMap(({ kind, sealedKb, most }) => [
        [`${kind}20k`, sealedKb],
        [`most${kind[0]?.toUpperCase()}${kind.slice(1)}`, most],
      ]),
    )
  },
}

function cellsOf(people: readonly PersonFields[]): Cells {
  const columns = Object.entries(opensidColumns)
  const cellOf = (person: PersonFields, field: string): string | number | null => {
    const value = (person as Record<string, unknown>)[field]
    return typeof value === 'string' || typeof value === 'number' ? value : null
  }
  return [
    columns.map(([heading]) => heading),
    ...people.map((person) => columns.map(([, field]) => cellOf(person, field))),
  ]
}
