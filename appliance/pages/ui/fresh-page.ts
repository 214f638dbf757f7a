import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { fetchWithin } from './api.ts'
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
    void reloadIfOther()
  }, [state])
}

async function reloadIfOther() {
  const own = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.getAttribute('src')
  try {
    const page = await fetchWithin(8000, location.pathname, {}, (response) => (response.ok ? response.text() : ''))
    if (own && page.includes('type="module"') && !page.includes(own)) location.reload()
  } catch {
    // Cut again: the next return looks again.
  }
}
