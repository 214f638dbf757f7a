import { type ReadonlySignal, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { Office } from '../../base/web/office-view.ts'
import { fetchWithin } from './api.ts'
import { now, setClock } from './clock.ts'
import { offerDrafts } from './messages.ts'
import { openStream, type Stream } from './stream.ts'

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

// Where no stream is to be had the page asks: slowly, since hundreds may do so, and a stream is tried now and then.
const askMs = 5000
const tryAgainMs = 60_000
// A hidden tab with a stream of its own lets go of it.
const hiddenMs = 30_000

type Door = {
  /** Told whenever the box refuses the view (401, 403, 423): a log-in or a pairing may have ended. */
  refused?: () => void
  /** While it says false (a locked page) nothing is asked; the last view stays. */
  mayOpen?: () => boolean
  /** A page that is heard, or speaks, though nobody looks at it. */
  evenHidden?: boolean
}

/** The views of one address (`/live/…`), followed for ever: by a stream, or by asking where there is none. */
export function openLive<View extends object>(path: string, { refused, mayOpen, evenHidden = false }: Door = {}) {
  const view = signal<View | null>(null)
  const link = signal<Link>('opening')
  const seenAt = signal<number | null>(null)
  let stream: Stream | null = null
  let tag = ''
  let heardAt = performance.now()
  let triedAt = heardAt
  let hiddenAt: number | null = null
  let stopped = false
  let next: ReturnType<typeof setTimeout> | undefined
  let graceTimer: ReturnType<typeof setTimeout> | undefined

  function after(ms: number, what: () => void) {
    clearTimeout(next)
    next = setTimeout(what, ms)
  }

  function open() {
    stream?.close()
    stream = null
    clearTimeout(next)
    heardAt = triedAt = performance.now()
    if (mayOpen && !mayOpen()) {
      after(reopenMs, open)
      return
    }
    const opened: Stream = openStream(path, {
      view: show,
      beat: (text) => hear(JSON.parse(text)),
      lost: lose,
      closed: () => {
        if (stream !== opened) return
        stream = null
        void look()
      },
    })
    stream = opened
  }

  /** Asks once for the view, and again after a while: a stream was refused, which says nothing of the view itself. */
  async function look() {
    clearTimeout(next)
    try {
      const { status, text, told } = await fetchWithin(
        askMs,
        `/api${path}`,
        { headers: tag ? { 'if-none-match': tag } : {} },
        async (answer) => ({ status: answer.status, text: await answer.text(), told: answer.headers }),
      )
      if (stream || stopped || (hiddenAt !== null && !evenHidden)) return
      if (status === 200 || status === 304) {
        tag = told.get('etag') ?? ''
        if (status === 200) show(text)
        hear({ now: Number(told.get('balai-now')), clock: told.get('balai-clock') as Office['clock'] })
      } else if (status !== 429) {
        lose()
        if (status < 500) refused?.()
        after(reopenMs, open)
        return
      }
      const isDue = performance.now() - triedAt > tryAgainMs
      after(askMs * (0.8 + 0.4 * Math.random()), isDue ? open : look)
    } catch {
      if (stream || stopped) return
      lose()
      after(reopenMs, open)
    }
  }

  function show(text: string) {
    const fresh = JSON.parse(text) as View
    hear('office' in fresh ? (fresh.office as Office) : 'now' in fresh ? { now: Number(fresh.now) } : null)
    // A box that fell back to an older program says nothing of them.
    if ('office' in fresh) offerDrafts((fresh.office as Partial<Office>).drafts ?? [])
    view.value = fresh
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

  function watch() {
    stream?.live()
    if (hiddenAt !== null && performance.now() - hiddenAt > hiddenMs && !evenHidden && stream?.costly) {
      stream.close()
      stream = null
    }
    if (!stream || performance.now() - heardAt < silenceMs) return
    lose()
    open()
  }

  function turn() {
    const wasHidden = hiddenAt !== null
    hiddenAt = document.hidden ? performance.now() : null
    if (!document.hidden && (!stream || performance.now() - heardAt > silenceMs) && wasHidden) open()
  }

  const timer = setInterval(watch, 1000)
  const restored = ({ persisted }: PageTransitionEvent) => persisted && open()
  document.addEventListener('visibilitychange', turn)
  addEventListener('pageshow', restored)
  open()

  return {
    view,
    link,
    seenAt,
    stop() {
      stopped = true
      clearInterval(timer)
      clearTimeout(next)
      clearTimeout(graceTimer)
      document.removeEventListener('visibilitychange', turn)
      removeEventListener('pageshow', restored)
      stream?.close()
      stream = null
    },
  }
}

/** The same for as long as a component is shown and asks for this address. */
export function useLive<View extends object>(path: string, door?: Door): Live<View> {
  const live = useMemo(() => openLive<View>(path, door), [path])
  useEffect(() => live.stop, [live])
  return live
}
