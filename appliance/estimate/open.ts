import type { Base } from '../base/rooms/base.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { Queue } from '../queue/queue.ts'
import { createAccuracy } from './accuracy.ts'
import { createBestTimes } from './best-times.ts'
import { estimateEvents } from './events.ts'
import { createEstimateInputs } from './inputs.ts'
import { createNewest } from './newest.ts'
import { publishedWait } from './published.ts'
import { estimateRoutes } from './routes.ts'
import { startEstimates } from './worker.ts'

export type Estimate = ReturnType<typeof openEstimate>

/** How long tickets wait: estimated again whenever the journal rings, at once after a call. */
export function openEstimate(base: Base, { office, queue }: { office: OfficeRoom; queue: Queue }) {
  const { store, journal, clock, zone, app, live, head, log, onClose } = base
  const published = createPublished(office)
  const newest = createNewest(clock.monotonicMs, published.waitFor)
  const estimates = startEstimates({
    ...createEstimateInputs(store.db, office, queue, clock, zone),
    onResult: (result) => {
      newest.keepEstimate(result)
      live.changed()
    },
    onNoPast: newest.keepNoPast,
    onFailure: (error) => log.error({ err: error }, 'estimating waits failed'),
    monotonicMs: clock.monotonicMs,
  })
  onClose(estimates.stop)
  let lastCall = queue.lastCallRow()
  journal.onRing(() => {
    published.forget()
    const call = queue.lastCallRow()
    if (call === lastCall) estimates.changed()
    else estimates.called()
    lastCall = call
  })
  estimateRoutes(app, createBestTimes(store.db, office, clock, zone, head))
  return { ...newest, ...createAccuracy(store, journal.pen(estimateEvents)) }
}

/** Published waits of services; who works at which counter is read once between two changes. */
function createPublished(office: OfficeRoom) {
  const known = new Map<string, { minutes: number; working: number }>()

  function read(service: string) {
    const counters = office.counters().filter((one) => one.account && !one.paused && one.services.includes(service))
    return { minutes: office.service(service).minutes, working: counters.length }
  }

  return {
    forget: () => known.clear(),
    waitFor(service: string, ahead: number) {
      const { minutes, working } = known.get(service) ?? read(service)
      known.set(service, { minutes, working })
      return publishedWait(ahead, minutes, working)
    },
  }
}
