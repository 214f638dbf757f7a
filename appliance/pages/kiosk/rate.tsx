import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { KioskView } from '../../screens/kiosk-view.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { questions, scores, useQuestionnaire, wordOf } from '../ui/questionnaire.ts'
import { Countdown } from './countdown.tsx'
import './rate.css'

// Somebody who walked away has answered what they wanted to.
const idleMs = 30_000
const thanksSeconds = 5

type Props = { view: KioskView; leave: () => void }

/** How was it, on the kiosk: the own number among those just served, then one question a screen. */
export function Rate({ view, leave }: Props) {
  // Chosen once: the list under the finger does not move when somebody else is served.
  const offered = useSignal(view.finished)
  const ticket = useSignal<string | null>(null)
  if (ticket.value) return <Questions office={view.office.name} ticket={ticket.value} leave={leave} />
  return (
    <div class="rate">
      <header>
        <Mark />
        {view.office.name}
      </header>
      <main>
        <h1>{t('kiosk.rate-which')}</h1>
        <div class="numbers">
          {offered.value.map((one) => (
            <button
              key={one.ticket}
              type="button"
              class="num"
              onClick={() => {
                ticket.value = one.ticket
              }}
            >
              {one.number}
            </button>
          ))}
        </div>
      </main>
      <footer>
        <p>{t('kiosk.rate-anonymous')}</p>
        <Countdown seconds={idleMs / 1000} end={leave} label={t('kiosk.back')} />
      </footer>
    </div>
  )
}

function Questions({ office, ticket, leave }: { office: string; ticket: string; leave: () => void }) {
  const { at, sent, problem, answer, finish, begin, back } = useQuestionnaire(ticket)
  useEffect(begin, [])
  const end = () => finish().then(leave)
  useEffect(() => {
    if (at.value === null) return
    const timer = setTimeout(end, idleMs)
    return () => clearTimeout(timer)
  }, [at.value])

  const step = at.value
  const question = step === null ? null : questions[step]
  if (!question) {
    return (
      <div class="rate">
        <main>
          <h1 role="status">{problem.value ?? (sent.value ? t('survey.thanks') : t('kiosk.rate-sending'))}</h1>
        </main>
        <footer>
          <Countdown seconds={thanksSeconds} end={leave} label={t('kiosk.done')} />
        </footer>
      </div>
    )
  }
  const [element, words] = question
  return (
    <div class="rate">
      <header>
        <Mark />
        {office}
        <span class="steps">
          {questions.map(([name], i) => (
            <i key={name} class={i <= (step ?? 0) ? 'on' : ''} />
          ))}
          {t('kiosk.rate-step', { n: (step ?? 0) + 1, of: questions.length })}
        </span>
      </header>
      <main>
        <h1 aria-live="polite">{t(words)}</h1>
        <div class="answers">
          {scores.map(([score, Face]) => (
            <button key={`${element} ${score}`} type="button" onClick={() => answer(element, score)}>
              <Face strokeWidth={1.5} aria-hidden="true" />
              {wordOf(element, score)}
            </button>
          ))}
        </div>
      </main>
      <footer>
        <p>{t('kiosk.rate-anonymous')}</p>
        <div>
          <button type="button" class="plain" disabled={step === 0} onClick={back}>
            {t('kiosk.rate-back')}
          </button>
          <button type="button" class="plain" onClick={step === 0 ? leave : finish}>
            {step === 0 ? t('kiosk.rate-skip') : t('survey.leave')}
          </button>
        </div>
      </footer>
    </div>
  )
}
