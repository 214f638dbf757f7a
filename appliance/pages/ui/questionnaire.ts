import { useSignal } from '@preact/signals'
import { Angry, Frown, Laugh, Smile } from 'lucide-preact'
import { useMemo } from 'preact/hooks'
import type { Respondent, RespondentGroup, SurveyAnswers, SurveyElement } from '../../survey/views.ts'
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

/** Who answers, as far as they like to say; the same as the box takes (a test compares them). */
export const groups = {
  age: ['under-20', '20-29', '30-39', '40-49', '50-59', '60-up'],
  sex: ['male', 'female'],
  schooling: ['none', 'sd', 'smp', 'sma', 'diploma', 's1', 's2'],
  work: [
    'farmer-fisher',
    'employee',
    'self-employed',
    'civil-servant',
    'military-police',
    'student',
    'household',
    'other',
  ],
} as const satisfies { [G in RespondentGroup]: readonly NonNullable<Respondent[G]>[] }

export type Group = keyof typeof groups
export type Member = (typeof groups)[Group][number]

/** Characters of a suggestion. */
export const longestSuggestion = 500

/** The members of a group with their words. */
export const membersOf = (group: Group): [Member, string][] =>
  groups[group].map((member) => [member, t(`survey.member-${group}-${member}` as MessageKey)])

type Step = { kind: 'question'; at: number } | { kind: 'group'; group: Group } | { kind: 'suggestion' }

const steps: Step[] = [
  ...questions.map((_, at): Step => ({ kind: 'question', at })),
  ...(Object.keys(groups) as Group[]).map((group): Step => ({ kind: 'group', group })),
  { kind: 'suggestion' },
]

/**
 * One visitor's way through the nine questions, then who they are and what they would say themselves: left at any time,
 * what was answered until then counts.
 */
export function useQuestionnaire(ticket: string) {
  const send = useMemo(() => createSender(), [ticket])
  /** Place of what is asked; null before the first and after the last. */
  const at = useSignal<number | null>(null)
  const answers = useSignal<SurveyAnswers>({})
  const respondent = useSignal<Respondent>({})
  const suggestion = useSignal('')
  const sent = useSignal(false)
  const problem = useSignal<string | null>(null)

  /** Sends what was answered, if anything. */
  async function finish(): Promise<void> {
    at.value = null
    if (sent.value || Object.keys(answers.value).length === 0) return
    const body = { answers: answers.value, respondent: respondent.value, suggestion: suggestion.value }
    try {
      await send('POST', `/api/tickets/${ticket}/survey`, body)
      sent.value = true
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
    }
  }

  function next(): void {
    const following = (at.value ?? 0) + 1
    if (following < steps.length) at.value = following
    else void finish()
  }

  return {
    at,
    step: at.value === null ? null : (steps[at.value] ?? null),
    respondent,
    suggestion,
    sent,
    problem,
    answer(element: SurveyElement, score: 1 | 2 | 3 | 4): void {
      answers.value = { ...answers.value, [element]: score }
      next()
    },
    belong(group: Group, member: Member): void {
      respondent.value = { ...respondent.value, [group]: member }
      next()
    },
    next,
    finish,
    begin: () => {
      at.value = 0
    },
    back: () => {
      at.value = Math.max(0, (at.value ?? 0) - 1)
    },
  }
}
