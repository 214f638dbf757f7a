import { useSignal } from '@preact/signals'
import { Delete } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import { t } from '../ui/messages.ts'
import { Countdown } from './countdown.tsx'
import './booking-code.css'

const shownSeconds = 40
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const

/** Whoever booked types four digits, on the screen or with a scanner that types them, and takes the number. */
export function BookingCode({
  busy,
  arrive,
  leave,
}: {
  busy: boolean
  arrive: (code: string) => void
  leave: () => void
}) {
  const typed = useSignal('')
  const press = (digit: string) => {
    if (busy || typed.value.length === 4) return
    typed.value += digit
    if (typed.value.length === 4) arrive(typed.value)
  }
  const erase = () => {
    typed.value = typed.value.slice(0, -1)
  }
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (/^\d$/.test(event.key)) press(event.key)
      else if (event.key === 'Backspace') erase()
      else if (event.key === 'Escape') leave()
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  })
  return (
    <main class="booking-code">
      <section>
        <h1>{t('kiosk.type-code')}</h1>
        <p class="quiet">{t('kiosk.type-code-what')}</p>
        <p class="typed num" aria-live="polite">
          {[0, 1, 2, 3].map((place) => (
            <i key={place}>{typed.value[place] ?? ''}</i>
          ))}
        </p>
        <Countdown seconds={shownSeconds} end={leave} label={t('kiosk.back')} />
      </section>
      <div class="keys">
        {digits.map((digit) => (
          <button key={digit} type="button" class="num" disabled={busy} onClick={() => press(digit)}>
            {digit}
          </button>
        ))}
        <button
          type="button"
          disabled={busy || typed.value === ''}
          aria-label={t('kiosk.delete-digit')}
          onClick={erase}
        >
          <Delete class="icon" strokeWidth={1.8} aria-hidden="true" />
        </button>
      </div>
    </main>
  )
}
