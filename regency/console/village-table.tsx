import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { minuteMs } from '../../appliance/base/time.ts'
import { slowNow } from '../../appliance/pages/ui/clock.ts'
import { language, t } from '../../appliance/pages/ui/messages.ts'
import { linkTo, place } from './place.ts'
import { arrange, type Column, dotted, type Order } from './rows.ts'
import { Survive } from './survive.tsx'
import type { VillageRow } from './view.ts'
import { VillageLine } from './village-line.tsx'

// Numbers are looked at from the largest down, names from A.
const descendingFirst: readonly Column[] = ['waiting', 'tickets', 'served', 'backlog']

/** Who needs me now. */
export function VillageTable({ villages, opens }: { villages: VillageRow[]; opens: boolean }) {
  const { filter } = place.value
  const order = useSignal<Order>({ by: 'standing', descending: false })
  const now = Math.floor(slowNow.value / minuteMs) * minuteMs
  const { q, standing, district, version } = filter
  const rows = useMemo(
    () => arrange(villages, { q, standing, district, version }, order.value, now),
    [villages, q, standing, district, version, order.value, now],
  )
  const most = Math.max(1, ...villages.map((row) => row.backlog ?? 0))
  const columns: [Column, string, string?][] = [
    ['standing', t('hub.state')],
    ['name', t('hub.village')],
    ['district', t('hub.district')],
    ['waiting', t('hub.waiting'), 'r'],
    ['tickets', t('hub.tickets'), 'r'],
    ['served', t('hub.served'), 'r'],
    ['backlog', t('hub.backlog')],
    ['seen', t('hub.seen')],
  ]

  function sortBy(by: Column) {
    const again = order.value.by === by
    order.value = { by, descending: again ? !order.value.descending : descendingFirst.includes(by) }
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to.
    <section class="villages" tabIndex={0} aria-label={t('hub.title')}>
      <table>
        <thead>
          <tr>
            {columns.map(([by, label, place]) => (
              <th key={by} class={place} aria-sort={sorted(order.value, by)}>
                <button type="button" onClick={() => sortBy(by)}>
                  {label}
                </button>
              </th>
            ))}
            <th>{t('hub.note')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Survive
              key={row.village}
              instead={
                <tr>
                  <td />
                  <td>{dotted(row.village)}</td>
                  <td colSpan={7}>{t('hub.not-shown')}</td>
                </tr>
              }
            >
              <VillageLine
                row={row}
                most={most}
                link={opens ? linkTo({ village: row.village, filter }) : null}
                now={now}
                language={language.value}
              />
            </Survive>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && (
        <p class="none">
          {villages.length
            ? t(filter.q ? 'hub.not-found' : 'hub.none-such', { search: filter.q })
            : t('hub.no-villages')}
        </p>
      )}
    </section>
  )
}

function sorted(order: Order, by: Column) {
  if (order.by !== by) return undefined
  return order.descending ? 'descending' : 'ascending'
}
