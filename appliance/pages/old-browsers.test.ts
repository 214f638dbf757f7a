import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/* docs/hardware.md names Chromium 87, Firefox 91 and Safari 14: the build brings syntax down to them, and nobody the built-ins. */

/** Names that those do not know, where a page would use them; parts of libraries that ask first are not among them. */
const newer =
  /\.(at|toSorted|toReversed|toSpliced|findLast|findLastIndex|replaceChildren|showPicker)\(|Object\.(hasOwn|groupBy)\(|structuredClone\(|Array\.fromAsync|Promise\.withResolvers|crypto\.randomUUID|AbortSignal\.(timeout|any)/g

test('the pages use no built-in that the oldest browsers of docs/hardware.md lack', () => {
  const folder = join(import.meta.dirname, '..', '..', 'dist', 'pages', 'assets')
  const scripts = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.js')) : []
  expect(scripts.length).toBeGreaterThan(10)
  const found = scripts.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(newer)].map(([word]) => `${name}: ${word}`),
  )
  expect(found).toEqual([])
})
