import { type Signal, useSignal } from '@preact/signals'
import { count, locale, t } from '../../appliance/pages/ui/messages.ts'
import { Band, Chart } from './chart.tsx'
import { type Series, type Span, spans } from './village-view.ts'

/** A step in which the box was heard in fewer than half of the minutes was no line. */
const halfOfIt = 0.5

/** How a village went: its line, its people, its machine, all on one time axis. */
export function VillageCharts({ series, span }: { series: Series; span: Signal<Span> }) {
  const at = useSignal<number | null>(null)
  const axis = { from: series.from, stepMs: series.stepMs }
  const common = { axis, at, none: '–' }
  return (
    <section class="charts" aria-label={t('hub.over-time')}>
      <nav aria-label={t('hub.over-time')}>
        {(Object.keys(spans) as Span[]).map((one) => (
          <button
            key={one}
            type="button"
            aria-current={span.value === one ? 'true' : undefined}
            onClick={() => {
              at.value = null
              span.value = one
            }}
          >
            {t(`hub.span-${one}`)}
          </button>
        ))}
      </nav>
      <Band
        {...common}
        title={t('hub.line')}
        values={series.line.map((share) => (share === null ? null : share >= halfOfIt ? 'up' : 'down'))}
        say={(way) => t(way === 'up' ? 'hub.connected' : 'hub.offline')}
      />
      <Chart {...common} title={t('hub.waiting-people')} values={series.waiting} say={count} floor={0} />
      <Chart
        {...common}
        title={t('hub.wait-median')}
        values={series.wait}
        say={(n) => `${count(Math.round(n))} ${t('hub.minutes')}`}
        floor={0}
      />
      <Chart {...common} title={t('hub.backlog-entries')} values={series.backlog} say={count} floor={0} />
      <Chart
        {...common}
        title={t('hub.disk-free')}
        values={series.diskMb}
        say={(mb) => `${decimal(mb / 1_000)} GB`}
        floor={0}
      />
      <Chart
        {...common}
        title={t('hub.temperature')}
        values={series.celsius}
        say={(celsius) => `${decimal(celsius)} °C`}
        floor={20}
      />
      <Band
        {...common}
        title={t('hub.power')}
        values={series.lowPower.map((low) => (low === null ? null : low ? 'down' : 'up'))}
        say={(way) => t(way === 'up' ? 'hub.power-good' : 'hub.power-low')}
      />
    </section>
  )
}

const decimal = (value: number) => value.toLocaleString(locale(), { maximumFractionDigits: 1 })
