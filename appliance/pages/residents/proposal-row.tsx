import type { ComponentChildren } from 'preact'
import type { ProposalLine } from '../../proposals/views.ts'
import { formatMoment, formatOfficeDay } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'

type Props = {
  row: ProposalLine
  /** It stands otherwise now. */
  changed: () => unknown
  /** Proposes it again, where papers were missing; absent where no record is open. */
  again?: () => void
  children?: ComponentChildren
}

/** One proposal: what, whom, how it stands, and what the regency says. */
export function ProposalRow({ row, changed, again, children }: Props) {
  const { proposal, kind, name, on, at, by, papers, state, answeredAt, text } = row
  const { submit, busy, problemOf } = useSubmit()
  const mayWithdraw = state === 'sent' || state === 'papers'

  async function withdraw() {
    await submit((send) => send('POST', `/api/proposals/${proposal}/withdraw`))
    changed()
  }
  return (
    <li class={`proposal ${state}`}>
      <div>
        <b>
          {t(`proposals.kind-${kind}`)}: {name ?? t('proposals.erased')}
        </b>{' '}
        <em class="tag">{t(`proposals.state-${state}`)}</em>
        <p class="quiet">{t('proposals.about', { day: formatOfficeDay(on), at: formatMoment(at), by })}</p>
        {children}
        <p class="quiet">
          {t('proposals.papers')}: {papers.map((paper) => t(`proposals.paper-${paper}`)).join(', ')}
        </p>
        {answeredAt !== null && text && (
          <p class="answer">
            <time>{formatMoment(answeredAt)}</time> {text}
          </p>
        )}
        {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
      </div>
      {mayWithdraw && (
        <div class="buttons">
          {state === 'papers' && again && (
            <button type="button" class="button" onClick={again}>
              {t('proposals.again')}
            </button>
          )}
          <button type="button" class="button button-quiet" disabled={busy} onClick={() => void withdraw()}>
            {t('proposals.withdraw')}
          </button>
        </div>
      )}
    </li>
  )
}
