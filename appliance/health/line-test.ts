import type { Clock } from '../base/clock.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import type { Relay } from '../relay/relay.ts'
import { healthEvents } from './events.ts'
import type { LineTest } from './views.ts'

export type TestLine = ReturnType<typeof createLineTest>

/** Pages give a request up after eight seconds. */
const withinMs = 7_000

/** An entry that changes nothing goes the way of every other: written, sent, committed by the hub, confirmed. */
export function createLineTest(store: Store, journal: Journal, relay: Relay, clock: Clock) {
  const pen = journal.pen(healthEvents)
  return async ({ actor, key }: { actor: string; key: string | null }): Promise<LineTest> => {
    if (relay.view().state === 'off') return { outcome: 'off', ms: 0 }
    const startedAt = clock.monotonicMs()
    const place = store.write((tx) => {
      if (!pen.entryByKey(key, 'health.line-tested'))
        pen.append(tx, { type: 'health.line-tested', actor, key, data: {} })
      return journal.head()
    })
    const arrived = await relay.whenSent(place, withinMs)
    return { outcome: arrived ? 'arrived' : 'waiting', ms: Math.round(clock.monotonicMs() - startedAt) }
  }
}
