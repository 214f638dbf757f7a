import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { BookingOffers, BookingView } from '../../bookings/views.ts'
import { ask, codeOf, createSender, explain } from '../ui/api.ts'
import { BestTimesChart } from '../ui/best-times.tsx'
import { formatDay, formatShortDay, formatTime, formatWeekday } from '../ui/format.ts'
import { find, t } from '../ui/messages.ts'
import { describePublished } from '../ui/published.ts'
import { myBookings, phoneMark, rememberBooking } from './mine.ts'

type Service = BookingOffers['services'][number]
type Window = Service['days'][number]['windows'][number]

/** Service, day, time: each choice shows the next. */
export function Choose({ offers, reload }: { offers: BookingOffers; reload: () => void }) {
  const send = useMemo(() => createSender(), [])
  const serviceId = useSignal<string | null>(null)
  const dayOf = useSignal<string | null>(null)
  const from = useSignal<number | null>(null)
  const busy = useSignal(false)
  const problem = useSignal<string | null>(null)
  const chart = useSignal(false)

  const service = offers.services.find((one) => one.service === serviceId.value)
  const day = service?.days.find((one) => one.day === dayOf.value) ?? service?.days.find(hasPlace)
  const window = day?.windows.find((one) => one.from === from.value && one.left > 0)

  async function book() {
    if (!service || !day || !window) return
    busy.value = true
    try {
      const body = { service: service.service, day: day.day, from: window.from, phone: phoneMark() }
      const { booking } = await send<BookingView>('POST', '/api/bookings', body)
      rememberBooking(booking)
      location.assign(`/book/${booking}`)
    } catch (error) {
      problem.value = explain(error)
      if (codeOf(error) === 'queue.window-full') reload()
    }
    busy.value = false
  }

  if (chart.value)
    return (
      <>
        <BestTimesChart />
        <section class="act">
          <button
            type="button"
            onClick={() => {
              chart.value = false
            }}
          >
            {t('book.back')}
          </button>
        </section>
      </>
    )
  // Until somebody has said the date nothing can be booked, and no service is offered.
  const unknownDate = offers.office.clock === 'doubtful'
  const every = unknownDate ? [] : offers.services
  const listed = service ? [service] : every
  return (
    <>
      <div>
        <h1>{t('book.title')}</h1>
        <p class="quiet">{t('book.what')}</p>
      </div>
      <Mine />
      {unknownDate && <p role="alert">{find('error.queue.booking-no-clock', {})}</p>}
      {offers.services.length === 0 && <p>{t('book.no-services')}</p>}
      {listed.length > 0 && (
        <fieldset class="pick">
          <legend>{service ? t('book.chosen') : t('book.service')}</legend>
          {listed.map((one) => (
            <button
              key={one.service}
              type="button"
              aria-pressed={one === service}
              onClick={() => {
                serviceId.value = service ? null : one.service
                dayOf.value = null
                from.value = null
              }}
            >
              <b>{one.prefix}</b> {one.name}
              {service && <small>{t('book.change')}</small>}
            </button>
          ))}
        </fieldset>
      )}
      {service && !day && <p>{t('book.none')}</p>}
      {service && day && (
        <>
          {service.requires.length > 0 && <p class="quiet">{t('book.bring', { list: service.requires.join(', ') })}</p>}
          {service.published && <p class="quiet">{describePublished(service.published)}</p>}
          <fieldset class="pick days">
            <legend>{t('book.day')}</legend>
            {service.days.map((one) => (
              <button
                key={one.day}
                type="button"
                disabled={!hasPlace(one)}
                aria-pressed={one === day}
                onClick={() => {
                  dayOf.value = one.day
                  from.value = null
                }}
              >
                {formatWeekday(one.windows[0]?.fromAt ?? 0)}
                <small>{formatShortDay(one.windows[0]?.fromAt ?? 0)}</small>
              </button>
            ))}
          </fieldset>
          <fieldset class="pick times-of-day">
            <legend>{t('book.time')}</legend>
            {day.windows.map((one) => (
              <button
                key={one.from}
                type="button"
                disabled={one.left === 0}
                aria-pressed={one === window}
                onClick={() => {
                  from.value = one.from
                }}
              >
                {formatTime(one.fromAt)}
                <small>{one.left > 0 ? t('book.left', { n: one.left }) : t('book.full')}</small>
              </button>
            ))}
          </fieldset>
        </>
      )}
      <section class="act">
        {problem.value && <p role="alert">{problem.value}</p>}
        {service && day && (
          <button type="button" class="do" disabled={busy.value || !window} onClick={book}>
            {doWord(window)}
          </button>
        )}
        <button
          type="button"
          onClick={() => {
            chart.value = true
          }}
        >
          {t('book.quiet-hours')}
        </button>
      </section>
    </>
  )
}

const hasPlace = ({ windows }: { windows: Window[] }) => windows.some(({ left }) => left > 0)

const doWord = (window: Window | undefined) =>
  window ? t('book.do', { day: formatDay(window.fromAt), from: formatTime(window.fromAt) }) : t('book.choose-time')

/** Bookings that this phone made and that are still open. */
function Mine() {
  const mine = useSignal<BookingView[]>([])
  useEffect(() => {
    void Promise.allSettled(myBookings().map((id) => ask<BookingView>('GET', `/api/bookings/${id}`))).then(
      (answers) => {
        mine.value = answers.flatMap((one) =>
          one.status === 'fulfilled' && one.value.state === 'open' ? one.value : [],
        )
      },
    )
  }, [])
  if (mine.value.length === 0) return null
  return (
    <section class="need">
      <h2>{t('book.mine')}</h2>
      <ul>
        {mine.value.map(({ booking, service, fromAt }) => (
          <li key={booking}>
            <a href={`/book/${booking}`}>
              {formatDay(fromAt)} {formatTime(fromAt)}, {service}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
