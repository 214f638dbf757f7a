import { useSignal } from '@preact/signals'
import { FileText, Printer } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import type { LetterChoices, LetterLine, LettersView } from '../../letters/views.ts'
import type { ResidentRecord } from '../../residents/views.ts'
import { ask, explain } from '../ui/api.ts'
import { formatMoment, formatOfficeDay } from '../ui/format.ts'
import { useLive } from '../ui/live.ts'
import { t } from '../ui/messages.ts'
import { heedRefusal, mayWatch, refreshSession } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'
import { LetterForm } from './letter-form.tsx'

/** Letters of the person whose record is open, how they stand, and the form for another one. */
export function RecordLetters({ record }: { record: ResidentRecord }) {
  const { resident } = record
  const live = useLive<LettersView>('/live/letters', { refused: refreshSession, mayOpen: mayWatch })
  const lines = useSignal<LetterLine[]>([])
  const problem = useSignal<string | null>(null)
  const writing = useSignal(false)
  const done = useSignal<string | null>(null)
  const choices: LetterChoices | null = live.view.value?.choices ?? null

  async function load() {
    try {
      lines.value = (await ask<{ letters: LetterLine[] }>('GET', `/api/residents/${resident}/letters`)).letters
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }
  useEffect(() => {
    writing.value = false
    done.value = null
  }, [resident])
  useEffect(() => void load(), [resident, live.view.value])

  return (
    <section class="proposing">
      <div class="trail-head">
        <h3>{t('letters.title')}</h3>
        {!writing.value && choices && (
          <button
            type="button"
            class="button"
            onClick={() => {
              writing.value = true
              done.value = null
            }}
          >
            <FileText class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('letters.write')}
          </button>
        )}
      </div>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      <p class="said" role="status">
        {done.value}
      </p>
      {writing.value && choices && (
        <LetterForm
          record={record}
          choices={choices}
          close={() => {
            writing.value = false
          }}
          saved={(sentence) => {
            writing.value = false
            done.value = sentence
            void load()
          }}
        />
      )}
      <ul class="rows">
        {lines.value.map((line) => (
          <LetterRow key={line.letter} line={line} />
        ))}
      </ul>
    </section>
  )
}

function LetterRow({ line }: { line: LetterLine }) {
  const { letter, title, state, written, on, requestedAt, requestedBy, signatory, reason } = line
  return (
    <li class="proposal">
      <div>
        <b>{title}</b> <em class="tag">{t(`letters.state-${state}`)}</em>
        {written && on && (
          <p>
            <span class="num">{written}</span> · {formatOfficeDay(on)}
          </p>
        )}
        <p class="quiet">{t('letters.asked', { at: formatMoment(requestedAt), by: requestedBy, signatory })}</p>
        {reason && <p class="answer">{reason}</p>}
      </div>
      {state !== 'rejected' && state !== 'withdrawn' && (
        <div class="buttons">
          <a class="button" href={`/api/letters/${letter}/letter.pdf`} target="_blank" rel="noopener">
            <Printer class="icon" strokeWidth={1.8} aria-hidden="true" />
            {written ? t('letters.print') : t('letters.look')}
          </a>
        </div>
      )}
    </li>
  )
}
