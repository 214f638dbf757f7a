import { useSignal } from '@preact/signals'
import { FilePlus2 } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import { type Kind, kinds } from '../../proposals/kinds.ts'
import type { Proposal } from '../../proposals/views.ts'
import type { ResidentRecord } from '../../residents/views.ts'
import { ask, explain } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { heedRefusal } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'
import { ProposalForm } from './proposal-form.tsx'
import { ProposalRow } from './proposal-row.tsx'
import { useProposals } from './use-proposals.ts'
import { valueText } from './words.ts'

/** What was recorded of the person whose record is open, and the form for more. */
export function RecordProposals({ record }: { record: ResidentRecord }) {
  const { resident } = record
  const rows = useSignal<Proposal[]>([])
  const problem = useSignal<string | null>(null)
  const form = useSignal<{ kinds: readonly Kind[]; instead: string | null } | null>(null)
  const sent = useSignal(false)
  const shown = useRef(resident)
  shown.current = resident

  async function load() {
    try {
      const { proposals } = await ask<{ proposals: Proposal[] }>('GET', `/api/residents/${resident}/proposals`)
      if (shown.current !== resident) return // another record is open by now
      rows.value = proposals
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }
  useEffect(() => {
    form.value = null
    sent.value = false
  }, [resident])
  useProposals(load, [resident])

  const propose = (asked: NonNullable<typeof form.value>) => {
    sent.value = false
    form.value = asked
  }
  return (
    <section class="proposing">
      <div class="trail-head">
        <h3>{t('proposals.title')}</h3>
        {!form.value && (
          <button type="button" class="button" onClick={() => propose({ kinds, instead: null })}>
            <FilePlus2 class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('proposals.record')}
          </button>
        )}
      </div>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      <p class="said" role="status">
        {sent.value && t('proposals.sent')}
      </p>
      {form.value && (
        <ProposalForm
          {...form.value}
          record={record}
          close={() => {
            form.value = null
          }}
          saved={() => {
            form.value = null
            sent.value = true
            void load()
          }}
        />
      )}
      <ul class="rows">
        {rows.value.map((one) => (
          <ProposalRow
            key={one.proposal}
            row={one}
            changed={load}
            again={() => propose({ kinds: [one.kind], instead: one.proposal })}
          >
            <Changed proposal={one} />
          </ProposalRow>
        ))}
      </ul>
    </section>
  )
}

/** What changes, each with what stands there now; place, spouse and note. */
function Changed({ proposal: { kind, changes, before, place, other, note } }: { proposal: Proposal }) {
  const fields = Object.keys(changes) as (keyof typeof changes)[]
  return (
    <dl class="changes">
      {fields.map((field) => (
        <div key={field}>
          <dt>{t(`residents.field-${field}`)}</dt>
          <dd>
            {before[field] !== undefined && <del>{valueText(field, before[field])}</del>}{' '}
            {valueText(field, changes[field] ?? '')}
          </dd>
        </div>
      ))}
      {place && (
        <div>
          <dt>{t(`proposals.place-${kind}`)}</dt>
          <dd>{place}</dd>
        </div>
      )}
      {other && (
        <div>
          <dt>{t('proposals.other')}</dt>
          <dd>{other}</dd>
        </div>
      )}
      {note && (
        <div>
          <dt>{t('proposals.note')}</dt>
          <dd>{note}</dd>
        </div>
      )}
    </dl>
  )
}
