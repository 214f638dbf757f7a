/** `A012`, as a ticket's number is made: a prefix of letters and digits with zeros before them. */
const parts = (text: string) => {
  const [, letters = '', digits = ''] = /^([A-Z]*)0*(\d*)$/.exec(text.toUpperCase().replaceAll(/[\s.-]/g, '')) ?? []
  return { letters, digits }
}

/**
 * Tickets that somebody may mean who says or types a number as it comes: "10", "a10" and "A 010" all mean A010. `only` is
 * the one that Enter takes: the only one with exactly this number, or the only one that it may still become.
 */
export function findNumber<T extends { number: string }>(
  typed: string,
  tickets: readonly T[],
): { found: T[]; only?: T } {
  const wanted = parts(typed)
  if (wanted.letters === '' && wanted.digits === '') return { found: [] }
  const found = tickets.filter(({ number }) => {
    const { letters, digits } = parts(number)
    return letters.startsWith(wanted.letters) && digits.startsWith(wanted.digits)
  })
  const exact = found.filter(({ number }) => parts(number).digits === wanted.digits)
  const [only] = exact.length === 1 ? exact : found.length === 1 ? found : []
  return only ? { found, only } : { found }
}
