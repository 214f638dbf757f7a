import { useSignal } from '@preact/signals'
import { FolderPlus } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import { lacks } from '../../cases/paper-states.ts'
import type { CaseLine, CasesView } from '../../cases/views.ts'
import type { LettersView } from '../../letters/views.ts'
import type { ResidentRecord } from '../../residents/views.ts'
import { CaseRow } from '../cases/case-row.tsx'
import { RelayForm } from '../cases/relay-form.tsx'
import { ask, explain } from '../ui/api.ts'
import { useLive } from '../ui/live.ts'
import { t } from '../ui/messages.ts'
import { heedRefusal, mayWatch, refreshSession } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'
import { CaseForm } from './case-form.tsx'
import { LetterForm } from './letter-form.tsx'

/** What is being done in this record: a new application, the letter of one, or its way to an agency. */
type Doing = { what: 'open' } | { what: 'letter' | 'relay'; of: string }

/** What the person whose record is open has applied for, how it stands, and its next step. */
export function RecordCases({ record }: { record: ResidentRecord }) {
  const { resident } = record
  const live = useLive<CasesView>('/live/cases', { refused: refreshSession, mayOpen: mayWatch })
  const letters = useLive<LettersView>('/live/letters', { refused: refreshSession, mayOpen: mayWatch }).view.value
  const lines = useSignal<CaseLine[]>([])
  const problem = useSignal<string | null>(null)
  const doing = useSignal<Doing | null>(null)
  const done = useSignal<string | null>(null)
  const shown = useRef(resident)
  shown.current = resident
  const { value: view } = live.view

  async function load(): Promise<CaseLine[]> {
    try {
      const { cases } = await ask<{ cases: CaseLine[] }>('GET', `/api/residents/${resident}/cases`)
      if (shown.current === resident) lines.value = cases
      problem.value = null
      return cases
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
      return []
    }
  }
  useEffect(() => {
    doing.value = null
    done.value = null
  }, [resident])
  useEffect(() => void load(), [resident, view])

  function begin(next: Doing) {
    doing.value = next
    done.value = null
  }
  const stop = (sentence: string | null) => {
    doing.value = null
    done.value = sentence
    void load()
  }

  /** Where all papers are here the next step is open at once: nobody presses twice. */
  async function opened(id: string) {
    stop(t('cases.saved'))
    const line = (await load()).find((one) => one.case === id)
    const step = line && nextStep(line)
    if (step) doing.value = { what: step, of: id }
  }

  return (
    <section class="proposing">
      <div class="trail-head">
        <h3>{t('cases.title')}</h3>
        {!doing.value && (
          <button type="button" class="button" onClick={() => begin({ what: 'open' })}>
            <FolderPlus class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('cases.open')}
          </button>
        )}
      </div>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      <p class="said" role="status">
        {done.value}
      </p>
      {doing.value?.what === 'open' && (
        <CaseForm resident={resident} close={() => stop(null)} saved={(id) => void opened(id)} />
      )}
      <ul class="rows">
        {lines.value.map((line) => {
          const step = nextStep(line)
          const now = doing.value
          return (
            <CaseRow key={line.case} line={line} changed={load}>
              {step && !now && (
                <button type="button" class="button button-main" onClick={() => begin({ what: step, of: line.case })}>
                  {step === 'letter' ? t('cases.write-letter') : t('cases.relay')}
                </button>
              )}
              {now?.what === 'letter' && now.of === line.case && letters && (
                <LetterForm
                  record={record}
                  view={letters}
                  from={null}
                  forCase={line}
                  close={() => stop(null)}
                  saved={stop}
                />
              )}
              {now?.what === 'relay' && now.of === line.case && (
                <RelayForm line={line} close={() => stop(null)} saved={() => stop(t('cases.relayed'))} />
              )}
            </CaseRow>
          )
        })}
      </ul>
    </section>
  )
}

/** What can be done for it now, once all papers are here. */
function nextStep({ state, papers, template, agency }: CaseLine): 'letter' | 'relay' | null {
  if (lacks(papers).length > 0) return null
  if (template !== null) return state === 'open' || state === 'returned' ? 'letter' : null
  return agency !== null && (state === 'open' || state === 'papers') ? 'relay' : null
}
