export type Values = Record<string, string | number>

/** `{name}` is a value; `{n|one|many}` a word that goes with a number, for languages that have plurals. */
export function fill(text: string, values: Values, locale: string): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name]
    if (value === undefined) return whole
    if (many !== undefined) return (value === 1 ? one : many) ?? ''
    return typeof value === 'number' ? value.toLocaleString(locale) : value
  })
}
