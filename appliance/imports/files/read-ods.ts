import type { Cell, SheetRow } from './cells.ts'
import type { Sheets } from './sheets.ts'
import { attributeOf, createXmlScanner, unescapeXml, type XmlHandler } from './xml.ts'
import type { Zip } from './zip.ts'

/* .ods of LibreOffice (OpenDocument 1.3 part 3, 9): all sheets stand in one part, one behind the other. */

const content = 'content.xml'
/** LibreOffice repeats the last, empty cell to the edge of its sheet. */
const mostRepeated = 1_000

export async function openOds(zip: Zip): Promise<Sheets> {
  const sheets: string[] = []
  const scanner = createXmlScanner({
    open(name, attributes) {
      if (name === 'table') sheets.push(attributeOf(attributes, 'name') ?? '')
    },
    close() {},
  })
  const decoder = new TextDecoder()
  for await (const piece of zip.read(content)) scanner.push(decoder.decode(piece, { stream: true }))
  return {
    sheets,
    rowsOf: () => null,
    async *readRows(sheet) {
      const collector = createRowCollector(sheet ?? '')
      const rows = createXmlScanner(collector)
      const text = new TextDecoder()
      for await (const piece of zip.read(content)) {
        rows.push(text.decode(piece, { stream: true }))
        yield* collector.take()
        if (collector.isOver()) return
      }
    },
  }
}

function createRowCollector(sheet: string): XmlHandler & { take(): SheetRow[]; isOver(): boolean } {
  let done: SheetRow[] = []
  let [isHere, isOver, isText] = [false, false, false]
  let [row, rowTimes, cellTimes] = [0, 1, 1]
  let cells: Cell[] = []
  let [kind, value, text]: [string, string | null, string] = ['', null, '']

  function readCell(): Cell {
    if (kind === 'float' || kind === 'percentage' || kind === 'currency') return Number(value)
    if (kind === 'date') return value ?? ''
    if (/^(?:#(?:REF|N\/A|VALUE|NAME|DIV\/0|NUM|NULL)!?\??|Err:\d{3})$/.test(text)) return { broken: text }
    return text === '' ? null : text
  }

  return {
    open(name, attributes) {
      if (name === 'table') isHere = !isOver && attributeOf(attributes, 'name') === sheet
      if (!isHere) return
      if (name === 'table-row') {
        rowTimes = Number(attributeOf(attributes, 'number-rows-repeated') ?? 1)
        cells = []
      } else if (name === 'table-cell' || name === 'covered-table-cell') {
        cellTimes = Number(attributeOf(attributes, 'number-columns-repeated') ?? 1)
        kind = attributeOf(attributes, 'value-type') ?? ''
        value = attributeOf(attributes, kind === 'date' ? 'date-value' : 'value')
        text = ''
      } else if (name === 'p') {
        isText = true
        if (text !== '') text += '\n'
      } else if (name === 's' && isText) text += ' '.repeat(Math.min(100, Number(attributeOf(attributes, 'c') ?? 1)))
      else if ((name === 'line-break' || name === 'tab') && isText) text += ' '
      // Remarks at a cell are no part of it.
      else if (name === 'annotation') isHere = false
    },
    close(name) {
      if (name === 'annotation') [isHere, isText, text] = [!isOver, false, '']
      if (!isHere) return
      if (name === 'p') isText = false
      else if (name === 'table-cell' || name === 'covered-table-cell') {
        const cell = readCell()
        const times = cell === null && cellTimes > mostRepeated ? 0 : Math.min(cellTimes, mostRepeated)
        for (let left = times; left > 0; left--) cells.push(cell)
      } else if (name === 'table-row') {
        const isEmpty = cells.every((cell) => cell === null)
        const times = isEmpty ? 0 : Math.min(rowTimes, mostRepeated)
        for (let at = 1; at <= times; at++) done.push({ row: row + at, cells })
        row += rowTimes
      } else if (name === 'table') [isHere, isOver] = [false, true]
    },
    text(piece) {
      if (isHere && isText) text += unescapeXml(piece)
    },
    take() {
      const rows = done
      done = []
      return rows
    },
    isOver: () => isOver,
  }
}
