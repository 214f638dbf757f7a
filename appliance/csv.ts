/** A table as people make it in a spreadsheet: cells by the name of their column, `line` as an editor counts it. */
export type CsvTable = { columns: string[]; rows: { line: number; cell(column: string): string }[] }

/**
 * Reads a CSV whose first line names the columns (in any case, in any order). Commas part the cells; a cell may stand
 * in double quotes, and a doubled one in it is one. Empty lines are left out; a cell that is not there reads as empty.
 */
export function readCsv(text: string): CsvTable {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((content, index) => ({ line: index + 1, content }))
    .filter(({ content }) => content.trim() !== '')
  const columns = splitLine(lines[0]?.content ?? '').map((name) => name.trim().toLowerCase())
  const rows = lines.slice(1).map(({ line, content }) => {
    const cells = splitLine(content)
    return { line, cell: (column: string) => (cells[columns.indexOf(column)] ?? '').trim() }
  })
  return { columns, rows }
}

const splitLine = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
