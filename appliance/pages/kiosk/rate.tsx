import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { KioskView } from '../../screens/kiosk-view.ts'
import type { SurveyElement } from '../../survey/views.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { membersOf, questions, scores, useQuestionnaire, wordOf } from '../ui/questionnaire.ts'
import { Countdown } from './countdown.tsx'
import { Writing } from './writing.tsx'
import './rate.css'

export { ready } from 'messages:kiosk+survey'

// Somebody who walked away has answered what they wanted to.
const idleMs = 30_000
const writingMs = 60_000
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
  const { at, step, sent, problem, suggestion, answer, belong, next, finish, begin, back } = useQuestionnaire(ticket)
  useEffect(begin, [])
  const end = () => finish().then(leave)
  useEffect(() => {
    if (at.value === null) return
    const timer = setTimeout(end, step?.kind === 'suggestion' ? writingMs : idleMs)
    return () => clearTimeout(timer)
  }, [at.value, suggestion.value])

  if (step === null) {
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
  const first = at.value === 0
  return (
    <div class={`rate ${step.kind === 'suggestion' ? 'writing' : ''}`}>
      <header>
        <Mark />
        {office}
        {step.kind === 'question' && (
          <span class="steps">
            {questions.map(([name], i) => (
              <i key={name} class={i <= step.at ? 'on' : ''} />
            ))}
            {t('kiosk.rate-step', { n: step.at + 1, of: questions.length })}
          </span>
        )}
      </header>
      <main>
        <h1 aria-live="polite">
          {step.kind === 'question'
            ? t(questions[step.at]?.[1] ?? 'kiosk.rate')
            : t(step.kind === 'group' ? `survey.ask-${step.group}` : 'survey.ask-suggestion')}
        </h1>
        {step.kind === 'question' && <Scores element={questions[step.at]?.[0] ?? 'time'} answer={answer} />}
        {step.kind === 'group' && (
          <div class="answers words">
            {membersOf(step.group).map(([member, word]) => (
              <button key={member} type="button" onClick={() => belong(step.group, member)}>
                {word}
              </button>
            ))}
          </div>
        )}
        {step.kind === 'suggestion' && <Writing text={suggestion} />}
      </main>
      <footer>
        <p>
          {t(
            step.kind === 'question'
              ? 'kiosk.rate-anonymous'
              : step.kind === 'group'
                ? 'survey.optional'
                : 'survey.suggestion-what',
          )}
        </p>
        <div>
          <button type="button" class="plain" disabled={first} onClick={back}>
            {t('kiosk.rate-back')}
          </button>
          {step.kind === 'group' && (
            <button type="button" class="plain" onClick={next}>
              {t('survey.skip')}
            </button>
          )}
          <button type="button" class="plain" onClick={first ? leave : finish}>
            {t(first ? 'kiosk.rate-skip' : step.kind === 'suggestion' ? 'survey.send' : 'survey.leave')}
          </button>
        </div>
      </footer>
    </div>
  )
}

type Answer = ReturnType<typeof useQuestionnaire>['answer']

const Scores = ({ element, answer }: { element: SurveyElement; answer: Answer }) => (
  <div class="answers">
    {scores.map(([score, Face]) => (
      <button key={`${element} ${score}`} type="button" onClick={() => answer(element, score)}>
        <Face strokeWidth={1.5} aria-hidden="true" />
        {wordOf(element, score)}
      </button>
    ))}
  </div>
)
