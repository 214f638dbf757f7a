import type { FastifyReply } from 'fastify'
import { AppError } from '../errors.ts'
import { isLoopback } from './server.ts'

/** At most ten views a second on each channel. */
const minGapMs = 100
const beatMs = 10_000
/** A page that reads slower than this much unsent text misses views; it gets the newest when it has caught up. */
const maxUnsentBytes = 256 * 1024

/** Streams that one address on the LAN may hold open: a desk has one for each page. */
const mostPerAddress = 60

type Page = { reply: FastifyReply; tag: string | null; behind: boolean }
type Channel = {
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
export function createLive(monotonicMs: () => number, beat: () => unknown, onFailure: (error: unknown) => void) {
  const channels = new Map<string, Channel>()

  const beats = setInterval(() => {
    const text = frame('beat', beat())
    for (const { pages } of channels.values()) for (const page of pages) page.reply.raw.write(text)
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
      channel.newest = Buffer.from(frame('view', channel.compute()))
    } catch (error) {
      onFailure(error) // the pages keep what they show; the next change tries again
      return
    }
    for (const page of channel.pages) deliver(page, channel)
  }

  function deliver(page: Page, channel: Channel): void {
    if (!channel.newest) return
    const { raw } = page.reply
    page.behind = raw.writableLength > maxUnsentBytes
    if (page.behind) raw.once('drain', () => page.behind && deliver(page, channel))
    else raw.write(channel.newest)
  }

  function assertNotTooMany({ request }: FastifyReply): void {
    if (isLoopback(request)) return
    const pages = [...channels.values()].flatMap((channel) => [...channel.pages])
    if (pages.filter((page) => page.reply.request.ip === request.ip).length >= mostPerAddress)
      throw new AppError('too-many', 'too-many', 'This address holds too many pages open.')
  }

  return {
    /**
     * Makes this request a stream of the channel's views. `tag` names who reads (a session), so that `end` can close
     * what it may no longer see.
     */
    stream(reply: FastifyReply, name: string, compute: () => unknown, tag: string | null = null): void {
      assertNotTooMany(reply)
      const channel = channels.get(name) ?? {
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
      channel.pages.add(page)
      reply.raw.once('close', () => {
        channel.pages.delete(page)
        if (channel.pages.size > 0) return
        if (channel.timer) clearTimeout(channel.timer)
        channels.delete(name)
      })
      if (channel.newest && !channel.dirty && !channel.timer) deliver(page, channel)
      else refresh(channel)
    },

    /** Something changed: every channel that somebody looks at computes its view again. */
    changed(): void {
      for (const channel of channels.values()) refresh(channel)
    },

    /** Closes every stream with this tag. */
    end(tag: string): void {
      for (const { pages } of channels.values()) for (const page of pages) if (page.tag === tag) page.reply.raw.end()
    },

    /** How many pages look at channels whose name begins so. */
    count: (prefix: string): number =>
      [...channels].reduce((sum, [name, { pages }]) => sum + (name.startsWith(prefix) ? pages.size : 0), 0),

    /** Whether a page with this tag is open. */
    has: (tag: string): boolean =>
      [...channels.values()].some(({ pages }) => [...pages].some((page) => page.tag === tag)),

    close(): void {
      clearInterval(beats)
      for (const { pages, timer } of channels.values()) {
        if (timer) clearTimeout(timer)
        for (const page of pages) page.reply.raw.end()
      }
    },
  }
}

const frame = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
