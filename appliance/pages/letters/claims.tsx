import { useSignal } from '@preact/signals'
import { Printer } from 'lucide-preact'
import { useRef } from 'preact/hooks'
import { dotVillage } from '../../base/village-code.ts'
import type { ClaimAnswer, ClaimLine, ClaimsView } from '../../claims/views.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { DayField } from '../ui/staff/day-field.tsx'
import { Field } from '../ui/staff/field.tsx'
import { Problem } from '../ui/staff/problem.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'

/** Letters of other villages that are collected here, and what others asked of this office. */
export function Claims({ view }: { view: ClaimsView | null }) {
  if (!view) return null
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('claims.title')}</h1>
          <p class="quiet">{t('claims.what')}</p>
        </div>
      </header>
      {view.line === 'down' && <StateLine kind="cut">{t('claims.line-down')}</StateLine>}
      {view.line === 'off' ? (
        <StateLine kind="error">{t('claims.line-off')}</StateLine>
      ) : (
        <AskForm isUp={view.line === 'up'} />
      )}
      {view.asked.length === 0 ? (
        <div class="nobody">
          <p>{t('claims.none')}</p>
        </div>
      ) : (
        <ul class="group">
          {view.asked.map((line) => (
            <AskedRow key={line.claim} line={line} />
          ))}
        </ul>
      )}
      {view.answered.length > 0 && (
        <>
          <header class="room">
            <div>
              <h2>{t('claims.answered')}</h2>
              <p class="quiet">{t('claims.answered-what')}</p>
            </div>
          </header>
          <ul class="group">
            {view.answered.map((line) => (
              <AnsweredRow key={`${line.village} ${line.claim}`} line={line} />
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function AskForm({ isUp }: { isUp: boolean }) {
  const code = useSignal('')
  const birthDate = useSignal('')
  const said = useSignal<string | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const { submit, busy, problemOf } = useSubmit({}, ['code', 'birthDate'])
  async function ask() {
    said.value = null
    const body = { code: code.value, birthDate: birthDate.value }
    if (!(await submit((send) => send('POST', '/api/claims', body)))) return
    code.value = ''
    birthDate.value = ''
    said.value = t(isUp ? 'claims.asked' : 'claims.asked-offline')
    form.current?.querySelector('input')?.focus()
  }
  return (
    <form
      ref={form}
      class="group form claiming"
      onSubmit={(event) => {
        event.preventDefault()
        void ask()
      }}
    >
      <Field
        label={t('claims.code')}
        hint={t('claims.code-hint')}
        value={code}
        required
        maxLength={40}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        problem={problemOf('code')}
        autofocus
      />
      <DayField label={t('claims.birth-date')} value={birthDate} required problem={problemOf('birthDate')} />
      <Problem sentence={problemOf(null)} />
      <div class="buttons">
        <button type="submit" class="button button-main" disabled={busy}>
          {t('claims.go')}
        </button>
      </div>
      <p class="said" role="status">
        {said.value}
      </p>
    </form>
  )
}

function AskedRow({ line }: { line: ClaimLine }) {
  const { claim, code, village, at, by, state, left, paper, handedAt, handedBy } = line
  const { submit, busy, problemOf } = useSubmit()
  return (
    <li class={`row ${state === 'handed' ? 'closed' : ''}`}>
      <div class="about">
        <b class={paper ? undefined : 'num'}>{paper ? (paper.name ?? paper.title) : (code ?? t('claims.erased'))}</b>{' '}
        <span class="tag">{t(`claims.state-${state}`)}</span>
        <p>
          {paper
            ? [paper.title, paper.written, paper.issuer].join(' · ')
            : t('claims.from', { village: dotVillage(village) })}
        </p>
        <p>
          {t(`claims.why-${state}`, {
            left: String(left ?? 0),
            at: handedAt === null ? '' : formatMoment(handedAt),
            by: handedBy ?? '',
          })}
        </p>
        <p class="quiet">{t('claims.by', { at: formatMoment(at), by })}</p>
      </div>
      {paper && (
        <div class="buttons">
          <a class="button" href={`/api/claims/${claim}/letter.pdf`} target="_blank" rel="noopener">
            <Printer class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('claims.print')}
          </a>
          {state === 'given' && (
            <button
              type="button"
              class="button button-main"
              disabled={busy}
              onClick={() => void submit((send) => send('POST', `/api/claims/${claim}/handed`))}
            >
              {t('claims.hand-out')}
            </button>
          )}
        </div>
      )}
      {problemOf(null) && (
        <p class="wrong wide" role="alert">
          {problemOf(null)}
        </p>
      )}
    </li>
  )
}

function AnsweredRow({ line }: { line: ClaimAnswer }) {
  const { village, at, outcome, title, written, handedAt } = line
  return (
    <li class="row">
      <div class="about">
        <b>{[title, written].filter(Boolean).join(' · ') || t('claims.state-unknown')}</b>{' '}
        <span class="tag">{outcome === 'given' ? t('claims.answer-given') : t(`claims.state-${outcome}`)}</span>
        <p class="quiet">
          {t('claims.answered-at', { village: dotVillage(village), at: formatMoment(at) })}
          {handedAt !== null && ` · ${t('claims.handed-at', { at: formatMoment(handedAt) })}`}
        </p>
      </div>
    </li>
  )
}
