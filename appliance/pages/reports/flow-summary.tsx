import type { SummaryView } from '../../automation/views.ts'
import { formatMoment } from '../ui/format.ts'
import { useLive } from '../ui/live.ts'
import { t } from '../ui/messages.ts'
import { mayWatch, refreshSession } from '../ui/staff/session.ts'

/** A text that a flow has prepared, and the way into WhatsApp on this phone: whether it was sent nobody here knows. */
export function FlowSummary() {
  const view = useLive<SummaryView>('/live/flow-summary', { refused: refreshSession, mayOpen: mayWatch }).view.value
  if (!view?.summary) return null
  const { text, at } = view.summary
  return (
    <section class="group summary">
      <h2>{t('today.summary')}</h2>
      <p class="quiet">{t('today.summary-when', { moment: formatMoment(at) })}</p>
      <p class="text">{text}</p>
      <a class="button" href={`https://wa.me/?text=${encodeURIComponent(text)}`} target="_blank" rel="noreferrer">
        {t('today.summary-open')}
      </a>
    </section>
  )
}
