import { count, t } from '../../appliance/pages/ui/messages.ts'
import { type Standing, standingOf, standings } from './rows.ts'
import { Spark } from './spark.tsx'
import type { HubView } from './view.ts'
import { standingWords } from './village-line.tsx'

// Few have ever erased themselves: no figure for none.
const always: readonly Standing[] = ['action', 'warning', 'offline', 'connected']

/** The regency in a few figures, which add up to all villages, and one picture. */
export function Summary({ view }: { view: HubView }) {
  const numberOf = (standing: Standing) => view.villages.filter((row) => standingOf(row) === standing).length
  const tickets = view.villages.reduce((sum, row) => sum + (row.ticketsToday ?? 0), 0)
  return (
    <section class="sum">
      {standings
        .map((standing) => ({ standing, n: numberOf(standing) }))
        .filter(({ standing, n }) => n > 0 || always.includes(standing))
        .map(({ standing, n }) => (
          <Figure key={standing} n={n} label={t(standingWords[standing])} bad={standing === 'action' && n > 0} />
        ))}
      <Figure n={tickets} label={t('hub.tickets-n')} />
      <div>
        <b class="num">
          {view.medianWaitMinutes === null ? '–' : count(view.medianWaitMinutes)}
          {view.medianWaitMinutes !== null && <small> {t('hub.minutes')}</small>}
        </b>
        {t('hub.median-n')}
      </div>
      <Spark arrivals={view.arrivals} />
    </section>
  )
}

const Figure = ({ n, label, bad = false }: { n: number; label: string; bad?: boolean }) => (
  <div class={bad ? 'bad' : ''}>
    <b class="num">{count(n)}</b>
    {label}
  </div>
)
