import { useEffect } from 'preact/hooks'
import type { TicketView } from '../../queue/ticket-view.ts'
import { t } from '../ui/messages.ts'
import { longestSuggestion, membersOf, questions, scores, useQuestionnaire, wordOf } from '../ui/questionnaire.ts'

const restMs = 120_000

/** How was it: one question at a time, nine, then who it was and their own words; left at any time. */
export function Survey({ ticket }: { ticket: TicketView }) {
  const { step, sent, problem, suggestion, answer, belong, next, finish, begin } = useQuestionnaire(ticket.ticket)
  // Whoever has answered the nine and puts the phone away has answered them.
  const asked = step !== null && step.kind !== 'question'
  useEffect(() => {
    if (!asked) return
    const timer = setTimeout(finish, restMs)
    const away = () => document.visibilityState === 'hidden' && void finish()
    addEventListener('visibilitychange', away, { capture: true })
    return () => {
      clearTimeout(timer)
      removeEventListener('visibilitychange', away, { capture: true })
    }
  }, [asked, suggestion.value])
  if (sent.value) return <p class="thanks">{t('survey.thanks')}</p>
  if (step === null) {
    return (
      <div class="act">
        {problem.value && <p role="alert">{problem.value}</p>}
        <button type="button" onClick={begin}>
          {t('phone.survey')}
        </button>
      </div>
    )
  }
  if (step.kind === 'question') {
    const [element, words] = questions[step.at] ?? questions[0]
    return (
      <section class="survey" aria-live="polite">
        <p class="quiet">{t('survey.step', { n: step.at + 1, of: questions.length })}</p>
        <h2>{t(words)}</h2>
        <div class="scores">
          {scores.map(([score, Face]) => (
            <button key={`${element} ${score}`} type="button" onClick={() => answer(element, score)}>
              <Face class="icon" strokeWidth={1.6} aria-hidden="true" />
              {wordOf(element, score)}
            </button>
          ))}
        </div>
        <button type="button" class="quiet" onClick={finish}>
          {t('survey.leave')}
        </button>
      </section>
    )
  }
  return (
    <section class="survey" aria-live="polite">
      <p class="quiet">{t('survey.optional')}</p>
      {step.kind === 'group' ? (
        <>
          <h2>{t(`survey.ask-${step.group}`)}</h2>
          <div class="scores groups">
            {membersOf(step.group).map(([member, word]) => (
              <button key={member} type="button" onClick={() => belong(step.group, member)}>
                {word}
              </button>
            ))}
          </div>
          <button type="button" class="quiet" onClick={next}>
            {t('survey.skip')}
          </button>
        </>
      ) : (
        <>
          <h2 id="suggestion">{t('survey.ask-suggestion')}</h2>
          <textarea
            aria-labelledby="suggestion"
            aria-describedby="suggestion-what"
            rows={4}
            maxLength={longestSuggestion}
            value={suggestion.value}
            onInput={({ currentTarget }) => {
              suggestion.value = currentTarget.value
            }}
          />
          <p class="quiet" id="suggestion-what">
            {t('survey.suggestion-what')}
          </p>
          <div class="act">
            <button type="button" onClick={finish}>
              {t('survey.send')}
            </button>
          </div>
        </>
      )}
      <button type="button" class="quiet" onClick={finish}>
        {t('survey.leave')}
      </button>
    </section>
  )
}
