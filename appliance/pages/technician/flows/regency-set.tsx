import { useSignal } from '@preact/signals'
import type { DifferenceView, FlowsView } from '../../../automation/views.ts'
import { ask } from '../../ui/api.ts'
import { formatMoment } from '../../ui/format.ts'
import { t } from '../../ui/messages.ts'
import { useSubmit } from '../../ui/staff/submit.ts'
import { Differences } from './differences.tsx'

/** A set of the regency that waits, since flows were changed here: what it would change, and the button to take it. */
export function RegencySet({ set }: { set: NonNullable<FlowsView['regency']> }) {
  const differences = useSignal<DifferenceView[] | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  const compare = () =>
    submit(async () => {
      const found = await ask<{ differences: DifferenceView[] }>('GET', '/api/flows/regency/differences')
      differences.value = found.differences
    })
  return (
    <div class="group form">
      <p>
        <b>{t('technician.flows-regency', { n: set.version, moment: formatMoment(set.publishedAt) })}</b>{' '}
        {t(`technician.flows-regency-${set.waits}`, { types: set.missing.join(', ') })}
      </p>
      <div class="buttons">
        <button type="button" class="button small" disabled={busy} onClick={compare}>
          {t('technician.flows-compare')}
        </button>
        <button
          type="button"
          class="button small button-main"
          disabled={busy || set.missing.length > 0}
          onClick={() => submit((send) => send('POST', '/api/flows/regency/take', {}))}
        >
          {t('technician.flows-regency-take')}
        </button>
      </div>
      {problemOf(null) && (
        <p class="wrong" role="alert">
          {problemOf(null)}
        </p>
      )}
      {differences.value && <Differences differences={differences.value} />}
    </div>
  )
}
