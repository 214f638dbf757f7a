import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { lacks } from '../../cases/paper-states.ts'
import { type CaseState, isEnded } from '../../cases/states.ts'
import type { CaseLine } from '../../cases/views.ts'
import { formatMoment, formatOfficeDay } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { ReasonForm } from '../ui/staff/reason-form.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { Documents } from './documents.tsx'
import { NoticeOf } from './notice-of.tsx'
import { Photos } from './photos.tsx'
import { RelayForm } from './relay-form.tsx'
import './case-row.css'

type Props = {
  line: CaseLine
  /** What can be done where its record is open; absent where it is not. */
  children?: ComponentChildren
  /** Called once something has become of it. */
  changed?: () => unknown
}

/** Where the agency has it, which is not changed behind its back, or where its papers have done their work. */
const atWork: readonly CaseState[] = ['issued', 'relayed', 'received', 'working', 'done']

/** One application: whose, how it stands, what lacks, by when, and what is done with one press. */
export function CaseRow({ line, children, changed = () => {} }: Props) {
  const { title, name, state, stateAt, papers, dueAt, late, openedAt, by, agency, text, sender, resident, home } = line
  const withdrawing = useSignal(false)
  const relaying = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  const missing = lacks(papers)
  const isOver = isEnded(state)
  const isCounting = !isOver && state !== 'issued' && state !== 'done'
  const shown = state === 'open' && missing.length > 0 ? 'lacking' : state
  /** Nobody whom the box knows: what was told is all that the agency gets. */
  const mayRelay =
    resident === null && agency !== null && missing.length === 0 && (state === 'open' || state === 'papers')
  const isPlain = state === 'open' && line.template === null && agency === null

  async function post(what: string, body: object = {}) {
    if (await submit((send) => send('POST', `/api/cases/${line.case}/${what}`, body))) changed()
  }
  return (
    <li class={`row case ${late ? 'late' : ''}`}>
      <div class="about">
        <b>{title}</b> <em class="tag">{t(`cases.state-${shown}`)}</em>
        <p>
          {name ?? t('cases.erased')}
          {agency && <span class="quiet"> · {agency}</span>}
        </p>
        {isCounting && dueAt !== null && (
          <p class={late ? 'wrong' : 'quiet'}>{t(late ? 'cases.late' : 'cases.due', { when: formatMoment(dueAt) })}</p>
        )}
        {text && (
          <p class="answer">
            <time>{formatMoment(stateAt)}</time> {text}
          </p>
        )}
        <p class="quiet">
          {sender === null
            ? t('cases.opened', { at: formatMoment(openedAt), by })
            : t('cases.told', { at: formatMoment(openedAt), by: sender })}
        </p>
        {home.takenAt !== null && <p class="quiet">{t('cases.home-taken', { at: formatMoment(home.takenAt) })}</p>}
        {home.locked && !isOver && <p class="wrong">{t('cases.home-locked')}</p>}
        {sender !== null && (children !== undefined || resident === null) && <NoticeOf id={line.case} />}
        {sender !== null && children === undefined && resident !== null && (
          <p class="quiet">{t('cases.notice-in-record')}</p>
        )}
        {!isOver && missing.length > 0 && (
          <ul class="lacking" aria-label={t('cases.papers')}>
            {missing.map((paper) => (
              <li key={paper.name}>
                <span>
                  {paper.name}
                  {paper.until && (
                    <small class="quiet"> {t('cases.until-day', { day: formatOfficeDay(paper.until) })}</small>
                  )}
                </span>
                <button
                  type="button"
                  class="button"
                  disabled={busy}
                  aria-label={`${t('cases.brought')}: ${paper.name}`}
                  onClick={() => void post('papers', { papers: [{ name: paper.name, state: 'seen', until: null }] })}
                >
                  {t('cases.brought')}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {!isOver && (
        <div class="buttons">
          {children ?? (
            <a class="button" href={`/residents#find=${encodeURIComponent(name ?? '')}`}>
              {t('cases.find-resident')}
            </a>
          )}
          {mayRelay && (
            <button
              type="button"
              class="button button-main"
              aria-expanded={relaying.value}
              onClick={() => {
                relaying.value = !relaying.value
              }}
            >
              {t('cases.relay')}
            </button>
          )}
          {(state === 'done' || state === 'issued' || (isPlain && missing.length === 0)) && (
            <button type="button" class="button button-main" disabled={busy} onClick={() => void post('close')}>
              {t('cases.hand-over')}
            </button>
          )}
          <button
            type="button"
            class="button button-quiet"
            aria-expanded={withdrawing.value}
            onClick={() => {
              withdrawing.value = !withdrawing.value
            }}
          >
            {t('cases.withdraw')}
          </button>
        </div>
      )}
      <Documents line={line} />
      <Photos line={line} open={!isOver && !atWork.includes(state)} changed={changed} />
      {problemOf(null) && (
        <p class="wrong wide" role="alert">
          {problemOf(null)}
        </p>
      )}
      {relaying.value && mayRelay && (
        <div class="wide">
          <RelayForm
            line={line}
            close={() => {
              relaying.value = false
            }}
            saved={() => {
              relaying.value = false
              changed()
            }}
          />
        </div>
      )}
      {withdrawing.value && !isOver && (
        <div class="wide">
          <ReasonForm
            path={`/api/cases/${line.case}/withdraw`}
            label={t('cases.withdraw-why')}
            go={t('cases.withdraw')}
            close={() => {
              withdrawing.value = false
            }}
            done={() => {
              withdrawing.value = false
              changed()
            }}
          />
        </div>
      )}
    </li>
  )
}
