import type { ReportView } from '../../reports/views.ts'
import { t } from '../ui/messages.ts'
import { decimal, whole } from './figure.tsx'

type Row = ReportView['services'][number]

/** A line for each service or counter; the bar behind its name is its share of all that came. */
export function FiguresTable({ title, rows }: { title: string; rows: Row[] }) {
  if (rows.length === 0) return null
  const most = Math.max(...rows.map(({ taken }) => taken), 1)
  const spread = ({ p50, p90 }: Row['wait']) => (p50 === null ? '–' : `${decimal(p50, 0)} / ${decimal(p90, 0)}`)
  return (
    <section class="group">
      <h2>{title}</h2>
      <p class="quiet">{t('reports.spread-what')}</p>
      <div class="scrolls">
        <table class="lines">
          <thead>
            <tr>
              <td />
              <th scope="col">{t('reports.column-taken')}</th>
              <th scope="col">{t('reports.column-served')}</th>
              <th scope="col">{t('reports.column-missed')}</th>
              <th scope="col">{t('reports.column-cancelled')}</th>
              <th scope="col">{t('reports.short-wait')}</th>
              <th scope="col">{t('reports.short-service')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row" style={{ '--share': `${(100 * row.taken) / most}%` }}>
                  {row.name}
                </th>
                <td>{whole(row.taken)}</td>
                <td>{whole(row.served)}</td>
                <td>{whole(row.missed)}</td>
                <td>{whole(row.cancelled)}</td>
                <td>{spread(row.wait)}</td>
                <td>{spread(row.service)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
