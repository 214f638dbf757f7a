import { posix } from 'node:path'
import type { Cell, SheetRow } from './cells.ts'
import type { Sheets } from './sheets.ts'
import { createTexts, type Texts } from './texts.ts'
import { attributeOf, createXmlScanner, unescapeXml, type XmlHandler } from './xml.ts'
import type { Zip } from './zip.ts'

/*
 * .xlsx and .xlsm (ECMA-376 part 1, 18.3), row by row: a library that takes the whole sheet needs 2 GB for a hundred
 * thousand people. Only the texts that cells share are kept, as the file has them first.
 */

/** Days between the two beginnings of time that spreadsheets have: 1904 on old Macs. */
const daysTo1904 = 1_462

export async function openXlsx(zip: Zip): Promise<Sheets> {
  const { sheets, book, is1904 } = await readWorkbook(zip)
  const paths = await readTargets(zip, book)
  const parts = new Map(sheets.map(({ name, id }) => [name, paths.get(id) ?? '']))
  const rowCounts = new Map<string, number | null>()
  for (const [name, part] of parts) rowCounts.set(name, zip.entries.has(part) ? await readDimension(zip, part) : null)
  let shared: Texts | null = null
  return {
    sheets: [...parts.keys()].filter((name) => zip.entries.has(parts.get(name) ?? '')),
    rowsOf: (sheet) => rowCounts.get(sheet ?? '') ?? null,
    async *readRows(sheet) {
      shared ??= await readShared(zip, paths.get('sharedStrings') ?? 'xl/sharedStrings.xml')
      yield* readSheet(zip, parts.get(sheet ?? '') ?? '', shared, is1904 ? daysTo1904 : 0)
    },
  }
}

async function readWorkbook(zip: Zip) {
  const book = [...zip.entries.keys()].find((name) => /(?:^|\/)workbook\.xml$/i.test(name)) ?? ''
  const sheets: { name: string; id: string }[] = []
  let is1904 = false
  await scan(zip, book, {
    open(name, attributes) {
      if (name === 'sheet') sheets.push({ name: attributeOf(attributes, 'name') ?? '', id: relationOf(attributes) })
      if (name === 'workbookPr') is1904 = /^(?:1|true)$/.test(attributeOf(attributes, 'date1904') ?? '')
    },
    close() {},
  })
  return { sheets, book, is1904 }
}

/** `r:id`, beside a `sheetId`. */
const relationOf = (attributes: string): string => /\s\w+:id="([^"]*)"/.exec(attributes)?.[1] ?? ''

/** The parts by their relation's id, and that of the shared texts under its own name. */
async function readTargets(zip: Zip, book: string): Promise<Map<string, string>> {
  const folder = posix.dirname(book)
  const targets = new Map<string, string>()
  await scan(zip, posix.join(folder, '_rels', `${posix.basename(book)}.rels`), {
    open(name, attributes) {
      const [id, target] = [attributeOf(attributes, 'Id'), attributeOf(attributes, 'Target')]
      if (name !== 'Relationship' || !id || !target) return
      const path = target.startsWith('/') ? target.slice(1) : posix.join(folder, target)
      targets.set(id, path)
      if (/\/sharedStrings$/.test(attributeOf(attributes, 'Type') ?? '')) targets.set('sharedStrings', path)
    },
    close() {},
  })
  return targets
}

/** `A1:AQ20001`: the last row that the file says it has. */
async function readDimension(zip: Zip, part: string): Promise<number | null> {
  const first = await zip.read(part).next()
  const [, row] = /<(?:\w+:)?dimension[^>]*ref="[A-Z]+\d+:[A-Z]+(\d+)"/.exec(first.value?.toString() ?? '') ?? []
  return row ? Number(row) : null
}

async function scan(zip: Zip, part: string, handler: XmlHandler): Promise<void> {
  const scanner = createXmlScanner(handler)
  const decoder = new TextDecoder()
  for await (const piece of zip.read(part)) scanner.push(decoder.decode(piece, { stream: true }))
}

async function readShared(zip: Zip, part: string): Promise<Texts> {
  const texts = createTexts()
  let text = ''
  let [isText, isReading] = [false, false]
  if (zip.entries.has(part))
    await scan(zip, part, {
      open(name) {
        // Not how Japanese names are spoken.
        if (name === 'rPh') isReading = true
        if (name === 't') isText = !isReading
      },
      close(name) {
        if (name === 't') isText = false
        if (name === 'rPh') isReading = false
        if (name !== 'si') return
        texts.add(text)
        text = ''
      },
      text(piece) {
        if (isText) text += cellText(piece)
      },
    })
  return texts
}

/** Excel writes what XML cannot hold as _x000D_. */
const cellText = (text: string): string =>
  unescapeXml(text).replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)))

async function* readSheet(zip: Zip, part: string, shared: Texts, addDays: number): AsyncGenerator<SheetRow> {
  const collector = createRowCollector(shared, addDays)
  const scanner = createXmlScanner(collector)
  const decoder = new TextDecoder()
  for await (const piece of zip.read(part)) {
    scanner.push(decoder.decode(piece, { stream: true }))
    yield* collector.take()
  }
}

function createRowCollector(shared: Texts, addDays: number): XmlHandler & { take(): SheetRow[] } {
  let done: SheetRow[] = []
  let row = 0
  let cells: Cell[] = []
  let column = -1
  let kind = ''
  let [value, hasValue, hasFormula, isValue] = ['', false, false, false]

  function readCell(): Cell {
    if (kind === 'e') return { broken: value || '#' }
    if (!hasValue || value === '') return hasFormula && !hasValue ? { broken: '' } : null
    if (kind === 's') return shared.at(Number(value))
    if (kind === 'inlineStr' || kind === 'str' || kind === 'd') return cellText(value)
    const number = Number(value)
    if (kind === 'b' || !Number.isFinite(number)) return value
    // Only a day can be meant where time begins in 1904; a code or a number of a house is smaller, a NIK larger.
    return addDays > 0 && number > 366 && number < 60_000 ? number + addDays : number
  }

  return {
    open(name, attributes) {
      if (name === 'row') {
        row = Number(attributeOf(attributes, 'r') ?? row + 1)
        cells = []
        column = -1
      } else if (name === 'c') {
        const at = attributeOf(attributes, 'r')
        column = at ? columnOf(at) : column + 1
        kind = attributeOf(attributes, 't') ?? 'n'
        ;[value, hasValue, hasFormula] = ['', false, false]
      } else if (name === 'f') hasFormula = true
      else if (name === 'v' || name === 't') [isValue, hasValue] = [true, true]
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false
      else if (name === 'c' && column >= 0 && column < 16_384) {
        const cell = readCell()
        if (cell === null) return
        while (cells.length < column) cells.push(null)
        cells[column] = cell
      } else if (name === 'row') done.push({ row, cells })
    },
    text(piece) {
      if (isValue) value += piece
    },
    take() {
      const rows = done
      done = []
      return rows
    },
  }
}

/** `AB12` is 27. */
function columnOf(at: string): number {
  let column = 0
  for (let index = 0; index < at.length; index++) {
    const letter = at.charCodeAt(index) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  return column - 1
}
