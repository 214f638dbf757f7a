import type { Page } from 'playwright-core'

/* Sizes and distances as the browser has laid them out. For tests and for `npm run screens`. */

export type Kind = 'kiosk' | 'display' | 'phone' | 'page'

// A kiosk of 1080 lines is 21 inches wide or high: 24 px are 6 mm, 96 px are 24 mm. Smaller ones keep the targets.
const kioskLetters = (height: number) => Math.min(24, height / 45) - 0.1

/** What is too small, cut off, outside or one over the other on the page as it is now; nothing: all is well. */
export async function measure(page: Page, kind: Kind): Promise<string[]> {
  const { width = 0, height = 0 } = page.viewportSize() ?? {}
  const least = kind === 'kiosk' ? kioskLetters(Math.min(width, height)) : kind === 'page' ? 12 : 14
  const script = `(${look.toString()})(${JSON.stringify({ kind, width, least })})`
  return (await page.evaluate(script)) as string[]
}

/**
 * What of the number there cannot be seen whole: it reaches out of the screen or of a part that cuts, or something lies
 * over it. Nothing: all of it is seen.
 */
export const findHidden = (page: Page, selector: string): Promise<string[]> =>
  page.locator(selector).first().evaluate(lookAtNumber)

/**
 * Whether what one has come for is seen whole and can be touched before anything is scrolled: the first main button outside
 * of forms, else the first thing that can be used. Nothing: it is.
 */
export const findMainHidden = (page: Page): Promise<string[]> => page.evaluate(lookForMain)

/** Runs in the page. */
function lookForMain(): string[] {
  scrollTo(0, 0)
  const shown = (selector: string) =>
    [...document.querySelectorAll(selector)].filter((node) => {
      const { width, height } = node.getBoundingClientRect()
      return node.checkVisibility() && width > 2 && height > 2 && !node.closest('.unseen')
    })
  const [node] = [
    // What day it is comes before everything.
    ...shown('main .ask-clock :is(.button-main, button)'),
    ...shown('main :is(.button-main, button.main):not(form *)'),
    ...shown('main :is(button, input, select, textarea, a)'),
  ]
  if (!node) return []
  const name = (node.textContent || node.getAttribute('aria-label') || node.tagName).trim().slice(0, 40)
  const { left, right, top, bottom } = node.getBoundingClientRect()
  if (left < -0.5 || top < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5)
    return [`out of sight without scrolling: ${name}`]
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
  return there && (node.contains(there) || there.contains(node))
    ? []
    : [`${there?.className || there?.tagName} lies over ${name}`]
}

/** Runs in the page. */
function lookAtNumber(node: Element): string[] {
  const range = document.createRange()
  range.selectNodeContents(node)
  const text = range.getBoundingClientRect()
  const found: string[] = []
  const within = (left: number, right: number, top: number, bottom: number, what: string) => {
    if (text.left < left - 0.5 || text.right > right + 0.5)
      found.push(`${node.textContent} is cut at the side by ${what}`)
    // Capitals and digits fill the middle 3/4 of their line.
    const air = text.height / 8
    if (text.top + air < top || text.bottom - air > bottom)
      found.push(`${node.textContent} is cut in height by ${what}`)
  }
  within(0, innerWidth, 0, innerHeight, 'the screen')
  for (let over = node.parentElement; over; over = over.parentElement) {
    const box = over.getBoundingClientRect()
    if (getComputedStyle(over).overflow !== 'visible' || over.matches('main, main > *, li'))
      within(box.left, box.right, box.top, box.bottom, over.className || over.tagName)
  }
  for (let x = 0.5; x < 24; x++) {
    const there = document.elementFromPoint(text.left + (text.width * x) / 24, text.top + text.height / 2)
    if (there && there !== node && !there.contains(node)) found.push(`${there.className || there.tagName} lies over it`)
  }
  return [...new Set(found)]
}

