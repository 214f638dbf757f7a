import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { dayMs } from '../../base/time.ts'
import type { BestTimes } from '../../estimate/views.ts'
import { ask } from './api.ts'
import { slowNow } from './clock.ts'
import { formatWeekday } from './format.ts'
import { t } from './messages.ts'
import './best-times.css'

/** The usual wait of each hour, for one service and weekday: today first. */
export function BestTimesChart() {
  const known = useSignal<BestTimes | 'cut' | null>(null)
  const chosen = useSignal('')
  const daysOn = useSignal(0)
  useEffect(() => {
    ask<BestTimes>('GET', '/api/best-times').then(
      (answer) => {
        known.value = answer
      },
      () => {
        known.value = 'cut'
      },
    )
  }, [])
  if (known.value === 'cut') return <p class="quiet">{t('times.cut')}</p>
  if (known.value === null) return null
  const { services, office } = known.value
  const service = services.find((one) => one.service === chosen.value) ?? services[0]
  const anything = services.some(({ weekdays }) => weekdays.flat().some(({ minutes }) => minutes !== null))
  const today = Math.max(slowNow.value, office.now)
  const weekday = (weekdayOf(today, office.zone) + daysOn.value) % 7
  return (
    <section class="times">
      <header>
        <h1>{t('times.title')}</h1>
        <p class="quiet">{t('times.what')}</p>
      </header>
      {!anything || !service ? (
        <p class="quiet">{t('times.nothing')}</p>
      ) : (
        <>
          <fieldset>
            <legend class="unseen">{t('times.which-service')}</legend>
            {services.map((one) => (
              <button
                key={one.service}
                type="button"
                aria-pressed={one === service}
                onClick={() => {
                  chosen.value = one.service
                }}
              >
                <b>{one.prefix}</b> {one.name}
              </button>
            ))}
          </fieldset>
          <fieldset>
            <legend class="unseen">{t('times.which-day')}</legend>
            {[0, 1, 2, 3, 4, 5, 6].map((ahead) => (
              <button
                key={ahead}
                type="button"
                aria-pressed={daysOn.value === ahead}
                onClick={() => {
                  daysOn.value = ahead
                }}
              >
                {ahead === 0 ? t('ui.today') : formatWeekday(today + ahead * dayMs)}
              </button>
            ))}
          </fieldset>
          <Hours hours={service.weekdays[weekday] ?? []} />
        </>
      )}
    </section>
  )
}

type Hour = BestTimes['services'][number]['weekdays'][number][number]

function Hours({ hours }: { hours: Hour[] }) {
  if (hours.length === 0) return <p class="quiet">{t('times.closed')}</p>
  const waits = hours.flatMap(({ minutes }) => minutes ?? [])
  const most = Math.max(5, ...waits)
  const least = Math.min(...waits)
  const best = new Set(hours.filter(({ minutes }) => minutes === least).slice(0, 2))
  return (
    <ol class="hours">
      {hours.map((one) => (
        <li key={one.hour} class={best.has(one) ? 'best' : ''}>
          <span class="unseen">{t('times.hour', { hour: one.hour })}</span>
          <span class="room">
            {best.has(one) && <small>{t('times.best')}</small>}
            <b class={one.minutes === null ? 'unseen' : 'num'}>{spell(one.minutes)}</b>
            <i aria-hidden="true" style={{ '--part': one.minutes === null ? 0 : one.minutes / most }} />
          </span>
          <span class="hour" aria-hidden="true">
            {String(one.hour).padStart(2, '0')}
          </span>
        </li>
      ))}
    </ol>
  )
}

function spell(minutes: number | null): string {
  if (minutes === null) return t('times.unknown')
  return minutes === 0 ? t('times.at-once') : t('times.minutes', { n: minutes })
}

const names = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const weekdayOf = (at: number, timeZone: string): number =>
  names.indexOf(new Intl.DateTimeFormat('en-US', { weekday: 'short', timeZone }).format(at))
