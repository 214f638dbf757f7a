import { TriangleAlert } from 'lucide-preact'
import type { Advice } from '../../health/describe-checks.ts'
import { now } from '../ui/clock.ts'
import { formatMoment, formatSpan } from '../ui/format.ts'
import { t } from '../ui/messages.ts'

/** What is wrong, since when, and what to do. */
export function AdviceCard({ advice: { title, remedy, severity, since } }: { advice: Advice }) {
  return (
    <article class={`alarm ${severity}`}>
      <TriangleAlert class="icon" strokeWidth={2} aria-hidden="true" />
      <h2>{title}</h2>
      <p>{remedy}</p>
      {since !== null && (
        <p class="quiet">
          {t('technician.since', { span: formatSpan(now.value - since), moment: formatMoment(since) })}
        </p>
      )}
    </article>
  )
}
