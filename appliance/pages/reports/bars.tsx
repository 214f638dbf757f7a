import { count } from '../ui/messages.ts'

export type Bar = { label: string; pale: number | null; full: number | null }

type Props = { title: string; bars: Bar[]; pale: string; full: string }

const width = 600
const height = 190
const foot = 26
const head = 20

/** So many labels have room in a wide chart, and in one on a phone. */
const mostLabels = 16
const mostOnPhone = 6

/** Two bars for each label. Whoever cannot see them gets the same numbers as a table. */
export function Bars({ title, bars, pale, full }: Props) {
  const everyLabel = Math.ceil(bars.length / mostLabels)
  const everyOnPhone = Math.ceil(bars.length / mostOnPhone)
  const most = Math.max(1, ...bars.flatMap((bar) => [bar.pale ?? 0, bar.full ?? 0]))
  const step = width / Math.max(1, bars.length)
  const wide = Math.min(24, step * 0.36)
  const room = height - foot - head
  const tall = (value: number) => (room * value) / most
  return (
    <figure class="bars">
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {bars.map(({ label, pale: first, full: second }, i) => {
          const middle = step * (i + 0.5)
          const top = head + room - tall(Math.max(first ?? 0, second ?? 0))
          return (
            <g key={label}>
              <rect
                class="pale"
                x={middle - wide - 1}
                y={head + room - tall(first ?? 0)}
                width={wide}
                height={tall(first ?? 0)}
                rx={Math.min(4, wide / 3)}
              />
              <rect
                x={middle + 1}
                y={head + room - tall(second ?? 0)}
                width={wide}
                height={tall(second ?? 0)}
                rx={Math.min(4, wide / 3)}
              />
              {step >= 34 && (first ?? second) !== null && (
                <text class="value" x={middle} y={top - 6} text-anchor="middle">
                  {first ?? 0}/{second ?? 0}
                </text>
              )}
              {i % everyLabel === 0 && (
                <text
                  class={`label ${i % everyOnPhone === 0 ? '' : 'wide-only'}`}
                  x={middle}
                  y={height - 6}
                  text-anchor="middle"
                >
                  {label}
                </text>
              )}
            </g>
          )
        })}
      </svg>
      <figcaption class="key">
        <span>
          <i class="pale" />
          {pale}
        </span>
        <span>
          <i />
          {full}
        </span>
      </figcaption>
      {/* Around the table: Firefox shows the caption of one that is unseen itself. */}
      <div class="unseen">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">{pale}</th>
              <th scope="col">{full}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ label, pale: first, full: second }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{first === null ? '–' : count(first)}</td>
                <td>{second === null ? '–' : count(second)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
