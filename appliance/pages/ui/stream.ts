import StreamWorker from './stream-worker.ts?sharedworker'

/* How views come to this page: by the one stream that all tabs of the browser share, or by a stream of its own. */

export type Heard = {
  /** A view or a beat, as JSON. */
  view: (text: string) => void
  beat: (text: string) => void
  /** The line broke; it opens again by itself. */
  lost: () => void
  /** There is no stream, now: refused, or the browser cannot have one. */
  closed: () => void
}
export type Stream = {
  close: () => void
  /** To be called each second: who keeps still for minutes is gone, and nothing more is sent for it. */
  live: () => void
  /** It takes one of the six connections. */
  readonly costly: boolean
}
/** What a tab and the shared worker say to each other. */
export type ToWorker = { follow: string } | 'live' | 'close'
export type FromWorker = ['view' | 'beat', string] | ['here' | 'lost' | 'closed']

const answersWithinMs = 4000
/**
 * Six connections to a server are all that a browser has by HTTP/1.1. By HTTPS one carries any number of streams, and a
 * browser without shared workers is a phone's: it shows one page. A worker that fails is not asked again.
 */
let shares = location.protocol === 'http:' && 'SharedWorker' in self

/** Opens the stream of a channel by its path. */
export const openStream = (path: string, heard: Heard): Stream =>
  shares ? openShared(path, heard) : openOwn(path, heard)

function openOwn(path: string, heard: Heard): Stream {
  const source = new EventSource(path)
  source.addEventListener('view', ({ data }) => heard.view(data))
  source.addEventListener('beat', ({ data }) => heard.beat(data))
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) heard.closed()
    else heard.lost()
  })
  return { close: () => source.close(), live: () => {}, costly: location.protocol === 'http:' }
}

function openShared(path: string, heard: Heard): Stream {
  let port: MessagePort | null = null
  let own: Stream | null = null
  const say = (what: ToWorker) => port?.postMessage(what)
  function leave() {
    clearTimeout(timer)
    removeEventListener('pagehide', leave)
    say('close')
    port?.close()
    port = null
  }
  function fail() {
    if (!port) return
    shares = false
    leave()
    own = openOwn(path, heard)
  }
  // A slow start is no failure: the page asks meanwhile, which holds no connection, and comes back to the worker.
  const timer = setTimeout(() => {
    leave()
    heard.closed()
  }, answersWithinMs)
  try {
    const worker: SharedWorker = new StreamWorker()
    worker.addEventListener('error', fail)
    port = worker.port
  } catch {
    clearTimeout(timer)
    shares = false
    return openOwn(path, heard)
  }
  port.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    clearTimeout(timer)
    if (data[0] === 'view' || data[0] === 'beat') heard[data[0]](data[1])
    else if (data[0] !== 'here') heard[data[0]]()
  }
  say({ follow: path })
  addEventListener('pagehide', leave)
  return {
    close() {
      leave()
      own?.close()
    },
    live: () => say('live'),
    get costly() {
      return own?.costly ?? false
    },
  }
}
