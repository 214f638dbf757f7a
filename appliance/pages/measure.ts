import type { Page } from 'playwright-core'

/* Sizes and distances as the browser has laid them out. For tests and for `npm run screens`. */

export type Kind = 'kiosk' | 'display' | 'phone' | 'page'

// A kiosk of 1080 lines is 21 inches wide or high: 24 px are 6 mm, 96 px are 24 mm. Smaller ones keep the targets.
const kioskLetters = (height: number) => Math.min(24, height / 45) - 0.1

/** What is too small, cut off, outside or one over the other on the page as it is now; nothing: all is well. */
export async function measure(page: Page, kind: Kind): Promise<string[]> {
  const { width = 0, height = 0 } = page.viewportSize() ?? {}
  const least = kind === 'kiosk' ? kioskLetters(Math.min(width, height)) : 14
  const script = `(${look.toString()})(${JSON.stringify({ kind, width, least })})`
  return (await page.evaluate(script)) as string[]
}

/** Runs in the page. */
function look({ kind, width, least }: { kind: string; width: number; least: number }): string[] {
  const found: string[] = []
  const root = document.documentElement
  if (root.scrollWidth > innerWidth) found.push(`overflows sideways by ${root.scrollWidth - innerWidth}`)
  const big = kind === 'display' || (kind === 'kiosk' && width > 700)
  if (big && root.scrollHeight > innerHeight) found.push(`scrolls by ${root.scrollHeight - innerHeight}`)
  const seen = (node: Element) => {
    const box = node.getBoundingClientRect()
    return box.width > 2 && box.height > 2 && getComputedStyle(node).visibility !== 'hidden' && !node.closest('.unseen')
  }
  let smallest = 999
  let words = ''
  for (const node of document.querySelectorAll('body *')) {
    if (!seen(node)) continue
    const own = [...node.childNodes].some((one) => one.nodeType === 3 && (one.textContent ?? '').trim() !== '')
    if (own && !node.closest('svg')) {
      const size = Number.parseFloat(getComputedStyle(node).fontSize)
      if (size < smallest) {
        smallest = size
        words = (node.textContent ?? '').slice(0, 30)
      }
    }
    const style = getComputedStyle(node)
    if (
      style.overflow !== 'visible' &&
      (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1)
    )
      found.push(
        `cut off: ${node.className} ${(node.textContent ?? '').slice(0, 40)} (${node.scrollHeight} in ${node.clientHeight})`,
      )
    const box = node.getBoundingClientRect()
    if (own && (box.right > innerWidth + 1 || (big && box.bottom > innerHeight + 1)))
      found.push(`outside: ${(node.textContent ?? '').slice(0, 40)}`)
  }
  if (kind !== 'display' && smallest < least) found.push(`smallest text ${smallest}: ${words}`)
  const target = kind === 'kiosk' && width > 700 ? 96 : 48
  const boxes: [string, DOMRect][] = []
  for (const node of document.querySelectorAll('button, a, summary, input')) {
    if (!seen(node)) continue
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