/** Runs in the page. */
function look({ kind, width, least }: { kind: string; width: number; least: number }): string[] {
  const found: string[] = []
  const root = document.documentElement
  if (root.scrollWidth > innerWidth) found.push(`overflows sideways by ${root.scrollWidth - innerWidth}`)
  const big = kind === 'display' || (kind === 'kiosk' && width > 700 && innerHeight > 599)
  if (big && root.scrollHeight > innerHeight) found.push(`scrolls by ${root.scrollHeight - innerHeight}`)
  const seen = (node: Element) => {
    const box = node.getBoundingClientRect()
    const isShown = getComputedStyle(node).visibility !== 'hidden' && !node.closest('.unseen') && node.checkVisibility()
    return isShown && box.width > 2 && box.height > 2
  }
  const brokenWords = (node: Element): string[] => {
    // Marks of keys and files are no words.
    if ((!big && kind !== 'page') || node.closest('code')) return []
    const range = document.createRange()
    return [...node.childNodes].flatMap((one) =>
      [
        ...(one.nodeType === 3
          ? (one.textContent ?? '').matchAll(
              /(?<![\p{L}\p{N}])(?:\p{L}+|\p{N}+(?:\u2060?–\u2060?\p{N}+)?)(?![\p{L}\p{N}])/gu,
            )
          : []),
      ].flatMap((match) => {
        range.setStart(one, match.index)
        range.setEnd(one, match.index + match[0].length)
        return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1 ? [match[0]] : []
      }),
    )
  }
  /** Whoever wants to see it there moves that part. */
  const isInScroller = (node: Element): boolean => {
    if (kind !== 'page') return false
    for (let up = node.parentElement; up; up = up.parentElement)
      if (/auto|scroll/.test(getComputedStyle(up).overflowX)) return true
    return false
  }
  let smallest = 999
  let words = ''
  for (const node of document.querySelectorAll('body *')) {
    if (!seen(node)) continue
    const own = [...node.childNodes].some((one) => one.nodeType === 3 && (one.textContent ?? '').trim() !== '')
    if (own && !node.closest('svg')) {
      for (const word of brokenWords(node)) found.push(`broken word: ${word}`)
      const size = Number.parseFloat(getComputedStyle(node).fontSize)
      if (size < smallest) {
        smallest = size
        words = (node.textContent ?? '').slice(0, 30)
      }
    }
    const style = getComputedStyle(node)
    // What is typed scrolls within its field, and on pages of the staff some parts do, at the side or below.
    const isField = node.matches('input, textarea')
    const scrolls = kind === 'page' && [style.overflowX, style.overflowY].some((one) => /auto|scroll/.test(one))
    if (
      !isField &&
      !scrolls &&
      style.overflow !== 'visible' &&
      (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1)
    )
      found.push(
        `cut off: ${node.className} ${(node.textContent ?? '').slice(0, 40)} (${node.scrollHeight} in ${node.clientHeight})`,
      )
    const box = node.getBoundingClientRect()
    if (own && !isInScroller(node) && (box.right > innerWidth + 1 || (big && box.bottom > innerHeight + 1)))
      found.push(`outside: ${(node.textContent ?? '').slice(0, 40)}`)
  }
  if (kind !== 'display' && smallest < least) found.push(`smallest text ${smallest}: ${words}`)
  const target = kind === 'kiosk' && big ? 96 : kind === 'page' ? 44 : 48
  const boxes: [string, DOMRect][] = []
  // The label is what is touched; a link within a line of text is as high as it (WCAG 2.5.8).
  const isTouchedElsewhere = (node: Element) =>
    node.matches('[type=checkbox], [type=radio], [type=file]') || getComputedStyle(node).display === 'inline'
  /** What lies over a page that scrolls below it. */
  const isOver = (node: Element): boolean => {
    for (let up: Element | null = node; up; up = up.parentElement)
      if (['sticky', 'fixed'].includes(getComputedStyle(up).position)) return true
    return false
  }
  for (const node of document.querySelectorAll('button, a, summary, input')) {
    if (!seen(node) || (kind === 'page' && (isTouchedElsewhere(node) || isOver(node)))) continue
    const box = node.getBoundingClientRect()
    const name = (node.textContent ?? '').slice(0, 24)
    if (box.height < target - 0.5) found.push(`target ${Math.round(box.width)}×${Math.round(box.height)}: ${name}`)
    for (const [other, there] of boxes) {
      const x = Math.max(box.left - there.right, there.left - box.right)
      const y = Math.max(box.top - there.bottom, there.top - box.bottom)
      if (x < 0 && y < 0) found.push(`overlap: ${name} / ${other}`)
    }
    boxes.push([name, box])
  }
  return found
}
