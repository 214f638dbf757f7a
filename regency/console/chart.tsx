import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { formatMoment } from '../../appliance/pages/ui/format.ts'

const width = 600
const height = 90

export type Axis = { from: number; stepMs: number }

type Props = {
  title: string
  values: readonly (number | null)[]
  axis: Axis
  /** Where the pointer is, by step; all charts of a page share it. */
  at: Signal<number | null>
  say: (value: number) => string
  /** Stands where nothing is known. */
  none: string
  /** Below it the picture begins; the least of what is known otherwise. */
  floor?: number
}

/** One measure over time: the newest value in figures, and the way to it. */
export function Chart({ title, values, axis, at, say, none, floor }: Props) {
  const known = values.filter((value) => value !== null)
  const most = Math.max(...known, (floor ?? 0) + 1)
  const least = floor ?? Math.min(...known)
  const y = (value: number) => height - 2 - ((value - least) / (most - least || 1)) * (height - 8)
  const shown = at.value === null ? lastOf(values) : values[at.value]
  return (
    <Frame
      title={title}
      said={shown === undefined || shown === null ? none : say(shown)}
      axis={axis}
      at={at}
      of={values.length}
    >
      {runsOf(values).map(({ from, run }) => (
        <path
          key={from}
          class="edge"
          d={`M${run.map((value, index) => `${x(from + index, values.length)} ${y(value).toFixed(1)}`).join('L')}h2`}
        />
      ))}
    </Frame>
  )
}

type BandProps = Omit<Props, 'values' | 'say' | 'floor'> & {
  values: readonly (string | null)[]
  say: (value: string) => string
}

/** Which of a few ways it was, over time: each value is the class of its piece. */
export function Band({ title, values, axis, at, say, none }: BandProps) {
  const pieces = values.flatMap((value, index) =>
    value === null || value === values[index - 1] ? [] : [{ value, from: index, steps: lengthOf(values, index) }],
  )
  const shown = values[at.value ?? values.length - 1]
  return (
    <Frame title={title} said={shown ? say(shown) : none} axis={axis} at={at} of={values.length}>
      {pieces.map(({ value, from, steps }) => (
        <rect
          key={from}
          class={value}
          x={x(from, values.length)}
          y={height / 2 - 12}
          width={(steps / values.length) * width}
          height="24"
        />
      ))}
    </Frame>
  )
}

type FrameProps = Pick<Props, 'title' | 'axis' | 'at'> & {
  said: string
  of: number
  children: ComponentChildren
}

function Frame({ title, said, axis, at, of, children }: FrameProps) {
  return (
    <figure class="chart">
      <figcaption>
        {title}
        <b class="num">{said}</b>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${said}`}
        onPointerMove={(event) => {
          const { left, width: wide } = event.currentTarget.getBoundingClientRect()
          at.value = Math.max(0, Math.min(of - 1, Math.floor(((event.clientX - left) / wide) * of)))
        }}
        onPointerLeave={() => {
          at.value = null
        }}
      >
        {children}
        {at.value !== null && <line class="here" x1={x(at.value, of)} x2={x(at.value, of)} y1="0" y2={height} />}
      </svg>
      <p class="quiet">
        <span>{formatMoment(axis.from)}</span>
        <span>{formatMoment(axis.from + (at.value ?? of - 1) * axis.stepMs)}</span>
      </p>
    </figure>
  )
}

const lastOf = <T,>(values: readonly (T | null)[]): T | null => values.filter((value) => value !== null).pop() ?? null

const x = (step: number, of: number) => Math.round((step / of) * width * 10) / 10

/** Pieces without a gap. */
function runsOf(values: readonly (number | null)[]): { from: number; run: number[] }[] {
  const runs: { from: number; run: number[] }[] = []
  for (const [index, value] of values.entries()) {
    if (value === null) continue
    const last = runs[runs.length - 1]
    if (last && last.from + last.run.length === index) last.run.push(value)
    else runs.push({ from: index, run: [value] })
  }
  return runs
}

function lengthOf(values: readonly (string | null)[], from: number): number {
  const end = values.findIndex((value, index) => index > from && value !== values[from])
  return (end < 0 ? values.length : end) - from
}
