import type { FromWorker, ToWorker } from './stream.ts'

/* A shared worker: one stream for all tabs of a browser, with whatever channels they follow just now. */

declare const self: { onconnect: (event: MessageEvent) => void }

type Tab = { port: MessagePort; path: string | null; heardAt: number }

const joinMs = 50
// A browser wakes a hidden tab once a minute.
const goneMs = 180_000
const tabs = new Set<Tab>()
let source: EventSource | undefined
let opening: ReturnType<typeof setTimeout> | undefined

self.onconnect = ({ ports: [port] }) => {
  if (!port) return
  const tab: Tab = { port, path: null, heardAt: performance.now() }
  port.onmessage = ({ data }: MessageEvent<ToWorker>) => {
    tab.heardAt = performance.now()
    if (data === 'live') return
    if (data === 'close') tabs.delete(tab)
    else {
      tab.path = data.follow
      tabs.add(tab)
      say(tab, ['here'])
    }
    openSoon()
  }
}

setInterval(() => {
  const before = tabs.size
  for (const tab of tabs) if (performance.now() - tab.heardAt > goneMs) tabs.delete(tab)
  if (tabs.size < before) openSoon()
}, 10_000)

const say = ({ port }: Tab, what: FromWorker) => port.postMessage(what)

/** Several tabs that come or go at once are one change. Each gets its view whole again. */
function openSoon(): void {
  clearTimeout(opening)
  opening = setTimeout(open, joinMs)
}

function open(): void {
  source?.close()
  source = undefined
  const paths = new Set([...tabs].flatMap(({ path }) => path ?? []))
  if (paths.size === 0) return
  const opened = new EventSource(`/live?${[...paths].map((path) => `on=${encodeURIComponent(path)}`).join('&')}`)
  source = opened
  const of = (path: string) => [...tabs].filter((tab) => tab.path === path)
  for (const path of paths)
    opened.addEventListener(path, ({ data }) => {
      for (const tab of of(path)) say(tab, ['view', data])
    })
  opened.addEventListener('beat', ({ data }) => {
    for (const tab of tabs) say(tab, ['beat', data])
  })
  opened.addEventListener('refused', ({ data }) => {
    for (const tab of of(JSON.parse(data))) end(tab)
  })
  opened.addEventListener('error', () => {
    if (source !== opened) return
    const closed = opened.readyState === EventSource.CLOSED
    for (const tab of tabs) closed ? end(tab) : say(tab, ['lost'])
  })
}

/** The page asks what is up, and comes back with another port. */
function end(tab: Tab): void {
  tabs.delete(tab)
  say(tab, ['closed'])
}
