import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '../../appliance/base/ids.ts'
import { opensidColumns } from '../../appliance/imports/formats/opensid.ts'
import { makeBiff } from '../../testing/biff-files.ts'
import { type Cells, makeZip } from '../../testing/import-files.ts'
import { bringByHttp, setUpByHttp } from '../../testing/office-by-http.ts'
import { openKiosk, startBox } from '../../testing/programs.ts'
import type { Bench } from '../run.ts'
import { asItsServiceDoes } from '../service-environment.ts'
import { printTable, quantile, round } from '../statistics.ts'

/** A .xls holds no more. */
const mostOfXls = 65_535
/** Of these rows only, 20000 or 100000, where one of the two is to be measured. */
const only = process.env.BALAI_IMPORT_ROWS

/**
 * Residents out of files with all of OpenSID's columns, as a secretary brings them: each file to a box of its own, by HTTP,
 * in the environment that its service gives it. Seconds from the first byte until the last person can be found, and the most
 * that the whole process was resident. `seconds20k` is the slowest kind of 20,000 rows, `rssMiB100k` the most of 100,000; a
 * .xls cannot hold as many. `ticketP99Ms`: of numbers that are taken meanwhile, one after the other.
 */
export const bench: Bench = {
  name: 'import',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-import-'))
    try {
      const files = [20_000, 100_000]
        .filter((rows) => !only || rows === Number(only))
        .flatMap((rows) => [
          { kind: 'csv', rows, file: () => makeCsv(rowsOf(rows)) },
          { kind: 'xlsx', rows, file: () => makeXlsx(rowsOf(rows)) },
          { kind: 'xls', rows: Math.min(rows, mostOfXls), file: () => makeBiff(rowsOf(Math.min(rows, mostOfXls))) },
        ])
      const measured: ({ kind: string; rows: number } & Measured)[] = []
      for (const { kind, rows, file } of files)
        measured.push({ kind, rows, ...(await measure(join(folder, `${rows}-${kind}`), Buffer.from(file()), rows)) })
      printTable([
        ['kind', 'rows', 'seconds', 'MiB', 'number p99 ms'],
        ...measured.map(({ kind, rows, seconds, rssMiB, ticketP99Ms }) => [kind, rows, seconds, rssMiB, ticketP99Ms]),
      ])
      const [small, large] = [
        measured.filter(({ rows }) => rows === 20_000),
        measured.filter(({ rows }) => rows > 20_000),
      ]
      return {
        ...(small.length > 0 ? { seconds20k: Math.max(...small.map((one) => one.seconds)) } : {}),
        ...(large.length > 0 ? { rssMiB100k: Math.max(...large.map((one) => one.rssMiB)) } : {}),
        ticketP99Ms: Math.max(...measured.map((one) => one.ticketP99Ms)),
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

type Measured = { seconds: number; rssMiB: number; ticketP99Ms: number }

/** One file to a box of its own, while somebody takes numbers at its kiosk. */
async function measure(folder: string, file: Buffer, rows: number): Promise<Measured> {
  const box = await startBox({ folder, village: '3510242008', under: asItsServiceDoes() })
  try {
    const { secretary, service } = await setUpByHttp(box.url, readFileSync(join(folder, 'setup-code'), 'utf8'))
    await secretary.call('POST', '/api/clock', { at: Date.now() })
    const { cookie } = await openKiosk(box.url)
    let over = false
    const taking = takeNumbers(box.url, cookie, service, () => over)
    taking.catch(() => {}) // where the file fails it is that which is told; else it is awaited below
    const began = performance.now()
    const { counts } = await bringByHttp(secretary, 'penduduk', file)
    await secretary.call('POST', '/api/imports/apply', {})
    const seconds = (performance.now() - began) / 1_000
    over = true
    const samples = await taking
    if (counts.new !== rows) throw new Error(`Of ${rows} people came: ${JSON.stringify(counts)}`)
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${box.pid()}/status`, 'utf8'))?.[1]
    return {
      ...{ seconds: round(seconds, 1), rssMiB: round(Number(peak) / 1_024, 0) },
      ticketP99Ms: round(quantile(samples, 0.99), 0),
    }
  } finally {
    await box.stop()
  }
}

/** Four a second, as far as the box answers: how long each took, ms. A service has 999 numbers a day. */
async function takeNumbers(url: string, cookie: string, service: string, isOver: () => boolean): Promise<number[]> {
  const samples: number[] = []
  while (!isOver() && samples.length < 900) {
    const began = performance.now()
    const answer = await fetch(`${url}/api/tickets`, {
      method: 'POST',
      headers: { 'x-balai': '1', cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ service, key: newId() }),
    })
    if (answer.status >= 400) throw new Error(`A number is refused: ${await answer.text()}`)
    samples.push(performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return samples
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

export const makeCsv = (cells: Cells): string =>
  cells.map((row) => row.map((cell) => cell ?? '').join(';')).join('\r\n')

/** As spreadsheets write it: numbers in place, texts shared. */
export function makeXlsx(cells: Cells): Buffer {
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
