/**
 * The words of a command line of which some name a box: an id of 22 base64url characters, a key or its beginning, which
 * may all begin with a hyphen. What follows `--box` is its value, and a whole id is no option, typed as it was printed.
 */
export function keepBoxIds(args: readonly string[]): string[] {
  const words: string[] = []
  const ids: string[] = []
  for (const arg of args) {
    if (words.at(-1) === '--box' && arg.startsWith('-')) words[words.length - 1] = `--box=${arg}`
    else if (/^-[\w-]{21}$/.test(arg)) ids.push(arg)
    else words.push(arg)
  }
  return ids.length > 0 ? [...words, '--', ...ids] : words
}
