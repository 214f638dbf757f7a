import 'messages:visitor'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { BookingOffers } from '../../bookings/views.ts'
import type { LineView } from '../../queue/ticket-view.ts'
import { ask } from '../ui/api.ts'
import { formatOpens, formatTime } from '../ui/format.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { useLive } from '../ui/live.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { describePublished } from '../ui/published.ts'
import { StateLine } from '../ui/state-line.tsx'
import '../phone/phone.css'
import './visitor.css'

const retryMs = 4_000

/** What a visitor's phone shows that joined the office's own Wi-Fi: who is called, what the office does, what to bring. */
function Visitor() {
  const live = useLive<LineView>('/live/line')
  const services = useSignal<BookingOffers['services']>([])
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const load = () =>
      ask<BookingOffers>('GET', '/api/booking-offers').then(
        (found) => {
          services.value = found.services
        },
        () => {
          timer = setTimeout(load, retryMs)
        },
      )
    void load()
    return () => clearTimeout(timer)
  }, [])

  const view = live.view.value
  if (!view)
    return <main class="phone">{live.link.value === 'cut' && <StateLine kind="cut">{t('ui.cut')}</StateLine>}</main>
  const bookable = services.value.some(({ days }) => days.length > 0)
  const called = view.line.filter(({ state, counter }) => counter && (state === 'called' || state === 'serving'))
  const waiting = view.line.filter(({ state }) => state === 'waiting').length
  return (
    <main class="phone visitor">
      <header>
        <Mark />
        <b>{view.office.name}</b>
        {live.link.value === 'cut' && (
          <StateLine kind="cut">
            {t('visitor.cut', { time: formatTime(live.seenAt.value ?? view.office.now) })}
          </StateLine>
        )}
      </header>
      <section class="card">
        <h1>{headline(view.opensAt !== null, waiting)}</h1>
        {view.opensAt !== null && <p>{formatOpens(view.opensAt, view.office.now)}</p>}
        {view.opensAt === null && <p>{called.length > 0 ? t('visitor.called') : t('visitor.none-called')}</p>}
        {called.length > 0 && (
          <ul class="called">
            {called.map(({ number, counter }) => (
              <li key={number}>
                <strong>{number}</strong>
                <span>{counter}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {bookable && (
        <a class="book-a-time" href="/book">
          {t('visitor.book')}
        </a>
      )}
      <section class="need">
        <h2>{services.value.length > 0 ? t('visitor.services') : t('visitor.no-services')}</h2>
        {services.value.map(({ service, prefix, name, requires, published }) => (
          <details key={service}>
            <summary>
              <b>{prefix}</b> {name}
            </summary>
            {requires.length === 0 ? (
              <p>{t('visitor.nothing-needed')}</p>
            ) : (
              <ul aria-label={t('visitor.bring')}>
                {requires.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            )}
            {published && <p class="quiet">{describePublished(published)}</p>}
          </details>
        ))}
      </section>
      <footer>
        <p class="quiet">{t('visitor.no-internet')}</p>
        <LanguageSwitch keep="remember" />
      </footer>
    </main>
  )
}

function headline(closed: boolean, waiting: number): string {
  if (closed) return t('visitor.closed')
  return waiting > 0 ? t('visitor.waiting', { n: waiting }) : t('visitor.nobody')
}

mount(<Visitor />)
