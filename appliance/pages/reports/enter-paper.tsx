import { useSignal } from '@preact/signals'
import { FileText, PencilLine } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ReportView } from '../../reports/views.ts'
import type { Respondent, SurveyAnswers, SurveyElement } from '../../survey/views.ts'
import { now, zone } from '../ui/clock.ts'
import { toWall } from '../ui/format.ts'
import { count, language, t } from '../ui/messages.ts'
import { type Group, groups, longestSuggestion, membersOf, questions, scores, wordOf } from '../ui/questionnaire.ts'
import { DayField } from '../ui/staff/day-field.tsx'
import { Problem } from '../ui/staff/problem.tsx'
import { SelectField } from '../ui/staff/select-field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

type Props = { services: ReportView['offered']; changed: () => void }

/** Questionnaires on paper: an empty one to print, and a form to type filled ones, one after another. */
export function EnterPaper({ services, changed }: Props) {
  const open = useSignal(false)
  return (
    <>
      <div class="take-along">
        <a class="button" download href={`/api/reports/questionnaire.pdf?language=${language.value}`}>
          <FileText class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('reports.form-print')}
        </a>
        <button
          type="button"
          class="button"
          aria-expanded={open.value}
          onClick={() => {
            open.value = !open.value
          }}
        >
          <PencilLine class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('reports.form-enter')}
        </button>
      </div>
      {open.value && (
        <PaperForm
          services={services}
          changed={changed}
          close={() => {
            open.value = false
          }}
        />
      )}
    </>
  )
}

/** Digits 1 to 4 answer a question and go to the next one, Enter saves: a pile of sheets is typed without a mouse. */
function PaperForm({ services, changed, close }: Props & { close: () => void }) {
  const today = toWall(now.peek(), zone.value).date
  const service = useSignal(services[0]?.service ?? '')
  const day = useSignal(today)
  const answers = useSignal<SurveyAnswers>({})
  const respondent = useSignal<Respondent>({})
  const suggestion = useSignal('')
  const saved = useSignal(0)
  const form = useRef<HTMLFormElement>(null)
  const { submit, busy, problemOf } = useSubmit({}, ['day'])
  const empty = Object.keys(answers.value).length === 0

  const focusRow = (at: number) =>
    form.current?.querySelectorAll<HTMLElement>('tbody tr')[at]?.querySelector('input')?.focus()
  useEffect(() => focusRow(0), [])

  function answer(element: SurveyElement, score: 1 | 2 | 3 | 4) {
    answers.value = { ...answers.value, [element]: score }
  }

  function typed(event: KeyboardEvent, at: number, element: SurveyElement) {
    const score = scores.find(([one]) => event.key === String(one))?.[0]
    if (score === undefined) return
    event.preventDefault()
    answer(element, score)
    if (at + 1 < questions.length) focusRow(at + 1)
    else form.current?.querySelector<HTMLSelectElement>('.about select')?.focus()
  }

  async function save(event: Event) {
    event.preventDefault()
    const said = { respondent: respondent.value, suggestion: suggestion.value }
    const body = { service: service.value, day: day.value, answers: answers.value, ...said }
    if (empty || !(await submit((send) => send('POST', '/api/surveys', body)))) return
    saved.value++
    answers.value = {}
    respondent.value = {}
    suggestion.value = ''
    focusRow(0)
    changed()
  }

  return (
    <form class="paper-form" ref={form} onSubmit={save}>
      <p class="quiet">{t('reports.form-what')}</p>
      <div class="dates">
        <SelectField label={t('reports.form-service')} value={service}>
          {services.map((one) => (
            <option key={one.service} value={one.service}>
              {one.name}
            </option>
          ))}
        </SelectField>
        <DayField label={t('reports.form-day')} max={today} required value={day} problem={problemOf('day')} />
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">{t('reports.form-question')}</span>
            </th>
            {scores.map(([score]) => (
              <th key={score} scope="col">
                <kbd>{score}</kbd>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {questions.map(([element, words], at) => (
            <tr key={element} onKeyDown={(event) => typed(event, at, element)}>
              <th scope="row">{t(words)}</th>
              {scores.map(([score]) => (
                <td key={score}>
                  <label>
                    <input
                      type="radio"
                      name={element}
                      aria-label={`${t(words)} ${wordOf(element, score)}`}
                      checked={answers.value[element] === score}
                      onChange={() => answer(element, score)}
                    />
                    <small>{wordOf(element, score)}</small>
                  </label>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <fieldset class="about">
        <legend>{t('reports.form-who')}</legend>
        {(Object.keys(groups) as Group[]).map((group) => (
          <label key={group}>
            {t(`survey.group-${group}`)}
            <select
              value={respondent.value[group] ?? ''}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return
                event.preventDefault()
                form.current?.requestSubmit()
              }}
              onChange={({ currentTarget }) => {
                respondent.value = { ...respondent.value, [group]: currentTarget.value || undefined }
              }}
            >
              <option value="">{t('reports.form-unsaid')}</option>
              {membersOf(group).map(([member, word]) => (
                <option key={member} value={member}>
                  {word}
                </option>
              ))}
            </select>
          </label>
        ))}
        <label class="words">
          {t('survey.suggestion')}
          <textarea
            rows={2}
            maxLength={longestSuggestion}
            value={suggestion.value}
            onInput={({ currentTarget }) => {
              suggestion.value = currentTarget.value
            }}
          />
        </label>
      </fieldset>
      <Problem sentence={problemOf(null)} />
      <div class="buttons">
        <button type="submit" class="button button-main" disabled={busy || empty}>
          {t('reports.form-save')}
        </button>
        <button type="button" class="button" onClick={close}>
          {t('ui.close')}
        </button>
        <span role="status" class="quiet">
          {saved.value > 0 && t('reports.form-saved', { n: count(saved.value) })}
        </span>
      </div>
    </form>
  )
}
