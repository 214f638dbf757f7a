import { TriangleAlert } from 'lucide-preact'
import type { TechnicianView } from '../../queue/views.ts'
import { now } from '../ui/clock.ts'
import { formatMoment, formatSpan } from '../ui/format.ts'
import { find, t } from '../ui/messages.ts'

/** What is wrong, since when, and what to do. */
export function AlarmCard({ alarm }: { alarm: TechnicianView['alarms'][number] }) {
  return (
    <article class={`alarm ${alarm.severity}`}>
      <TriangleAlert class="icon" strokeWidth={2} aria-hidden="true" />
      <h2>{find(`alarm.${alarm.code}.title`, alarm.details) ?? alarm.code}</h2>
      <p>{find(`alarm.${alarm.code}.remedy`, alarm.details) ?? t('technician.no-remedy')}</p>
      <p class="quiet">
        {t('technician.since', { span: formatSpan(now.value - alarm.since), moment: formatMoment(alarm.since) })}
      </p>
    </article>
  )
}
