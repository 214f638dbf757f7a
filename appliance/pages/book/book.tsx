import 'messages:book'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { BookingOffers, BookingView } from '../../bookings/views.ts'
import { ask, codeOf } from '../ui/api.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { Booked } from './booked.tsx'
import { Choose } from './choose.tsx'
import '../phone/phone.css'
import './book.css'

const retryMs = 4000
/** A booking is used at the kiosk while its page is open. */
const lookMs = 10_000

/** `/book`: choose a time. `/book/<booking>`: the booking, to be kept on the phone. */
function Book({ id }: { id: string | null }) {
  const booking = useSignal<BookingView | 'unknown' | null>(null)
  const offers = useSignal<BookingOffers | null>(null)
  const cut = useSignal(false)
  const round = useSignal(0)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    async function load() {
      try {
        if (id) {
          const before = booking.value
          const fresh = await ask<BookingView>('GET', `/api/bookings/${id}`)
          booking.value = fresh
          if (fresh.state === 'open') timer = setTimeout(load, lookMs)
          // Its code was typed at the kiosk a moment ago: from here on the number is what counts.
          else if (fresh.ticket && before !== null && before !== 'unknown' && before.state === 'open')
            location.replace(`/t/${fresh.ticket}`)
        } else offers.value = await ask<BookingOffers>('GET', '/api/booking-offers')
        cut.value = false
        if (offers.value?.office.clock === 'doubtful') timer = setTimeout(load, retryMs)
      } catch (error) {
        if (['not-found', 'invalid', 'queue.booking-unknown'].includes(codeOf(error))) {
          booking.value = 'unknown'
          return
        }
        cut.value = true
        timer = setTimeout(load, retryMs)
      }
    }
    void load()
    return () => clearTimeout(timer)
  }, [round.value])

  const office = offers.value?.office ?? (booking.value === 'unknown' ? null : booking.value?.office)
  return (
    <main class="phone book">
      <header>
        <Mark />
        <b>{office?.name}</b>
        {cut.value && <StateLine kind="cut">{t('book.cut')}</StateLine>}
      </header>
      {booking.value === 'unknown' && (
        <div>
          <h1>{t('book.unknown')}</h1>
          <p class="quiet">{t('book.unknown-what')}</p>
        </div>
      )}
      {booking.value && booking.value !== 'unknown' && (
        <Booked
          booking={booking.value}
          change={(fresh) => {
            booking.value = fresh
          }}
        />
      )}
      {offers.value && <Choose offers={offers.value} reload={() => round.value++} />}
      <footer>
        {id && <a href="/book">{t('book.again')}</a>}
        <LanguageSwitch keep="remember" />
      </footer>
    </main>
  )
}

mount(<Book id={location.pathname.split('/')[2] ?? null} />)
