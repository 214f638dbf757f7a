import type { ReportView } from '../../reports/views.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { decimal, whole } from './figure.tsx'

type Row = ReportView['services'][number]

const spread = ({ p50, p90 }: Row['wait']) => (p50 === null ? '–' : `${decimal(p50, 0)} / ${decimal(p90, 0)}`)

const columns: [MessageKey, (row: Row) => string][] = [
  ['reports.column-taken', ({ taken }) => whole(taken)],
  ['reports.column-served', ({ served }) => whole(served)],
  ['reports.column-missed', ({ missed }) => whole(missed)],
  ['reports.column-cancelled', ({ cancelled }) => whole(cancelled)],
  ['reports.short-wait', ({ wait }) => spread(wait)],
  ['reports.short-service', ({ service }) => spread(service)],
]

/** A line for each service or counter; the bar behind its name is its share of all that came. On a phone each line is a card. */
export function FiguresTable({ title, rows }: { title: string; rows: Row[] }) {
  if (rows.length === 0) return null
  const most = Math.max(...rows.map(({ taken }) => taken), 1)
  return (
    <section class="group">
      <h2>{title}</h2>
      <p class="quiet">{t('reports.spread-what')}</p>
      <div class="scrolls">
        <table class="lines cards">
          <thead>
            <tr>
              <td />
              {columns.map(([words]) => (
                <th key={words} scope="col">
                  {t(words)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row" style={{ '--share': `${(100 * row.taken) / most}%` }}>
                  {row.name}
                </th>
                {columns.map(([words, value]) => (
                  <td key={words} data-column={t(words)}>
                    {value(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
