import type { FastifyRequest } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { AppError } from '../errors.ts'
import type { Budget } from './budgets.ts'
import type { Caller, CallerKind, ResolveCaller } from './callers.ts'
import type { Following, Live } from './live.ts'
import type { App } from './server.ts'

const noQuery = Type.Object({}, { additionalProperties: false })

const Path = Type.String({ maxLength: 100 })
const Many = Type.Object(
  { on: Type.Union([Path, Type.Array(Path, { minItems: 1, maxItems: 20 })]) },
  { additionalProperties: false },
)

/** `prepare`: what has to be read before the first view can be computed. */
type Channel = { name: string; compute: () => unknown; prepare?: () => Promise<unknown> }
type Options<Query extends TSchema> = {
  mayCall: readonly CallerKind[]
  spends?: Budget
  query?: Query
}

/**
 * One view that pages follow: `/live/<path>` streams it; `/api/live/<path>` answers it once, with an ETag, for a page that
 * gets no stream (429) or cannot read one. Whoever may have the one may have the other.
 */
export function liveRoute<Query extends TSchema = typeof noQuery>(
  app: App,
  live: Live,
  path: string,
  { mayCall, spends, query }: Options<Query>,
  channelOf: (query: Static<Query>) => Channel,
): void {
  const options = {
    schema: { hide: true, querystring: query ?? noQuery },
    config: { mayCall, ...(spends ? { spends } : {}) },
  }
  const allowed = query ?? noQuery
  live.offers.set(`/live/${path}`, {
    mayCall,
    channelOf: (asked) => (Value.Check(allowed, asked) ? channelOf(asked as Static<Query>) : null),
  })
  const channel = (request: FastifyRequest) => channelOf(request.query as Static<Query>) // parsed by its schema above
  app.get(`/live/${path}`, options, async (request, reply) => {
    const { name, compute, prepare } = channel(request)
    await prepare?.()
    live.stream(reply, { name, compute, tag: tagOf(request.caller), mayCall })
  })
  app.get(`/api/live/${path}`, options, async (request, reply) => {
    const { name, compute, prepare } = channel(request)
    await prepare?.()
    return live.answer(request, reply, name, compute)
  })
}

/**
 * `/live?on=/live/desk?counter=…&on=/live/today`: one stream for all tabs of a browser, which gives six connections to a
 * server in all. Each channel is for whom its own route is for; the others come all the same.
 */
export function manyLiveRoute(app: App, live: Live, resolveCaller: ResolveCaller): void {
  async function find(request: FastifyRequest, path: string): Promise<Following | null> {
    const [address = '', query = ''] = path.split('?')
    const offer = live.offers.get(address)
    const channel = offer?.channelOf(Object.fromEntries(new URLSearchParams(query)))
    if (!offer || !channel) return null
    try {
      const tag = tagOf(await resolveCaller(request, offer.mayCall))
      await channel.prepare?.()
      return { name: channel.name, compute: channel.compute, tag, mayCall: offer.mayCall }
    } catch (error) {
      if (error instanceof AppError) return null
      throw error
    }
  }

  app.get(
    '/live',
    { schema: { hide: true, querystring: Many }, config: { mayCall: ['anyone'], spends: 'look' } },
    async (request, reply) => {
      const paths = [request.query.on].flat()
      const found = await Promise.all(paths.map(async (path) => [path, await find(request, path)] as const))
      live.streamMany(reply, new Map(found))
    },
  )
}

/** Whose stream it is: a session's, a screen's, or nobody's. */
function tagOf(caller: Caller): string | null {
  if ('session' in caller) return caller.session.toString('hex')
  return caller.kind === 'anyone' ? null : caller.actor
}
