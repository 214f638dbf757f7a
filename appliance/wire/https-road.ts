import { type Static, Type } from 'typebox'
import { parseUpwardTopic, villageTopics } from './topics.ts'

/*
 * The road by HTTPS (SYNC-023): what a box publishes is posted, one message after the other; the hub's answer is the
 * answer to the request. What the hub says unasked waits until the box fetches it.
 */

/** So long the hub lets a box wait for something to fetch, ms. */
export const holdMs = 25_000

/** A session from which nothing came for so long is over, ms: the hub then says the last word that it left. */
export const silentMs = 75_000

/** What waits for a box that does not fetch. More than this ends its session; the next hello brings it all again. */
export const mostWaiting = { messages: 500, bytes: 2 * 1024 * 1024 } as const

/** What the hub says unasked. */
export const fetchedKinds = ['command', 'data', 'roll-call', 'presence'] as const
export type FetchedKind = (typeof fetchedKinds)[number]

/** The answer to a fetch. `payload`: the message as it would stand on the topic, base64url. */
export const Fetched = Type.Object({
  messages: Type.Array(Type.Object({ kind: Type.String({ maxLength: 40 }), payload: Type.String() }), {
    maxItems: mostWaiting.messages,
  }),
})
export type Fetched = Static<typeof Fetched>

/** Where a box begins its session, with its last word as the body, and where it fetches what waits. */
export const sessionPath = (village: string, session: string): string => `/v1/${village}/session/${session}`

/** Where a box that has no certificate yet asks for one, showing the claim certificate of its village. */
export const enrolPath = (village: string): string => `/v1/${village}/enrol`

/** Where a message for a topic is posted; null where a topic is none of those that a box writes to. */
export function pathOf(topic: string): string | null {
  const place = parseUpwardTopic(topic)
  return place && `/v1/${place.village}/${place.kind}`
}

/** The topic on which the answer to a posted message stands at a broker; null: nothing is answered. */
export function answerTopic(topic: string): string | null {
  const place = parseUpwardTopic(topic)
  if (!place) return null
  const { ack, chunk, renewed } = villageTopics(place.village)
  return { hello: ack, up: ack, want: chunk, renew: renewed, presence: null, health: null }[place.kind]
}
