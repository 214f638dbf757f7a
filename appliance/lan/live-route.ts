import type { FastifyRequest } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import type { Budget } from './budgets.ts'
import type { CallerKind } from './callers.ts'
import type { Live } from './live.ts'
import type { App } from './server.ts'

const noQuery = Type.Object({}, { additionalProperties: false })

type Channel = { name: string; compute: () => unknown }
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
  const channel = (request: FastifyRequest) => channelOf(request.query as Static<Query>) // parsed by its schema above
  app.get(`/live/${path}`, options, async (request, reply) => {
    const { name, compute } = channel(request)
    live.stream(reply, name, compute, tagOf(request))
  })
  app.get(`/api/live/${path}`, options, async (request, reply) => {
    const { name, compute } = channel(request)
    return live.answer(request, reply, name, compute)
  })
}

/** Whose stream it is: a session's, a screen's, or nobody's. */
function tagOf({ caller }: FastifyRequest): string | null {
  if ('session' in caller) return caller.session.toString('hex')
  return caller.kind === 'anyone' ? null : caller.actor
}
