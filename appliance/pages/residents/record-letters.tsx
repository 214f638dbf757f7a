import { useSignal } from '@preact/signals'
import { ClipboardList, FileText, Printer } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import type { LetterOfResident, LettersView } from '../../letters/views.ts'
import type { ResidentRecord } from '../../residents/views.ts'
import { ask, explain } from '../ui/api.ts'
import { formatMoment, formatOfficeDay } from '../ui/format.ts'
import { useLive } from '../ui/live.ts'
import { t } from '../ui/messages.ts'
import { ClaimCode } from '../ui/staff/claim-code.tsx'
import { PrintNow } from '../ui/staff/print-now.tsx'
import { heedRefusal, mayWatch, refreshSession } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'
import { CivilForm } from './civil-form.tsx'
import { LetterForm } from './letter-form.tsx'

/** Letters of the person whose record is open, how they stand, and the form for another one. */
export function RecordLetters({ record }: { record: ResidentRecord }) {
  const { resident } = record
  const live = useLive<LettersView>('/live/letters', { refused: refreshSession, mayOpen: mayWatch })
  const lines = useSignal<LetterOfResident[]>([])
  const problem = useSignal<string | null>(null)
  /** `from`: one that was sent or taken back, to be mended. */
  const writing = useSignal<{ from: LetterOfResident | null } | null>(null)
  /** A form of civil registration instead. */
  const filling = useSignal(false)
  const done = useSignal<string | null>(null)
  const { value: view } = live.view

  async function load() {
    try {
      lines.value = (await ask<{ letters: LetterOfResident[] }>('GET', `/api/residents/${resident}/letters`)).letters
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }
  useEffect(() => {
    writing.value = null
    filling.value = false
    done.value = null
  }, [resident])
  useEffect(() => void load(), [resident, view])

  const write = (from: LetterOfResident | null) => {
    writing.value = { from }
    done.value = null
  }
  return (
    <section class="proposing">
      <div class="trail-head">
        <h3>{t('letters.title')}</h3>
        {!writing.value && !filling.value && view && (
          <span class="buttons">
            <button type="button" class="button" onClick={() => write(null)}>
              <FileText class="icon" strokeWidth={1.8} aria-hidden="true" />
              {t('letters.write')}
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                filling.value = true
                done.value = null
              }}
            >
              <ClipboardList class="icon" strokeWidth={1.8} aria-hidden="true" />
              {t('letters.civil')}
            </button>
          </span>
        )}
      </div>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      <p class="said" role="status">
        {done.value}
      </p>
      {filling.value && (
        <CivilForm
          record={record}
          close={() => {
            filling.value = false
          }}
        />
      )}
      {writing.value && view && (
        <LetterForm
          record={record}
          view={view}
          from={writing.value.from}
          close={() => {
            writing.value = null
          }}
          saved={(sentence) => {
            writing.value = null
            done.value = sentence
            void load()
          }}
        />
      )}
      <ul class="rows">
        {lines.value.map((line) => (
          <LetterRow
            key={line.letter}
            line={line}
            printer={view?.printer ?? null}
            again={writing.value || filling.value ? null : () => write(line)}
          />
        ))}
      </ul>
    </section>
  )
}

type RowProps = {
  line: LetterOfResident
  printer: LettersView['printer'] | null
  /** Fills another one in as this one was; null: one is being filled in. */
  again: (() => void) | null
}

function LetterRow({ line, printer, again }: RowProps) {
  const { letter, title, state, written, on, requestedAt, requestedBy, signatory, reason, typed } = line
  const { collectedAt, claim, signed } = line
  const isBack = state === 'rejected' || state === 'withdrawn'
  return (
    <li class="proposal">
      <div>
        <b>{title}</b> <em class="tag">{t(`letters.state-${state}`)}</em>{' '}
        {signed && <em class="tag">{t(`letters.signed-${signed}`)}</em>}
        {written && on && (
          <p>
            <span class="num">{written}</span> · {formatOfficeDay(on)}
          </p>
        )}
        <p class="quiet">{t('letters.asked', { at: formatMoment(requestedAt), by: requestedBy, signatory })}</p>
        {reason && <p class="answer">{reason}</p>}
      </div>
      {isBack && typed && again && (
        <div class="buttons">
          <button type="button" class="button" onClick={again}>
            {t('letters.mend')}
          </button>
        </div>
      )}
      {!isBack && (
        <div class="buttons">
          <a class="button" href={`/api/letters/${letter}/letter.pdf`} target="_blank" rel="noopener">
            <Printer class="icon" strokeWidth={1.8} aria-hidden="true" />
            {written && state !== 'unsigned' ? t('letters.print') : t('letters.look')}
          </a>
          {written && printer && state === 'issued' && (
            <PrintNow printer={printer} path={`/api/letters/${letter}/print`} />
          )}
          {state !== 'void' && collectedAt === null && <ClaimCode letter={letter} code={claim} />}
        </div>
      )}
    </li>
  )
}
