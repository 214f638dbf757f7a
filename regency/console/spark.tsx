import { t } from '../../appliance/pages/ui/messages.ts'

const width = 320
const height = 54
const opens = 8
const shuts = 16

/** Arrivals by hour, at least over the usual opening hours. */
export function Spark({ arrivals }: { arrivals: number[] }) {
  const busy = arrivals.flatMap((n, hour) => (n ? [hour] : []))
  const from = Math.min(opens, busy[0] ?? opens)
  const to = Math.max(shuts, busy[busy.length - 1] ?? shuts)
  const hours = arrivals.slice(from, to + 1)
  const most = Math.max(1, ...hours)
  const points = hours.map(
    (n, i) => `${Math.round((i / (hours.length - 1)) * width)} ${Math.round(height - 3 - (n / most) * (height - 8))}`,
  )
  const two = (hour: number) => String(hour).padStart(2, '0')
  const label = t('hub.arrivals', { from: two(from), to: two(to) })
  return (
    <div class="spark hide">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${hours.join(', ')}`}
      >
        <path class="area" d={`M0 ${height}L${points.join('L')}L${width} ${height}Z`} />
        <path class="edge" d={`M${points.join('L')}`} />
      </svg>
      <span class="quiet">{label}</span>
    </div>
  )
}
