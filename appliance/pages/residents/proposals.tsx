import { useSignal } from '@preact/signals'
import { Download } from 'lucide-preact'
import { kinds } from '../../proposals/kinds.ts'
import type { ProposalLine, ProposalsView } from '../../proposals/views.ts'
import type { ResidentsView } from '../../residents/views.ts'
import { formatMonth } from '../ui/format.ts'
import { language, t } from '../ui/messages.ts'
import { usePages } from '../ui/staff/use-pages.ts'
import { StateLine } from '../ui/state-line.tsx'
import { ProposalForm } from './proposal-form.tsx'
import { ProposalRow } from './proposal-row.tsx'
import { useProposals } from './use-proposals.ts'

/** What was recorded of all families, how it stands, and what each month brought. */
export function Proposals({ residents }: { residents: ResidentsView | null }) {
  const { newest, rows, more, problem, refresh, older } = usePages<ProposalsView, ProposalLine>({
    address: (behind) => `/api/proposals${behind ? `?before=${behind.proposal}` : ''}`,
    rowsOf: ({ proposals }) => proposals,
  })
  const adding = useSignal(false)
  const sent = useSignal(false)

  // Somebody who was erased has no name in the list any more.
  useProposals(refresh, [residents?.count])

  return (
    <main class="imports">
      <header class="room">
        <div>
          <h1>{t('proposals.title')}</h1>
          <p class="quiet">{t('proposals.what')}</p>
        </div>
        <button
          type="button"
          class="button button-main"
          disabled={adding.value}
          onClick={() => {
            adding.value = true
            sent.value = false
          }}
        >
          {t('proposals.record-new')}
        </button>
      </header>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      <p class="said" role="status">
        {sent.value && t('proposals.sent')}
      </p>
      {adding.value && (
        <ProposalForm
          record={null}
          kinds={['moved-in']}
          instead={null}
          close={() => {
            adding.value = false
          }}
          saved={() => {
            adding.value = false
            sent.value = true
            void refresh()
          }}
        />
      )}
      {newest.value && rows.value.length === 0 && (
        <div class="nobody">
          <p>{t('proposals.none')}</p>
          <p class="quiet">{t('proposals.none-what')}</p>
        </div>
      )}
      {rows.value.length > 0 && (
        <section class="group form">
          <ul class="rows">
            {rows.value.map((one) => (
              <ProposalRow key={one.proposal} row={one} changed={refresh} />
            ))}
          </ul>
          {more.value && (
            <button type="button" class="button" onClick={() => void older()}>
              {t('proposals.older')}
            </button>
          )}
        </section>
      )}
      {newest.value && newest.value.months.length > 0 && <Months months={newest.value.months} />}
    </main>
  )
}

function Months({ months }: Pick<ProposalsView, 'months'>) {
  return (
    <section class="group form months">
      <div class="trail-head">
        <h2>{t('proposals.months')}</h2>
        <a class="button" download href={`/api/proposals/months.csv?language=${language.value}`}>
          <Download class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('residents.figures-csv')}
        </a>
      </div>
      <p class="quiet">{t('proposals.months-what')}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('proposals.month')}</th>
            {kinds.map((kind) => (
              <th key={kind} scope="col">
                {t(`proposals.kind-${kind}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {months.map(({ month, counts }) => (
            <tr key={month}>
              <th scope="row">{formatMonth(month)}</th>
              {kinds.map((kind) => (
                <td key={kind} data-label={t(`proposals.kind-${kind}`)}>
                  {counts[kind] === 'few' ? '<5' : counts[kind]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
