import { signal, useSignal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'
import { isRunning } from '../../cases/states.ts'
import type { CitizenCase } from '../../cases/views.ts'
import { ask } from '../ui/api.ts'
import { formatMoment, formatOfficeDay } from '../ui/format.ts'
import { t } from '../ui/messages.ts'

const againMs = 60_000

/** What takes a letter home comes when there is one: most phones only follow their number. */
const takesHome = signal<FunctionComponent<{ ticket: string; id: string; recipient: string }> | null>(null)

function loadTakeHome(): void {
  if (takesHome.value) return
  import('./take-home.tsx').then(
    ({ TakeHome }) => {
      takesHome.value = TakeHome
    },
    () => {}, // cut off: the next look tries again
  )
}

/** What was applied for with this number: what is to be brought, when it is done. It names nobody, whoever holds the phone. */
export function Cases({ ticket, state }: { ticket: string; state: string }) {
  const cases = useSignal<CitizenCase[]>([])
  useEffect(() => {
    const load = () => {
      if (document.hidden) return
      ask<{ cases: CitizenCase[] }>('GET', `/api/tickets/${ticket}/cases`).then(
        (found) => {
          cases.value = found.cases
          if (found.cases.some(({ takeHome }) => takeHome !== null)) loadTakeHome()
        },
        () => {}, // the page says by itself that it is cut off, and asks again
      )
    }
    load()
    const timer = setInterval(load, againMs)
    document.addEventListener('visibilitychange', load)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', load)
    }
  }, [ticket, state])

  if (cases.value.length === 0) return null
  return (
    <section class="need applied" aria-live="polite">
      <h2>{t('phone.cases')}</h2>
      {cases.value.map((one) => (
        <Case key={one.case} one={one} ticket={ticket} />
      ))}
    </section>
  )
}

function Case({
  one: { title, state, stateAt, lacks, dueAt, agency, text, document: isHere, takeHome, case: id },
  ticket,
}: {
  one: CitizenCase
  ticket: string
}) {
  const TakeHome = takesHome.value
  const shown = state === 'open' && lacks.length > 0 ? 'lacking' : state
  return (
    <article>
      <h3>{title}</h3>
      <b>{t(`phone.case-${shown}`, { agency: agency ?? '' })}</b>
      {text && (
        <p>
          <time class="quiet">{formatMoment(stateAt)}</time> {text}
        </p>
      )}
      {isHere && <p>{t('phone.case-document')}</p>}
      {takeHome !== null && TakeHome && <TakeHome ticket={ticket} id={id} recipient={takeHome} />}
      {lacks.length > 0 && (
        <>
          <p>{t('phone.case-bring')}</p>
          <ul>
            {lacks.map(({ name, until }) => (
              <li key={name}>{until ? t('phone.case-until', { paper: name, day: formatOfficeDay(until) }) : name}</li>
            ))}
          </ul>
        </>
      )}
      {isRunning(state) && dueAt !== null && <p class="quiet">{t('phone.case-due', { when: formatMoment(dueAt) })}</p>}
    </article>
  )
}
