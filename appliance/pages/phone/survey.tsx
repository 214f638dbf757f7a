import { useSignal } from '@preact/signals'
import { Angry, Frown, Laugh, Smile } from 'lucide-preact'
import { useMemo } from 'preact/hooks'
import type { SurveyAnswers, SurveyElement, TicketView } from '../../queue/views.ts'
import { createSender, explain } from '../ui/api.ts'
import { type MessageKey, t } from '../ui/messages.ts'

const questions = [
  ['requirements', 'phone.ask-requirements'],
  ['procedure', 'phone.ask-procedure'],
  ['time', 'phone.ask-time'],
  ['cost', 'phone.ask-cost'],
  ['product', 'phone.ask-product'],
  ['competence', 'phone.ask-competence'],
  ['behaviour', 'phone.ask-behaviour'],
  ['complaints', 'phone.ask-complaints'],
  ['facilities', 'phone.ask-facilities'],
] as const satisfies readonly (readonly [SurveyElement, MessageKey])[]

const scores = [
  [1, 'phone.score-1', Angry],
  [2, 'phone.score-2', Frown],
  [3, 'phone.score-3', Smile],
  [4, 'phone.score-4', Laugh],
] as const

/** How was it: one question at a time, nine, left at any time; what was answered until then counts. */
export function Survey({ ticket }: { ticket: TicketView }) {
  const send = useMemo(() => createSender(), [])
  const at = useSignal<number | null>(null)
  const answers = useSignal<SurveyAnswers>({})
  const sent = useSignal(false)
  const problem = useSignal<string | null>(null)

  async function finish(given: SurveyAnswers) {
    at.value = null
    if (Object.keys(given).length === 0) return
    try {
      await send('POST', `/api/tickets/${ticket.ticket}/survey`, { answers: given })
      sent.value = true
    } catch (error) {
      problem.value = explain(error)
    }
  }

  function answer(element: SurveyElement, score: 1 | 2 | 3 | 4) {
    answers.value = { ...answers.value, [element]: score }
    const next = (at.value ?? 0) + 1
    if (next < questions.length) at.value = next
    else finish(answers.value)
  }

  if (sent.value) return <p class="thanks">{t('phone.survey-thanks')}</p>
  const question = at.value === null ? null : questions[at.value]
  if (!question) {
    return (
      <div class="act">
        {problem.value && <p role="alert">{problem.value}</p>}
        <button
          type="button"
          onClick={() => {
            at.value = 0
          }}
        >
          {t('phone.survey')}
        </button>
      </div>
    )
  }
  const [element, words] = question
  return (
    <section class="survey" aria-live="polite">
      <p class="quiet">{t('phone.survey-step', { n: (at.value ?? 0) + 1, of: questions.length })}</p>
      <h2>{t(words)}</h2>
      <div class="scores">
        {scores.map(([score, word, Face]) => (
          <button key={`${element} ${score}`} type="button" onClick={() => answer(element, score)}>
            <Face class="icon" strokeWidth={1.6} aria-hidden="true" />
            {t(word)}
          </button>
        ))}
      </div>
      <button type="button" class="quiet" onClick={() => finish(answers.value)}>
        {t('phone.survey-leave')}
      </button>
    </section>
  )
}
