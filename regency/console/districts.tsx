import { slowNow } from '../../appliance/pages/ui/clock.ts'
import { count, t } from '../../appliance/pages/ui/messages.ts'
import { linkTo, place } from './place.ts'
import { arrange, countStandings, type Standing } from './rows.ts'
import type { VillageRow } from './view.ts'
import { standingWords } from './village-line.tsx'

const worstFirst: readonly Standing[] = ['action', 'wiped', 'warning', 'offline', 'handled', 'planned', 'never']

/** A tile for each kecamatan: where it is bad, at a glance. The worst first, then by name. */
export function Districts({ villages }: { villages: VillageRow[] }) {
  const { filter } = place.value
  const seen = arrange(villages, filter, { by: 'name', descending: false }, slowNow.value)
  const names = [...new Set(seen.map(({ district }) => district))]
  const districts = names
    .map((name) => seen.filter(({ district }) => district === name))
    .map((rows) => ({ name: rows[0]?.district ?? '', n: rows.length, counts: countStandings(rows, slowNow.value) }))
    .sort((a, b) => b.counts.action - a.counts.action || a.name.localeCompare(b.name, 'id'))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to.
    <section class="villages tiles" tabIndex={0} aria-label={t('hub.by-district')}>
      <ul>
        {districts.map(({ name, n, counts }) => (
          <li key={name}>
            <a
              class={worstFirst.find((standing) => counts[standing] > 0) ?? 'connected'}
              href={linkTo({ filter: { ...filter, view: '', district: name } })}
            >
              <b>{name}</b>
              <span class="quiet">{t('hub.offices', { n })}</span>
              <span>
                {worstFirst
                  .filter((standing) => counts[standing] > 0)
                  .map((standing) => `${count(counts[standing])} ${t(standingWords[standing]).toLowerCase()}`)
                  .join(', ') || t('hub.all-connected')}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {districts.length === 0 && <p class="none">{t('hub.none-such')}</p>}
    </section>
  )
}
