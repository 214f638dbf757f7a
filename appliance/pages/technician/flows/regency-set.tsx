import type { FlowsView } from '../../../automation/views.ts'
import { formatMoment } from '../../ui/format.ts'
import { t } from '../../ui/messages.ts'
import { useDifferences } from './differences.tsx'

/** A set of the regency that waits, since flows were changed here: what it would change, and the button to take it. */
export function RegencySet({ set }: { set: NonNullable<FlowsView['regency']> }) {
  const { submit, busy, button, outcome } = useDifferences('/api/flows/regency/differences')
  return (
    <div class="group form">
      <p>
        <b>{t('technician.flows-regency', { n: set.version, moment: formatMoment(set.publishedAt) })}</b>{' '}
        {t(`technician.flows-regency-${set.waits}`, { types: set.missing.join(', ') })}
      </p>
      <div class="buttons">
        {button}
        <button
          type="button"
          class="button small button-main"
          disabled={busy || set.missing.length > 0}
          onClick={() => submit((send) => send('POST', '/api/flows/regency/take', {}))}
        >
          {t('technician.flows-regency-take')}
        </button>
      </div>
      {outcome}
    </div>
  )
}
