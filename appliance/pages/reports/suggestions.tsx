import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ReportView, Suggestions } from '../../reports/views.ts'
import { ask, explain } from '../ui/api.ts'
import { formatOfficeDay } from '../ui/format.ts'
import { count, t } from '../ui/messages.ts'
import { StateLine } from '../ui/state-line.tsx'

/** What visitors wrote, read when somebody wants to; only for those who may. */
export function SuggestionList({ view }: { view: ReportView }) {
  const { from, to } = view
  const list = useSignal<Suggestions | null>(null)
  const problem = useSignal<string | null>(null)
  useEffect(() => {
    list.value = null
    problem.value = null
  }, [from, to, view.survey.suggestions])

  async function read(): Promise<void> {
    try {
      list.value = await ask<Suggestions>('GET', `/api/reports/suggestions?from=${from}&to=${to}`)
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
    }
  }

  if (view.survey.suggestions === 0) return null
  return (
    <div class="suggestions">
      <h3>{t('reports.skm-words')}</h3>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {list.value === null ? (
        <button type="button" class="button" onClick={read}>
          {t('reports.words-show', { n: count(view.survey.suggestions) })}
        </button>
      ) : (
        <ul>
          {list.value.map(({ day, service, text }, at) => (
            <li key={at}>
              <p class="text">{text}</p>
              <small class="quiet">
                {formatOfficeDay(day)} · {service}
              </small>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
