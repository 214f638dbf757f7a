import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Link } from './live.ts'

/**
 * For pages that nobody ever reloads (kiosk, display): after each cut, looks whether the box came back with another
 * build of this page, and takes it.
 */
export function useFreshPage(link: ReadonlySignal<Link>) {
  const wasCut = useRef(false)
  const state = link.value
  useEffect(() => {
    if (state === 'cut') wasCut.current = true
    if (state !== 'live' || !wasCut.current) return
    wasCut.current = false
    reloadIfOther()
  }, [state])
}

async function reloadIfOther() {
  const own = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.getAttribute('src')
  try {
    const response = await fetch(location.pathname, { cache: 'no-store' })
    const page = await response.text()
    if (response.ok && own && page.includes('type="module"') && !page.includes(own)) location.reload()
  } catch {
    // Cut again: the next return looks again.
  }
}
