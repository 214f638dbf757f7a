import { useSignal } from '@preact/signals'
import type { TicketView } from '../../queue/ticket-view.ts'
import type { PriorityGroup } from '../../screens/desk-view.ts'
import { createSender, explain, Refusal, referenceOf } from '../ui/api.ts'
import { language, t } from '../ui/messages.ts'

type Screen =
  | { kind: 'choose'; taking: string | null }
  | { kind: 'ticket'; ticket: TicketView }
  | { kind: 'failed'; sentence: string; again: (() => void) | null }

// Tried again by itself this long before the visitor is asked to do something.
const patienceMs = 12_000
const pauseMs = 1500
// As long as one visitor stands before a failed try, pressing again must not make a second ticket.
const oneVisitorMs = 300_000

/** Takes a ticket, and holds what the kiosk shows meanwhile. */
export function useTaking(done: () => void) {
  const screen = useSignal<Screen>({ kind: 'choose', taking: null })

  const take = (service: string, group: PriorityGroup | null) =>
    obtain('/api/tickets', group ? { service, group } : { service }, service)
  const arrive = (code: string) =>
    obtain('/api/arrivals', { code }, code, () => {
      screen.value = { kind: 'choose', taking: null }
    })
  const collect = (code: string) =>
    obtain('/api/pick-ups', { code }, code, () => {
      screen.value = { kind: 'choose', taking: null }
    })

  /**
   * One touch is one intent: its sender repeats with the same key until somebody knows how it ended. `typeAgain` leads
   * back to what was asked for, where another try may be another thing.
   */
  function obtain(path: string, body: object, taking: string, typeAgain: (() => void) | null = null) {
    if (screen.value.kind === 'choose' && screen.value.taking) return
    const send = createSender(oneVisitorMs)
    const wanted = { ...body, language: language.value }
    void attempt()

    async function attempt() {
      screen.value = { kind: 'choose', taking }
      const until = performance.now() + patienceMs
      while (true) {
        try {
          const ticket = await send<TicketView>('POST', path, wanted)
          screen.value = { kind: 'ticket', ticket }
          return
        } catch (error) {
          const unclear = error instanceof Refusal && error.unclear
          if (unclear && performance.now() < until) {
            await new Promise((resolve) => setTimeout(resolve, pauseMs))
            continue
          }
          const ours = isOurs(error)
          const sentence = ours ? `${t('kiosk.failed-what')}${referenceOf(error)}` : explain(error)
          screen.value = { kind: 'failed', sentence, again: ours ? attempt : typeAgain }
          return
        }
      }
    }
  }

  function leave() {
    screen.value = { kind: 'choose', taking: null }
    done()
  }

  return { screen, take, arrive, collect, leave }
}

/** A visitor cannot mend a box: its own troubles send them to a clerk, a refusal of what they asked has its sentence. */
const isOurs = (error: unknown): boolean => error instanceof Refusal && (error.unclear || error.unavailable)
