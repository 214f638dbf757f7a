import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
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

type Page = { reply: FastifyReply; tag: string | null; behind: boolean }
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

export type Live = ReturnType<typeof createLive>

/**
 * Server-sent events that carry views: the small document that a page shows, computed once per change for all who look
 * at it, whole each time. `beat` is what tells a page every ten seconds that the line still lives.
 */
export function createLive(
  monotonicMs: () => number,
  beat: () => { now: number; clock: string },
  onFailure: (error: unknown) => void,
  mayStill: (request: FastifyRequest) => boolean = () => true,
) {
  const channels = new Map<string, Channel>()
  const documents = createDocuments(monotonicMs)
  let tellPage: (tag: string, open: boolean) => void = () => {}

  const beats = setInterval(() => {
    const text = frame('beat', beat())
    for (const { pages } of channels.values()) for (const page of pages) if (isAllowed(page)) page.reply.raw.write(text)
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
      channel.newest = Buffer.from(`event: view\ndata: ${documents.read(channel.name, channel.compute).text}\n\n`)
    } catch (error) {
      onFailure(error) // the pages keep what they show; the next change tries again
      return
    }
    for (const page of channel.pages) deliver(page, channel)
  }

  /** Ends the stream of whoever may no longer see it: before each view, and ten seconds later at most. */
  function isAllowed({ reply: { raw, request } }: Page): boolean {
    if (raw.writableEnded) return false
    if (mayStill(request)) return true
    raw.end()
    return false
  }

  function deliver(page: Page, channel: Channel): void {
    if (!channel.newest || !isAllowed(page)) return
    const { raw } = page.reply
    page.behind = raw.writableLength > maxUnsentBytes
    if (page.behind) raw.once('drain', () => page.behind && deliver(page, channel))
    else raw.write(channel.newest)
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

  return {
    /**
     * Makes this request a stream of the channel's views. `tag` names who reads (a session), so that `end` can close
     * what it may no longer see.
     */
    stream(reply: FastifyReply, name: string, compute: () => unknown, tag: string | null = null): void {
      assertNotTooMany(reply, tag)
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
      const page: Page = { reply, tag, behind: false }
      reply.hijack()
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-accel-buffering': 'no',
      })
      reply.raw.write(`retry: 1000\n${frame('beat', beat())}`)
      const isFirst = tag !== null && !has(tag)
      channel.pages.add(page)
      if (isFirst) tellPage(tag, true)
      reply.raw.once('close', () => {
        channel.pages.delete(page)
        if (tag !== null && !has(tag)) tellPage(tag, false)
        if (channel.pages.size > 0) return
        if (channel.timer) clearTimeout(channel.timer)
        channels.delete(name)
      })
      if (channel.newest && !channel.dirty && !channel.timer) deliver(page, channel)
      else refresh(channel)
    },

    /** The same view once, or 304 for who has it already. The two headers say what a beat says. */
    answer(request: FastifyRequest, reply: FastifyReply, name: string, compute: () => unknown): FastifyReply {
      const { text, tag } = documents.read(name, compute, minGapMs)
      const { now, clock } = beat()
      reply.headers({ etag: tag, 'cache-control': 'no-cache', 'balai-now': now, 'balai-clock': clock })
      if (request.headers['if-none-match'] === tag) return reply.code(304).send()
      return reply.type('application/json; charset=utf-8').send(text)
    },

    /** Something changed: every channel that somebody looks at computes its view again. */
    changed(): void {
      documents.changed()
      for (const channel of channels.values()) refresh(channel)
    },

    /** Closes every stream with this tag. */
    end(tag: string): void {
      for (const { pages } of channels.values()) for (const page of pages) if (page.tag === tag) page.reply.raw.end()
    },

    /** How many pages look at channels whose name begins so. */
    count: (prefix: string): number =>
      [...channels].reduce((sum, [name, { pages }]) => sum + (name.startsWith(prefix) ? pages.size : 0), 0),

    has,

    /** `tell` hears when the first page of a tag opens and when its last one has closed. */
    onPage(tell: (tag: string, open: boolean) => void): void {
      tellPage = tell
    },

    close(): void {
      tellPage = () => {}
      clearInterval(beats)
      for (const { pages, timer } of channels.values()) {
        if (timer) clearTimeout(timer)
        for (const page of pages) page.reply.raw.end()
      }
    },
  }
}

const frame = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
