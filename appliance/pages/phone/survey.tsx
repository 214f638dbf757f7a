import type { TicketView } from '../../queue/ticket-view.ts'
import { t } from '../ui/messages.ts'
import { questions, scores, useQuestionnaire, wordOf } from '../ui/questionnaire.ts'

/** How was it: one question at a time, nine, left at any time. */
export function Survey({ ticket }: { ticket: TicketView }) {
  const { at, sent, problem, answer, finish, begin } = useQuestionnaire(ticket.ticket)
  if (sent.value) return <p class="thanks">{t('survey.thanks')}</p>
  const question = at.value === null ? null : questions[at.value]
  if (!question) {
    return (
      <div class="act">
        {problem.value && <p role="alert">{problem.value}</p>}
        <button type="button" onClick={begin}>
          {t('phone.survey')}
        </button>
      </div>
    )
  }
  const [element, words] = question
  return (
    <section class="survey" aria-live="polite">
      <p class="quiet">{t('survey.step', { n: (at.value ?? 0) + 1, of: questions.length })}</p>
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
