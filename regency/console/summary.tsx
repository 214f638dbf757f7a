import { slowNow } from '../../appliance/pages/ui/clock.ts'
import { count, t } from '../../appliance/pages/ui/messages.ts'
import { linkTo, place } from './place.ts'
import { countStandings, type Standing, standings } from './rows.ts'
import { Spark } from './spark.tsx'
import type { HubView } from './view.ts'
import { standingWords } from './village-line.tsx'

// Few have ever erased themselves: no figure for none.
const always: readonly Standing[] = ['action', 'warning', 'offline', 'connected']

/** The regency in a few figures, which add up to all villages and lead to them, and one picture. */
export function Summary({ view }: { view: HubView }) {
  const counts = countStandings(view.villages, slowNow.value)
  const tickets = view.villages.reduce((sum, row) => sum + (row.ticketsToday ?? 0), 0)
  const { filter } = place.value
  return (
    <section class="sum">
      {standings
        .filter((standing) => counts[standing] > 0 || always.includes(standing))
        .map((standing) => (
          <a
            key={standing}
            class={standing === 'action' && counts.action > 0 ? 'bad' : ''}
            href={linkTo({ filter: { ...filter, standing: filter.standing === standing ? '' : standing } })}
            aria-current={filter.standing === standing ? 'true' : undefined}
          >
            <b class="num">{count(counts[standing])}</b>
            {t(standingWords[standing])}
          </a>
        ))}
      <div>
        <b class="num">{count(tickets)}</b>
        {t('hub.tickets-n')}
      </div>
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
