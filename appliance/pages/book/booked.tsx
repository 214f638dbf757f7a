import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { BookingView } from '../../bookings/views.ts'
import type { TicketView } from '../../queue/ticket-view.ts'
import { createSender, explain } from '../ui/api.ts'
import { slowNow } from '../ui/clock.ts'
import { formatDay, formatTime } from '../ui/format.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { describePublished } from '../ui/published.ts'

const endedWords = {
  arrived: 'book.state-arrived',
  'no-show': 'book.state-no-show',
  cancelled: 'book.state-cancelled',
  'office-closed': 'book.state-office-closed',
} as const satisfies Record<Exclude<BookingView['state'], 'open'>, MessageKey>

/** My code, when to come; here I say that I am there. */
export function Booked({ booking, change }: { booking: BookingView; change: (fresh: BookingView) => void }) {
  const send = useMemo(() => createSender(), [])
  const busy = useSignal(false)
  const sure = useSignal(false)
  const problem = useSignal<string | null>(null)
  const early = slowNow.value < booking.mayArriveAt
  const open = booking.state === 'open'

  async function run(work: () => Promise<void>) {
    busy.value = true
    problem.value = null
    try {
      await work()
    } catch (error) {
      problem.value = explain(error)
    }
    busy.value = false
  }
  const path = `/api/bookings/${booking.booking}`
  const arrive = () =>
    run(async () => {
      const { ticket } = await send<TicketView>('POST', `${path}/arrive`)
      location.assign(`/t/${ticket}`)
    })
  const cancel = () => {
    if (!sure.value) {
      sure.value = true
      return
    }
    void run(async () => change(await send<BookingView>('POST', `${path}/cancel`)))
  }

  return (
    <>
      <section class={`card ${open ? '' : 'over'}`} aria-live="polite">
        <p>{booking.service}</p>
        <span>{t('book.code')}</span>
        <h1 class="n num">{booking.code}</h1>
        <b>
          {t('book.when', {
            day: formatDay(booking.fromAt),
            from: formatTime(booking.fromAt),
            until: formatTime(booking.untilAt),
          })}
        </b>
        {booking.state !== 'open' && <span>{t(endedWords[booking.state])}</span>}
      </section>
      {problem.value && (
        <p class="wrong" role="alert">
          {problem.value}
        </p>
      )}
      {open && (
        <>
          <p>{t('book.code-what')}</p>
          <section class="act">
            <button type="button" class="do" disabled={busy.value || early} onClick={arrive}>
              {t('book.arrive')}
              {early && <small>{t('book.arrive-from', { time: formatTime(booking.mayArriveAt) })}</small>}
            </button>
            <button type="button" class="no" disabled={busy.value} onClick={cancel}>
              {sure.value ? t('book.cancel-sure') : t('book.cancel')}
            </button>
          </section>
          {booking.requires.length > 0 && <p>{t('book.bring', { list: booking.requires.join(', ') })}</p>}
          {booking.published && <p class="quiet">{describePublished(booking.published)}</p>}
          <p class="quiet">{t('book.keep')}</p>
        </>
      )}
      {booking.ticket && (
        <section class="act">
          <a class="do" href={`/t/${booking.ticket}`}>
            {t('book.to-ticket')}
          </a>
        </section>
      )}
    </>
  )
}
