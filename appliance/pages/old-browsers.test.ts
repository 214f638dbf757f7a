import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/* docs/hardware.md names Chromium 87, Firefox 91 and Safari 14: the build brings syntax down to them, and nobody the built-ins. */

/** Names that those do not know, where a page would use them; parts of libraries that ask first are not among them. */
const newer =
  /\.(at|toSorted|toReversed|toSpliced|findLast|findLastIndex|replaceChildren|showPicker)\(|Object\.(hasOwn|groupBy)\(|structuredClone\(|\.(toWellFormed|isWellFormed|flushSync|getOrInsert)\(|new (Intl\.(Segmenter|DurationFormat)|BroadcastChannel)\b|Iterator\.from|Array\.fromAsync|Promise\.withResolvers|crypto\.randomUUID|AbortSignal\.(timeout|any)/g

/** Rules that those drop whole: a selector, a size or a function that they do not know. What only looks better with it is none. */
const newerStyle =
  /:(is|where|has)\(|@(layer|container|scope|property)\b|\d(svh|lvh|dvh|dvw|cq[whib])\b|(color-mix|oklch|light-dark|round)\(|[;{](aspect-ratio|inset-inline|translate|rotate|scale|container):|&[ .:>]/g
const looksBetter = [':has(.press):hover']

/** With what stands in the one file that a phone keeps. */
const assets = (ending: '.css' | '.js') => {
  const pages = join(import.meta.dirname, '..', '..', 'dist', 'pages')
  const folder = join(pages, 'assets')
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)) : []
  expect(names.length).toBeGreaterThan(10)
  const kept = readFileSync(join(pages, 'kept-check.html'), 'utf8')
  const within = ending === '.css' ? /<style>(.*?)<\/style>/s : /<script type="module">(.*?)<\/script>/s
  return [
    ...names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })),
    { name: 'kept-check.html', text: within.exec(kept)?.[1] ?? '' },
  ]
}

test('the pages have no rule of style that the oldest browsers drop', () => {
  const found = assets('.css').flatMap(({ name, text }) => {
    // What is asked for before it is used is not dropped.
    const plain = looksBetter.reduce(
      (rest, one) => rest.replaceAll(one, ''),
      text.replaceAll(/@supports[^{]*\{([^{}]*\{[^{}]*\})*\}/g, ''),
    )
    return [...plain.matchAll(newerStyle)].map(
      (match) => `${name}: …${plain.slice(Math.max(0, match.index - 40), match.index + 30)}…`,
    )
  })
  expect(found).toEqual([])
})

test('the pages use no built-in that the oldest browsers of docs/hardware.md lack', () => {
  const found = assets('.js').flatMap(({ name, text }) => [...text.matchAll(newer)].map(([word]) => `${name}: ${word}`))
  expect(found).toEqual([])
})
