import { type Signal, useSignal } from '@preact/signals'
import { FileText } from 'lucide-preact'
import { useRef } from 'preact/hooks'
import type { LetterLine, LettersView } from '../../letters/views.ts'
import { createSender, explain } from '../ui/api.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { ReasonForm } from '../ui/staff/reason-form.tsx'
import { heedRefusal, type Me } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'

/** What waits for somebody: looked at, approved one by one or many at once, sent back, taken back. */
export function Waiting({ view, me }: { view: LettersView; me: Me }) {
  const chosen = useSignal<ReadonlySet<string>>(new Set())
  const approved = useSignal<{ name: string; written: string }[]>([])
  const problem = useSignal<string | null>(null)
  const busy = useSignal(false)
  const send = useRef(createSender())
  const mine = view.waiting.filter((line) => mayApprove(line, view, me))
  const marked = mine.filter(({ letter }) => chosen.value.has(letter))

  /** One after the other, in the order of the list, so that numbers follow it. What fails stops it, and says whose it was. */
  async function approve(lines: readonly LetterLine[]) {
    if (busy.value) return
    busy.value = true
    approved.value = []
    problem.value = null
    for (const { letter, name, title } of lines) {
      try {
        const { written } = await send.current<{ written: string }>('POST', `/api/letters/${letter}/issue`)
        approved.value = [...approved.value, { name: name ?? title, written }]
      } catch (error) {
        problem.value = t('letters.failed', { name: name ?? title, why: explain(error) })
        heedRefusal(error)
        break
      }
    }
    chosen.value = new Set()
    busy.value = false
  }

  return (
    <>
      <header class="room">
        <div>
          <h1>{t('letters.waiting')}</h1>
          <p class="quiet">{t(`letters.waiting-${view.approval}`)}</p>
        </div>
        {mine.length > 1 && (
          <button
            type="button"
            class="button button-main"
            disabled={busy.value || marked.length === 0}
            onClick={() => void approve(marked)}
          >
            {t('letters.approve-many', { n: marked.length })}
          </button>
        )}
      </header>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      <div role="status">
        {approved.value.length > 0 && (
          <ul class="said">
            {approved.value.map(({ name, written }) => (
              <li key={written}>{t('letters.approved', { name, number: written })}</li>
            ))}
          </ul>
        )}
      </div>
      {view.waiting.length + view.unsigned.length === 0 && (
        <div class="nobody">
          <p>{t('letters.none-waiting')}</p>
          <p class="quiet">{t('letters.none-waiting-what')}</p>
          <a class="button" href="/residents">
            {t('letters.to-residents')}
          </a>
        </div>
      )}
      {view.waiting.length === 0 && view.unsigned.length > 0 && <p>{t('letters.none-to-approve')}</p>}
      {view.waiting.length > 0 && (
        <ul class="group waiting">
          {view.waiting.map((line) => (
            <WaitingRow
              key={line.letter}
              line={line}
              me={me}
              reviews={view.approval === 'secretary-head' && me.role === 'secretary'}
              chosen={mine.length > 1 && mine.includes(line) ? chosen : null}
              approve={mine.includes(line) ? () => void approve([line]) : null}
              busy={busy.value}
            />
          ))}
        </ul>
      )}
    </>
  )
}

/** Whether this person gives it its number. */
function mayApprove({ approver, state }: LetterLine, { approval }: LettersView, me: Me): boolean {
  if (approval === 'none' || me.role === 'head') return true
  return approver === me.account && (approval === 'head' || state === 'reviewed' || me.role === 'secretary')
}

type RowProps = {
  line: LetterLine
  me: Me
  /** Whether this person looks before whoever approves. */
  reviews: boolean
  /** The ones that are marked; null: there is nothing to mark. */
  chosen: Signal<ReadonlySet<string>> | null
  approve: (() => void) | null
  busy: boolean
}

function WaitingRow({ line, me, reviews, chosen, approve, busy }: RowProps) {
  const { letter, name, title, state, requestedAt, requestedBy, signatory } = line
  const rejecting = useSignal(false)
  const { submit, problemOf } = useSubmit()
  const keeps = me.role === 'secretary' || me.role === 'head'
  const who = name ?? t('letters.erased')
  const post = (what: string) => void submit((send) => send('POST', `/api/letters/${letter}/${what}`))
  return (
    <li class="row">
      {chosen && (
        <input
          type="checkbox"
          aria-label={t('letters.mark', { name: who, title })}
          checked={chosen.value.has(letter)}
          onChange={({ currentTarget }) => {
            const next = new Set(chosen.value)
            if (currentTarget.checked) next.add(letter)
            else next.delete(letter)
            chosen.value = next
          }}
        />
      )}
      <div class="about">
        <b>{who}</b> {state === 'reviewed' && <span class="tag">{t('letters.state-reviewed')}</span>}
        <p>{title}</p>
        <p class="quiet">{t('letters.asked', { at: formatMoment(requestedAt), by: requestedBy, signatory })}</p>
      </div>
      <div class="buttons">
        <a class="button" href={`/api/letters/${letter}/letter.pdf`} target="_blank" rel="noopener">
          <FileText class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('letters.look')}
        </a>
        {approve && (
          <button type="button" class="button button-main" disabled={busy} onClick={approve}>
            {t('letters.approve')}
          </button>
        )}
        {reviews && state === 'waiting' && !approve && (
          <button type="button" class="button button-main" onClick={() => post('review')}>
            {t('letters.review')}
          </button>
        )}
        {keeps && (
          <button
            type="button"
            class="button"
            aria-expanded={rejecting.value}
            onClick={() => {
              rejecting.value = !rejecting.value
            }}
          >
            {t('letters.reject')}
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={() => post('withdraw')}>
          {t('letters.withdraw')}
        </button>
      </div>
      {problemOf(null) && (
        <p class="wrong wide" role="alert">
          {problemOf(null)}
        </p>
      )}
      {rejecting.value && (
        <div class="wide">
          <ReasonForm
            path={`/api/letters/${letter}/reject`}
            label={t('letters.reject-why')}
            go={t('letters.reject')}
            close={() => {
              rejecting.value = false
            }}
          />
        </div>
      )}
    </li>
  )
}
