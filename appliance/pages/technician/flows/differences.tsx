import type { DifferenceView } from '../../../automation/views.ts'
import { t } from '../../ui/messages.ts'

/** What one set of flows changes of another, a sentence each. */
export const Differences = ({ differences }: { differences: readonly DifferenceView[] }) => (
  <ul class="differences">
    {differences.length === 0 && <li>{t('technician.flows-same')}</li>}
    {differences.map(sayDifference).map((sentence) => (
      <li key={sentence}>{sentence}</li>
    ))}
  </ul>
)

function sayDifference({ what, node, type, member = '', from, to }: DifferenceView): string {
  if (what !== 'changed') return t(`technician.flows-${what}`, { node, type })
  const none = t('technician.flows-none')
  return t('technician.flows-changed', { node, member, from: from ?? none, to: to ?? none })
}
