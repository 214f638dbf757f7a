import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { CallerKind } from './callers.ts'
import { createDocuments } from './documents.ts'
import { isLoopback } from './server.ts'

/** At most ten views a second on each channel. */
const minGapMs = 100
const beatMs = 10_000
/** A page that reads slower than this much unsent text misses views; it gets the newest when it has caught up. */
const maxUnsentBytes = 256 * 1024

/**
 * Streams that may be open: of one screen or person, of the strangers behind one address (a router may hide the phones of
 * a whole waiting room), and of all strangers. Whoever gets none asks for the same view again and again: `answer`.
 */
const mostOf = { device: 20, address: 250, office: 500 }

/** `label`: the channel's path where a stream carries several, `view` where it is the only one. */
type Page = { reply: FastifyReply; tag: string | null; label: string; mayCall: readonly CallerKind[] }
/** A channel as a page asks for it. `tag` names who reads (a session, a screen), so that `end` closes what is theirs. */
export type Following = { name: string; compute: () => unknown; tag: string | null; mayCall: readonly CallerKind[] }
type Channel = {
  name: string
  compute: () => unknown
  pages: Set<Page>
  /** Encoded once for all pages. */
  newest: Buffer | null
  dirty: boolean
  timer: NodeJS.Timeout | null
  sentAt: number
}

/** A channel by its path: who may follow it, and which one a query of the path means (null: none). */
export type Offer = {
  mayCall: readonly CallerKind[]
  channelOf: (
    query: Record<string, string>,
  ) => (Pick<Following, 'name' | 'compute'> & { prepare?: () => Promise<unknown> }) | null
}

export type Live = ReturnType<typeof createLive>

/**
 * Server-sent events that carry views: the small document that a page shows, computed once per change for all who look
 * at it, whole each time. `beat` is what tells a page every ten seconds that the line still lives.
 */
