import { count, t } from '../../appliance/pages/ui/messages.ts'
import { standingOf } from './rows.ts'
import { Spark } from './spark.tsx'
import type { HubView } from './view.ts'

/** The regency in five figures and one picture. */
export function Summary({ view }: { view: HubView }) {
  const connected = view.villages.filter((row) => row.state === 'connected').length
  const offline = view.villages.filter((row) => standingOf(row) === 'offline').length
  const action = view.villages.filter((row) => row.alarms.length).length
  const tickets = view.villages.reduce((sum, row) => sum + (row.ticketsToday ?? 0), 0)
  return (
    <section class="sum">
      <Figure n={connected} label={t('hub.connected-n')} />
      <Figure n={offline} label={t('hub.offline-n')} />
      <Figure n={action} label={t('hub.action-n')} bad={action > 0} />
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
