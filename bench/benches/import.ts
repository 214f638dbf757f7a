import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { opensidColumns } from '../../appliance/imports/formats/opensid.ts'
import { makeBiff } from '../../testing/biff-files.ts'
import { type Cells, makeZip } from '../../testing/import-files.ts'
import type { Bench } from '../run.ts'
import { printTable, round } from '../statistics.ts'

/**
 * Reading residents out of files with all of OpenSID's columns, each in a process of its own: seconds from the call until the
 * last row was handed over, and the most that the whole process was resident, of which some 100 MiB are Node and the sources.
 * `seconds20k` is the slowest kind of 20,000 rows, `rssMiB100k` the most of 100,000; a .xls cannot hold more than 65,536.
 */
export const bench: Bench = {
  name: 'import',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-import-'))
    try {
      const files = [
        ...[20_000, 100_000].flatMap((rows) => [
          { kind: 'csv', rows, file: () => makeCsv(rowsOf(rows)) },
          { kind: 'xlsx', rows, file: () => makeXlsx(rowsOf(rows)) },
        ]),
        ...[20_000, 65_535].map((rows) => ({ kind: 'xls', rows, file: () => makeBiff(rowsOf(rows)) })),
      ]
      const measured = files.map(({ kind, rows, file }) => {
        const path = join(folder, `${rows}.${kind}`)
        writeFileSync(path, file())
        return { kind, rows, ...measure(path, rows) }
      })
      printTable([
        ['kind', 'rows', 'seconds', 'MiB'],
        ...measured.map(({ kind, rows, seconds, rssMiB }) => [kind, rows, seconds, rssMiB]),
      ])
      const seconds = measured.filter(({ rows }) => rows === 20_000).map((one) => one.seconds)
      const rssMiB = measured.filter(({ rows }) => rows > 20_000).map((one) => one.rssMiB)
      return { seconds20k: Math.max(...seconds), rssMiB100k: Math.max(...rssMiB) }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

const reader = new URL('../../appliance/imports/read-file.ts', import.meta.url).href

/** Reads one file in a process of its own, as nothing but the reading should be weighed. */
function measure(path: string, rows: number): { seconds: number; rssMiB: number } {
  const script = `
    const { inspectFile, readPeople } = await import(${JSON.stringify(reader)})
    const began = performance.now()
    const { format, sheet } = await inspectFile(${JSON.stringify(path)})
    const as = { format, sheet, fields: null, today: '2026-11-30', asOf: '2026-11-30' }
    let refused = 0
    const counts = await readPeople(${JSON.stringify(path)}, as, async (some) => {
      refused += some.filter(({ problems }) => problems.some(({ severity }) => severity === 'refused')).length
    })
    const status = (await import('node:fs')).readFileSync('/proc/self/status', 'utf8')
    const seconds = (performance.now() - began) / 1_000
    console.log(JSON.stringify({ ...counts, refused, seconds, kib: Number(/VmHWM:\\s+(\\d+)/.exec(status)[1]) }))`
  // A file, since a thread inherits how its process was started.
  writeFileSync(`${path}.mjs`, script)
  const { stdout, stderr } = spawnSync(process.execPath, [`${path}.mjs`], { encoding: 'utf8' })
  const last = stdout.trim().split('\n').at(-1) ?? ''
  const read = JSON.parse(last || '{}') as { rows?: number; refused?: number; seconds?: number; kib?: number }
  if (read.rows !== rows || read.refused !== 0) throw new Error(`Of ${rows} rows were read: ${last} ${stderr}`)
  return { seconds: round(read.seconds ?? 0, 1), rssMiB: round((read.kib ?? 0) / 1_024, 0) }
}

const two = (value: number): string => `${value}`.padStart(2, '0')

/** A heading and so many people, no two with one NIK. */
function rowsOf(count: number): Cells {
  const heading = Object.keys(opensidColumns)
  const people = Array.from({ length: count }, (_, at) => {
    const [day, month, year, sex] = [1 + (at % 28), 1 + (at % 12), 50 + (at % 49), 1 + (at % 2)]
    const serial = `${1 + (at % 9_999)}`.padStart(4, '0')
    const numberOf = (plus: number) =>
      `3510${two(1 + Math.floor(at / 9_999))}${two(day + plus)}${two(month)}${two(year)}${serial}`
    const values: Record<string, string | number> = {
      ...{ alamat: `Jl. Melati ${at}`, dusun: 'KRAJAN', rw: '002', rt: two(at % 9), nama: `ORANG NOMOR ${at}` },
      ...{ no_kk: numberOf(0), nik: numberOf(sex === 2 ? 40 : 0), sex, tempatlahir: 'BANYUWANGI' },
      ...{ tanggallahir: `${two(day)}-${two(month)}-19${two(year)}`, agama_id: 1, pendidikan_kk_id: 5 },
      ...{ pendidikan_sedang_id: 18, pekerjaan_id: 9, status_kawin: 2, kk_level: 1 + (at % 4), warganegara_id: 1 },
      ...{ ayah_nik: '3510240101500001', nama_ayah: `AYAH ${at}`, ibu_nik: '3510244101500002', nama_ibu: `IBU ${at}` },
      ...{ golongan_darah_id: 13, akta_lahir: `AK/${at}`, cacat_id: 7, ktp_el: 2, status_rekam: 8, status_dasar: 1 },
      ...{ id_asuransi: 2, lat: -8.2, lng: 114.3 },
    }
    return heading.map((name) => values[name] ?? null)
  })
  return [heading, ...people]
}

const makeCsv = (cells: Cells): string => cells.map((row) => row.map((cell) => cell ?? '').join(';')).join('\r\n')

/** As spreadsheets write it: numbers in place, texts shared. */
function makeXlsx(cells: Cells): Buffer {
  const texts = new Map<string, number>()
  const cellOf = (cell: string | number | null): string => {
    if (cell === null) return '<c/>'
    if (typeof cell === 'number') return `<c><v>${cell}</v></c>`
    const index = texts.get(cell) ?? texts.size
    texts.set(cell, index)
    return `<c t="s"><v>${index}</v></c>`
  }
  const rows = cells.map((row, at) => Buffer.from(`<row r="${at + 1}">${row.map(cellOf).join('')}</row>`))
  const relation = (id: string, kind: string, target: string) =>
    `<Relationship Id="${id}" Type="x/${kind}" Target="${target}"/>`
  return makeZip({
    'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': `<Relationships>${relation('rId1', 'worksheet', 'sheet1.xml')}${relation('rId2', 'sharedStrings', 'sharedStrings.xml')}</Relationships>`,
    'xl/sheet1.xml': Buffer.concat([
      Buffer.from('<worksheet><sheetData>'),
      ...rows,
      Buffer.from('</sheetData></worksheet>'),
    ]),
    'xl/sharedStrings.xml': `<sst>${[...texts.keys()].map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
  })
}
