import { type ReadonlySignal, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { Office } from '../../queue/views/office.ts'
import { now, setClock } from './clock.ts'

export type Link = 'opening' | 'live' | 'cut'
export type Live<View> = {
  /** The newest view; it stays when the link is cut. */
  view: ReadonlySignal<View | null>
  link: ReadonlySignal<Link>
  /** Box time of the last sign of life. */
  seenAt: ReadonlySignal<number | null>
}

// A beat comes every 10 s. A Wi-Fi that dies without a word leaves the socket open for minutes.
const silenceMs = 25_000
const reopenMs = 2000
// A box that restarts is back within this; nobody needs to read about it.
const graceMs = 1500

type Door = {
  /** Told whenever the box closes the stream for good (401, 423, 503): a log-in or a pairing may have ended. */
  refused?: () => void
  /** While it says false (a locked page) nothing is asked; the last view stays. */
  mayOpen?: () => boolean
}

/** The views of one address, kept open for ever. */
export function openLive<View extends object>(path: string, { refused, mayOpen }: Door = {}) {
  const view = signal<View | null>(null)
  const link = signal<Link>('opening')
  const seenAt = signal<number | null>(null)
  let source: EventSource | undefined
  let heardAt = performance.now()
  let reopenTimer: ReturnType<typeof setTimeout> | undefined
  let graceTimer: ReturnType<typeof setTimeout> | undefined

  function open() {
    source?.close()
    clearTimeout(reopenTimer)
    heardAt = performance.now()
    if (mayOpen && !mayOpen()) {
      source = undefined
      reopenTimer = setTimeout(open, reopenMs)
      return
    }
    const opened = new EventSource(path)
    source = opened
    opened.addEventListener('view', (event) => {
      const fresh = JSON.parse(event.data) as View
      hear('office' in fresh ? (fresh.office as Office) : 'now' in fresh ? { now: Number(fresh.now) } : null)
      view.value = fresh
    })
    opened.addEventListener('beat', (event) => hear(JSON.parse(event.data)))
    opened.addEventListener('error', () => {
      if (source !== opened) return
      lose()
      if (opened.readyState !== EventSource.CLOSED) return
      refused?.()
      reopenTimer = setTimeout(open, reopenMs)
    })
  }

  function hear(said: Parameters<typeof setClock>[0] | null) {
    heardAt = performance.now()
    if (said) setClock(said)
    clearTimeout(graceTimer)
    graceTimer = undefined
    seenAt.value = now.peek()
    link.value = 'live'
  }

  function lose() {
    graceTimer ??= setTimeout(() => {
      link.value = 'cut'
    }, graceMs)
  }

  function look() {
    if (performance.now() - heardAt < silenceMs) return
    lose()
    open()
  }

  const watch = setInterval(look, 1000)
  document.addEventListener('visibilitychange', look)
  open()

  return {
    view,
    link,
    seenAt,
    stop() {
      clearInterval(watch)
      clearTimeout(reopenTimer)
      clearTimeout(graceTimer)
      document.removeEventListener('visibilitychange', look)
      source?.close()
      source = undefined
    },
  }
}

/** The same for as long as a component is shown and asks for this address. */
export function useLive<View extends object>(path: string, door?: Door): Live<View> {
  const live = useMemo(() => openLive<View>(path, door), [path])
  useEffect(() => live.stop, [live])
  return live
}
