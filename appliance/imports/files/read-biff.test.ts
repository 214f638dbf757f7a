import { read } from '@e965/xlsx'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeBiff } from '../../../testing/biff-files.ts'
import { keepFile, makeWorkbook } from '../../../testing/import-files.ts'
import type { Cell } from './cells.ts'
import { openTable } from './open-table.ts'

const cell = fc.oneof(
  fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom('A', 'é', 'Ж', '字', ' ', 'z') }),
  fc.stringMatching(/^\d{16}$/),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
  fc.constant(null),
)
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 })

async function readAll(file: Buffer): Promise<(Cell[] | undefined)[]> {
  const rows: (Cell[] | undefined)[] = []
  for await (const { row, cells } of (await openTable(keepFile(file))).readRows('A')) rows[row - 1] = [...cells]
  return rows
}

/** Without what is empty at the end, as a sheet has no end. */
function trim(rows: readonly (readonly Cell[] | undefined)[]): Cell[][] {
  const trimmed = Array.from(rows, (cells) =>
    (cells ?? []).slice(0, (cells ?? []).findLastIndex((one) => one !== null) + 1),
  )
  return trimmed.slice(0, trimmed.findLastIndex((cells) => cells.length > 0) + 1)
}

test('shared texts are whole wherever their records are cut', async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 16, max: 90 }), async (cells, recordBytes) => {
      expect(trim(await readAll(makeBiff(cells, recordBytes)))).toEqual(
        trim(cells.map((row) => row.map((one) => (Object.is(one, -0) ? -0 : one)))),
      )
    }),
    { numRuns: 200 },
  )
})

test('what another program wrote is read as it reads it itself', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (cells) => {
      const file = makeWorkbook('biff8', { A: cells })
      const sheet = read(file, { dense: true }).Sheets.A?.['!data'] ?? []
      const want = Array.from(sheet, (row) => Array.from(row ?? [], (one) => (one?.v as Cell | undefined) ?? null))
      expect(trim(await readAll(file))).toEqual(trim(want))
    }),
    { numRuns: 60 },
  )
})

test('a book that is cut or damaged anywhere is refused or read, and never ends the program', async () => {
  const whole = makeBiff(
    [
      ['nik', 'nama'],
      ['3510240107990001', 'BUDI'],
      ['0', 'SITI'],
    ],
    40,
  )
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 1),
      fc.integer({ min: 0, max: 255 }),
      fc.boolean(),
      async (at, byte, isCut) => {
        const file = isCut ? whole.subarray(0, at + 1) : Buffer.from(whole)
        if (!isCut) file[at] = byte
        try {
          await readAll(file)
        } catch (error) {
          expect(error).toMatchObject({ name: 'AppError', kind: 'invalid' })
        }
      },
    ),
    { numRuns: 1_000 },
  )
})
