export type Cell = string | number | null

/**
 * A table as CSV, as the spreadsheets of Indonesian offices open it with a double click: UTF-8 with its mark, semicolons,
 * decimal commas.
 */
export const writeSheet = (head: readonly string[], rows: readonly Cell[][]): string =>
  `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(';')).join('\r\n')}\r\n`

function cell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value).replace('.', ',')
  // A name that begins like a formula must not become one when the sheet is opened (OWASP, CSV injection), also behind what
  // spreadsheets pass over at a cell's beginning, or by the wide signs of East Asian keyboards.
  const text = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(value) ? `'${value}` : value
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
