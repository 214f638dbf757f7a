import { useSignal } from '@preact/signals'
import type { DifferenceView } from '../../../automation/views.ts'
import { ask } from '../../ui/api.ts'
import { t } from '../../ui/messages.ts'
import { Problem } from '../../ui/staff/problem.tsx'
import { useSubmit } from '../../ui/staff/submit.ts'

/**
 * For a set of flows that can be looked at before it is used: the button that asks `path` what it changes, `submit` for the
 * buttons beside it, and `outcome`, which stands below them: why one was refused, and what was found.
 */
export function useDifferences(path: string) {
  const found = useSignal<DifferenceView[] | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  const compare = () =>
    submit(async () => {
      found.value = (await ask<{ differences: DifferenceView[] }>('GET', path)).differences
    })
  return {
    submit,
    busy,
    button: (
      <button type="button" class="button small" disabled={busy} onClick={compare}>
        {t('technician.flows-compare')}
      </button>
    ),
    outcome: (
      <>
        <Problem sentence={problemOf(null)} />
        {found.value && <Differences differences={found.value} />}
      </>
    ),
  }
}

/** A sentence for each. */
const Differences = ({ differences }: { differences: readonly DifferenceView[] }) => (
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