export function createLive(
  monotonicMs: () => number,
  beat: () => { now: number; clock: string },
  onFailure: (error: unknown) => void,
  mayStill: (request: FastifyRequest, mayCall: readonly CallerKind[]) => boolean = () => true,
) {
  const channels = new Map<string, Channel>()
  const documents = createDocuments(monotonicMs)
  const offers = new Map<string, Offer>()
  const behind = new WeakMap<FastifyReply['raw'], Map<Page, Channel>>()
  let hearPage: ((tag: string, open: boolean) => void)[] = []

  const beats = setInterval(() => {
    const text = frame('beat', beat())
    const allowed = [...channels.values()].flatMap(({ pages }) => [...pages].filter(isAllowed))
    for (const { raw } of new Set(allowed.map(({ reply }) => reply))) raw.write(text)
  }, beatMs)
  beats.unref()

  /** Sends the view now, or as soon as the last one is 100 ms old. */
  function refresh(channel: Channel): void {
    channel.dirty = true
    if (channel.timer) return
    const wait = channel.sentAt + minGapMs - monotonicMs()
    if (wait <= 0) send(channel)
    else
      channel.timer = setTimeout(() => {
        channel.timer = null
        send(channel)
      }, wait)
  }

  function send(channel: Channel): void {
    channel.dirty = false
    channel.sentAt = monotonicMs()
    try {
      channel.newest = Buffer.from(`data: ${documents.read(channel.name, channel.compute).text}\n\n`)
    } catch (error) {
      onFailure(error) // the pages keep what they show; the next change tries again
      return
    }
    for (const page of channel.pages) deliver(page, channel)
  }

  /** Ends the stream of whoever may no longer see it: before each view, and ten seconds later at most. */
  function isAllowed(page: Page): boolean {
    const { raw, request } = page.reply
    if (raw.writableEnded || raw.destroyed) return false
    try {
      if (mayStill(request, page.mayCall)) return true
    } catch (error) {
      onFailure(error) // a disk that fails: nobody is let in by it, and nobody is turned out
      return false
    }
    refuse(page)
    return false
  }

  /** Ends one page's views: its stream, or its share of one that carries others as well. */
  function refuse(page: Page): void {
    const { raw } = page.reply
    if (page.label === 'view') {
      raw.end()
      return
    }
    leave(page)
    raw.write(frame('refused', page.label))
  }

  function leave(page: Page): void {
    for (const [name, channel] of channels) {
      if (!channel.pages.delete(page) || channel.pages.size > 0) continue
      if (channel.timer) clearTimeout(channel.timer)
      channels.delete(name)
    }
    if (page.tag !== null && !has(page.tag)) tellPage(page.tag, false)
  }

  /** From the end of a connection, too, where nobody would catch it. */
  function tellPage(tag: string, open: boolean): void {
    for (const hear of hearPage) {
      try {
        hear(tag, open)
      } catch (error) {
        onFailure(error)
      }
    }
  }

  function deliver(page: Page, channel: Channel): void {
    if (!channel.newest || !isAllowed(page)) return
    const { raw } = page.reply
    if (raw.writableLength > maxUnsentBytes) {
      deliverWhenDrained(page, channel)
      return
    }
    raw.write(`event: ${page.label}\n`)
    raw.write(channel.newest)
  }

  /** However much changes meanwhile: one listener a stream, and the newest view of each of its channels. */
  function deliverWhenDrained(page: Page, channel: Channel): void {
    const { raw } = page.reply
    const waiting = behind.get(raw)
    if (waiting) {
      waiting.set(page, channel)
      return
    }
    const late = new Map([[page, channel]])
    behind.set(raw, late)
    raw.once('drain', () => {
      behind.delete(raw)
      for (const [one, newest] of late) deliver(one, newest)
    })
  }

  function assertNotTooMany({ request }: FastifyReply, tag: string | null): void {
    if (isLoopback(request)) return
    const pages = [...channels.values()].flatMap((channel) => [...channel.pages])
    const count = (matches: (page: Page) => boolean) => pages.filter(matches).length
    const tooMany = tag
      ? count((page) => page.tag === tag) >= mostOf.device
      : count((page) => page.tag === null && page.reply.request.ip === request.ip) >= mostOf.address ||
        count((page) => page.tag === null) >= mostOf.office
    if (tooMany)
      throw new AppError('too-many', 'budget.streams', 'Too many streams are open: ask for the view instead.')
  }

  /** Whether a page with this tag is open. */
  const has = (tag: string): boolean =>
    [...channels.values()].some(({ pages }) => [...pages].some((page) => page.tag === tag))

  function open(reply: FastifyReply): void {
    reply.hijack()
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    })
    reply.raw.write(`retry: 1000\n${frame('beat', beat())}`)
  }

  function follow(reply: FastifyReply, { name, compute, tag, mayCall }: Following, label: string): Page {
    const channel: Channel = channels.get(name) ?? {
      name,
      compute,
      pages: new Set(),
      newest: null,
      dirty: true,
      timer: null,
      sentAt: Number.NEGATIVE_INFINITY,
    }
    channels.set(name, channel)
    const page: Page = { reply, tag, label, mayCall }
    const isFirst = tag !== null && !has(tag)
    channel.pages.add(page)
    if (isFirst) tellPage(tag, true)
    if (channel.newest && !channel.dirty && !channel.timer) deliver(page, channel)
    else refresh(channel)
    return page
  }

  return {
    /** Makes this request a stream of the channel's views. Throws `lan.too-many-streams`. */
    stream(reply: FastifyReply, following: Following): void {
      assertNotTooMany(reply, following.tag)
      open(reply)
      const page = follow(reply, following, 'view')
      reply.raw.once('close', () => leave(page))
    },

    /**
     * Makes this request one stream of several channels' views, which carry their paths: all tabs of a browser need one
     * connection. A channel that may not be had (null, or too many streams) is named by an event `refused`.
     */
    streamMany(reply: FastifyReply, asked: ReadonlyMap<string, Following | null>): void {
      open(reply)
      const pages: Page[] = []
      reply.raw.once('close', () => pages.forEach(leave))
      for (const [path, following] of asked) {
        try {
          if (!following) throw new AppError('forbidden', 'forbidden', 'This channel may not be followed.')
          assertNotTooMany(reply, following.tag)
          pages.push(follow(reply, following, path))
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          reply.raw.write(frame('refused', path))
        }
      }
    },

    /** What `streamMany` may be asked for, by path: `/live/desk`. */
    offers,

    /** The same view once, or 304 for who has it already. The two headers say what a beat says. */
    answer(request: FastifyRequest, reply: FastifyReply, name: string, compute: () => unknown): FastifyReply {
      const { text, tag } = documents.read(name, compute, minGapMs)
      const { now, clock } = beat()
      reply.headers({ etag: tag, 'cache-control': 'no-cache', 'balai-now': now, 'balai-clock': clock })
      if (request.headers['if-none-match'] === tag) return reply.code(304).send()
      return reply.type('application/json; charset=utf-8').send(text)
    },

    /**
     * Something changed: the channels that show it compute their views again, if somebody looks at them. `shownBy` names
     * them by their first word (`desk` for the desk of each counter); without it, every channel shows it.
     */
    changed(shownBy?: readonly string[]): void {
      const shows = (name: string) => shownBy?.includes(name.split(' ')[0] ?? '') ?? true
      documents.changed(shows)
      for (const channel of channels.values()) if (shows(channel.name)) refresh(channel)
    },

    /** Closes every stream with this tag. */
    end(tag: string): void {
      for (const { pages } of channels.values()) for (const page of pages) if (page.tag === tag) refuse(page)
    },

    /** How many pages look at channels whose name begins so. */
    count: (prefix: string): number =>
      [...channels].reduce((sum, [name, { pages }]) => sum + (name.startsWith(prefix) ? pages.size : 0), 0),

    has,

    /** `tell` hears when the first page of a tag opens and when its last one has closed. */
    onPage(tell: (tag: string, open: boolean) => void): void {
      hearPage.push(tell)
    },

    close(): void {
      hearPage = []
      clearInterval(beats)
      for (const { pages, timer } of channels.values()) {
        if (timer) clearTimeout(timer)
        for (const page of pages) page.reply.raw.end()
      }
    },
  }
}

const frame = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
