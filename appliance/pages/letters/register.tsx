import { useSignal } from '@preact/signals'
import { Printer } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import { dotVillage } from '../../base/village-code.ts'
import type { LettersView, RegisterLine, RegisterView } from '../../letters/views.ts'
import { formatMoment, formatOfficeDay } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { ClaimCode } from '../ui/staff/claim-code.tsx'
import { PrintNow } from '../ui/staff/print-now.tsx'
import { ReasonForm } from '../ui/staff/reason-form.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { usePages } from '../ui/staff/use-pages.ts'
import { StateLine } from '../ui/state-line.tsx'
import { BookTools } from './book-tools.tsx'
import { MailNumber } from './mail-number.tsx'
import { SentForm } from './sent-form.tsx'

type Props = {
  /** Changes when anything does. */
  view: LettersView | null
  keeps: boolean
}

/** Every number of a year, the newest first. */
export function Register({ view: live, keeps }: Props) {
  const year = useSignal<number | null>(null)
  const pages = usePages<RegisterView, RegisterLine>({
    address: (behind) => `/api/letters/register?${queryOf({ year: year.value, before: behind?.row ?? null })}`,
    rowsOf: ({ lines }) => lines,
  })
  const numbering = useSignal(false)
  const given = useSignal<string | null>(null)
  useEffect(() => void pages.refresh(), [live])

  const { value: now } = pages.newest
  const { value: lines } = pages.rows
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('letters.register')}</h1>
          <p class="quiet">{t('letters.register-what')}</p>
        </div>
        <div class="buttons">
          {now && (
            <BookTools
              shown={now}
              choose={(chosen) => {
                year.value = chosen
                void pages.begin()
              }}
              take={keeps ? 'register' : null}
            />
          )}
          <button
            type="button"
            class="button"
            disabled={numbering.value}
            onClick={() => {
              numbering.value = true
              given.value = null
            }}
          >
            {t('letters.number-for-mail')}
          </button>
        </div>
      </header>
      {pages.problem.value && <StateLine kind="error">{pages.problem.value}</StateLine>}
      <p class="said" role="status">
        {given.value && t('letters.number-given', { number: given.value })}
      </p>
      {numbering.value && (
        <div class="group new">
          <MailNumber
            close={() => {
              numbering.value = false
            }}
            given={(written) => {
              numbering.value = false
              given.value = written
            }}
          />
        </div>
      )}
      {now && lines.length === 0 && (
        <div class="nobody">
          <p>{t('letters.register-empty', { year: String(now.year) })}</p>
        </div>
      )}
      {lines.length > 0 && (
        <ul class="group">
          {lines.map((line) => (
            <RegisterRow key={line.row} line={line} keeps={keeps} printer={live?.printer ?? null} />
          ))}
        </ul>
      )}
      {pages.more.value && (
        <button type="button" class="button older" onClick={() => void pages.older()}>
          {t('letters.older')}
        </button>
      )}
    </>
  )
}

const queryOf = (members: Record<string, number | null>): URLSearchParams =>
  new URLSearchParams(
    Object.entries(members).flatMap(([name, value]): [string, string][] =>
      value === null ? [] : [[name, String(value)]],
    ),
  )

type RowProps = { line: RegisterLine; keeps: boolean; printer: LettersView['printer'] | null }

function RegisterRow({ line, keeps, printer }: RowProps) {
  const { letter, written, on, subject, name, by, state, reason, collectedAt, sentOn, dateByHand, signed } = line
  const sending = useSignal(false)
  const isHere = state !== 'void' && state !== 'unsigned' && collectedAt === null && sentOn === null
  const { claim, collectedVillage: village } = line
  const voiding = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  return (
    <li class={`row ${state === 'void' ? 'closed' : ''}`}>
      <div class="about">
        <b class="num">{written}</b> {state !== 'issued' && <span class="tag">{t(`letters.register-${state}`)}</span>}
        {signed && <span class="tag">{t(`letters.signed-${signed}`)}</span>}
        {collectedAt !== null && (
          <span class="tag">
            {village ? t('letters.collected-in', { village: dotVillage(village) }) : t('letters.collected')}
          </span>
        )}
        {sentOn !== null && <span class="tag">{t('letters.dispatched-sent')}</span>}
        <p>
          {[subject ?? t('letters.erased'), name || (letter ? t('letters.erased') : '')].filter(Boolean).join(' · ')}
        </p>
        <p class="quiet">
          {t('letters.given', { day: formatOfficeDay(on), by })}
          {dateByHand && ` · ${t('letters.date-by-hand')}`}
          {collectedAt !== null && ` · ${t('letters.collected-at', { at: formatMoment(collectedAt) })}`}
        </p>
        {reason && <p>{t('letters.void-because', { reason })}</p>}
      </div>
      {(letter || isHere) && (
        <div class="buttons">
          {letter && (
            <a class="button" href={`/api/letters/${letter}/letter.pdf`} target="_blank" rel="noopener">
              <Printer class="icon" strokeWidth={1.8} aria-hidden="true" />
              {state === 'unsigned' ? t('letters.look') : t('letters.print')}
            </a>
          )}
          {letter && printer && state === 'issued' && (
            <PrintNow printer={printer} path={`/api/letters/${letter}/print`} />
          )}
          {letter && isHere && (
            <button
              type="button"
              class="button"
              disabled={busy}
              onClick={() => void submit((send) => send('POST', `/api/letters/${letter}/collect`))}
            >
              {t('letters.collect')}
            </button>
          )}
          {isHere && (
            <button
              type="button"
              class="button"
              aria-expanded={sending.value}
              onClick={() => {
                sending.value = !sending.value
              }}
            >
              {t('letters.sent-note')}
            </button>
          )}
          {letter && isHere && <ClaimCode letter={letter} code={claim} keeps={keeps} />}
          {keeps && letter && (state === 'issued' || state === 'unsigned') && (
            <button
              type="button"
              class="button button-quiet"
              aria-expanded={voiding.value}
              onClick={() => {
                voiding.value = !voiding.value
              }}
            >
              {t('letters.void')}
            </button>
          )}
        </div>
      )}
      {problemOf(null) && (
        <p class="wrong wide" role="alert">
          {problemOf(null)}
        </p>
      )}
      {sending.value && (
        <div class="wide">
          <SentForm
            line={line}
            close={() => {
              sending.value = false
            }}
          />
        </div>
      )}
      {voiding.value && letter && (
        <div class="wide">
          <ReasonForm
            path={`/api/letters/${letter}/void`}
            label={t('letters.void-why')}
            go={t('letters.void')}
            close={() => {
              voiding.value = false
            }}
          />
        </div>
      )}
    </li>
  )
}
