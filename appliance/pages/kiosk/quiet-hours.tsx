import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import type { KioskView } from '../../screens/kiosk-view.ts'
import { t } from '../ui/messages.ts'
import { QrCode } from '../ui/qr-code.tsx'
import { within } from '../ui/within.ts'
import { Countdown } from './countdown.tsx'
import './quiet-hours.css'

export { ready } from 'messages:kiosk+times'

const shownSeconds = 60
const chartMs = 8000

/** When to come, and how to book from a phone. The chart is loaded when somebody asks: most take a number and go. */
export function QuietHours({ view, leave }: { view: KioskView; leave: () => void }) {
  const Chart = useSignal<ComponentType | null>(null)
  const failed = useSignal(false)
  useEffect(() => {
    within(chartMs, import('../ui/best-times.tsx')).then(
      (module) => {
        Chart.value = module.BestTimesChart
      },
      () => {
        failed.value = true
      },
    )
  }, [])
  return (
    <div class="quiet-hours">
      <main>
        {Chart.value && <Chart.value />}
        {failed.value && <p class="quiet">{t('times.cut')}</p>}
      </main>
      {view.bookings && (
        <aside>
          <QrCode text={view.bookingAddress} label={view.bookingAddress} />
          <h2>{t('kiosk.book-by-phone')}</h2>
          <p>{t('kiosk.book-how')}</p>
        </aside>
      )}
      <footer>
        <Countdown seconds={shownSeconds} end={leave} label={t('kiosk.back')} />
      </footer>
    </div>
  )
}
