import { AppError } from '../appliance/base/errors.ts'
import { by, furnish, openTestBox } from './test-box.ts'

export type TestOffice = Awaited<ReturnType<typeof openTestOffice>>

/** A furnished box and what its people do, in a word each. For tests only. */
export async function openTestOffice() {
  const box = await openTestBox()
  const office = await furnish(box)
  const { counters, clerks, services } = office
  const manager = { actor: office.technician, key: null }

  const take = (service = services[0], key: string | null = null) =>
    box.queue.takeTicket({ service, actor: 'kiosk:1', key })
  const takePriority = (service = services[0]) =>
    box.queue.takeTicket({ service, group: 'elderly', actor: 'kiosk:1', key: null })
  const sit = (index: 0 | 1) => box.office.sit({ counter: counters[index], ...by(clerks[index]) })
  const next = (index: 0 | 1) => box.queue.callNext({ counter: counters[index], ...by(clerks[index]) })
  const served = (index: 0 | 1) => {
    const { ticket } = next(index)
    box.queue.start({ ticket, ...by(clerks[index]) })
    return box.queue.complete({ ticket, result: 'done', ...by(clerks[index]) })
  }
  /** Who waits, first to last. */
  const labels = () =>
    box.queue
      .openTickets()
      .filter(({ state }) => state === 'waiting')
      .map(({ label }) => label)
  return { box, ...office, manager, take, takePriority, sit, next, served, labels, remove: box.remove }
}

/** The code by which something was refused; `nothing` when it was not. */
export function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'nothing'
}
