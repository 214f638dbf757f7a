import { useSignal } from '@preact/signals'
import { Angry, Frown, Laugh, Smile } from 'lucide-preact'
import { useMemo } from 'preact/hooks'
import type { SurveyAnswers, SurveyElement } from '../../survey/views.ts'
import { createSender, explain } from './api.ts'
import { type MessageKey, t } from './messages.ts'

export const questions = [
  ['requirements', 'survey.ask-requirements'],
  ['procedure', 'survey.ask-procedure'],
  ['time', 'survey.ask-time'],
  ['cost', 'survey.ask-cost'],
  ['product', 'survey.ask-product'],
  ['competence', 'survey.ask-competence'],
  ['behaviour', 'survey.ask-behaviour'],
  ['complaints', 'survey.ask-complaints'],
  ['facilities', 'survey.ask-facilities'],
] as const satisfies readonly (readonly [SurveyElement, MessageKey])[]

/** From worst to best; each question has its own words for them. */
export const scores = [
  [1, Angry],
  [2, Frown],
  [3, Smile],
  [4, Laugh],
] as const

export const wordOf = (element: SurveyElement, score: 1 | 2 | 3 | 4): string => t(`survey.score-${element}-${score}`)

/** One visitor's way through the nine questions: left at any time, what was answered until then counts. */
export function useQuestionnaire(ticket: string) {
  const send = useMemo(() => createSender(), [ticket])
  /** The question that is asked; null before the first and after the last. */
  const at = useSignal<number | null>(null)
  const answers = useSignal<SurveyAnswers>({})
  const sent = useSignal(false)
  const problem = useSignal<string | null>(null)

  /** Sends what was answered, if anything. */
  async function finish(): Promise<void> {
    at.value = null
    if (sent.value || Object.keys(answers.value).length === 0) return
    try {
      await send('POST', `/api/tickets/${ticket}/survey`, { answers: answers.value })
      sent.value = true
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
    }
  }

  function answer(element: SurveyElement, score: 1 | 2 | 3 | 4): void {
    answers.value = { ...answers.value, [element]: score }
    const next = (at.value ?? 0) + 1
    if (next < questions.length) at.value = next
    else void finish()
  }

  return {
    at,
    sent,
    problem,
    answer,
    finish,
    begin: () => {
      at.value = 0
    },
    back: () => {
      at.value = Math.max(0, (at.value ?? 0) - 1)
    },
  }
}
