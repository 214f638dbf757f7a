import { generateKeyPairSync } from 'node:crypto'
import { makeResidents } from '../../appliance/cli/demo-residents.ts'
import { opensidColumns } from '../../appliance/imports/formats/opensid.ts'
import type { PersonFields } from '../../appliance/residents/person.ts'
import { recipientOfBox } from '../../appliance/wire/box-recipient.ts'
import { limits } from '../../appliance/wire/messages.ts'
import { type ResidentsHead, sealResidents } from '../../appliance/wire/sealed-residents.ts'
import { publicKeyOf } from '../../appliance/wire/sign.ts'
import { packDataset } from '../../regency/datasets/publishing.ts'
import { makeBiff } from '../../testing/biff-files.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import type { Cells } from '../../testing/import-files.ts'
import { openTestBox } from '../../testing/test-box.ts'
import type { Bench } from '../run.ts'
import { printTable, round } from '../statistics.ts'
import { makeCsv, makeXlsx } from './import.ts'

/**
 * What the regency's dataset of residents takes, sealed and packed as it travels, of files with all of OpenSID's columns.
 * `…20k`: kB of 20,000 people; `most…`: how many people of that kind a box still takes, by what one of them takes.
 * `seconds20k`: from the last piece of the .xlsx until a box, in this process, has opened and read it.
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
    const seconds20k = await measureBox(makeXlsx(cells), head)
    printTable([
      ['kind', 'file kB', 'sealed kB', 'people at most'],
      ...measured.map(({ kind, fileKb, sealedKb, most }) => [kind, fileKb, sealedKb, most]),
    ])
    console.log(`a box has read it after ${seconds20k} s`)
    return Object.fromEntries([
      ['seconds20k', seconds20k] as const,
      ...measured.flatMap(({ kind, sealedKb, most }) => [
        [`${kind}20k`, sealedKb],
        [`most${kind[0]?.toUpperCase()}${kind.slice(1)}`, most],
      ]),
    ])
  },
}

async function measureBox(file: Buffer, head: ResidentsHead): Promise<number> {
  const box = await openTestBox({ hubKey: regencyKey })
  try {
    const sealed = await sealResidents(head, file, recipientOfBox(box.identity.publicKey))
    const began = performance.now()
    giveDataset(box, 'residents', { sealed: sealed.toString('base64') })
    box.imports.look()
    await box.imports.whenLooked()
    const { staged, past } = box.imports.view()
    const counts = staged?.counts ?? past[0]?.counts
    if (!counts || counts.new < 19_000) throw new Error(`Of 20,000 came: ${JSON.stringify(counts)}`)
    return round((performance.now() - began) / 1_000, 1)
  } finally {
    await box.remove()
  }
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
