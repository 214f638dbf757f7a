import type { Signal } from '@preact/signals'
import { Smile } from 'lucide-preact'
import type { PriorityGroup } from '../../queue/views/desk.ts'
import type { KioskView } from '../../queue/views/kiosk.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { OfficeTime } from '../ui/office-time.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { type Fit, FitButton } from './fit.tsx'
import { Priority } from './priority.tsx'
import { Tile } from './tile.tsx'

type Props = {
  view: KioskView
  cut: boolean
  taking: string | null
  fit: Signal<Fit>
  group: Signal<PriorityGroup | null>
  take: (service: string) => void
  rate: () => void
  ask: (what: 'code' | 'times') => void
}

/** What may I get, what must I bring, how long: one touch takes a ticket. */
export function Choose({ view, cut, taking, fit, group, take, rate, ask }: Props) {
  const { office, services, notice, finished } = view
  return (
    <div class="choose">
      <header>
        <Mark />
        <div>
          <b>{office.name}</b>
          <span class="quiet">{office.district && t('ui.district', { name: office.district })}</span>
        </div>
        <OfficeTime class="time" />
        <LanguageSwitch keep="for-now" />
      </header>
      <main>
        <div class="ask">
          <h1>{t('kiosk.question')}</h1>
          {cut && <StateLine kind="cut">{t('kiosk.cut')}</StateLine>}
          {!cut && services.length === 0 && <p class="quiet">{t('kiosk.no-services')}</p>}
          {!cut && services.length > 0 && (
            <nav class="asides">
              {view.bookings && (
                <button type="button" onClick={() => ask('code')}>
                  {t('kiosk.have-booking')}
                </button>
              )}
              <button type="button" onClick={() => ask('times')}>
                {t('kiosk.quiet-hours')}
              </button>
            </nav>
          )}
        </div>
        <div
          class={`tiles ${sizeOf(services.length)} ${cut ? 'dimmed' : ''}`}
          style={{ '--wide': wideColumns(services.length), '--tall': services.length > 8 ? 2 : 1 }}
        >
          {services.map((service) => (
            <Tile
              key={service.service}
              service={service}
              taking={taking === service.service}
              disabled={cut || (taking !== null && taking !== service.service)}
              spoken={view.spoken.includes(service.prefix)}
              take={take}
            />
          ))}
        </div>
      </main>
      <footer>
        <div>
          {notice && <p>{notice}</p>}
          {services.length > 0 && <Priority group={group} disabled={cut || taking !== null} />}
        </div>
        {finished.length > 0 && (
          <button type="button" class="turn" disabled={cut || taking !== null} onClick={rate}>
            <Smile class="icon" strokeWidth={1.8} aria-hidden="true" />
            <span>
              {t('kiosk.rate')}
              <small>{t('kiosk.rate-what')}</small>
            </span>
          </button>
        )}
        <FitButton fit={fit} />
      </footer>
    </div>
  )
}

function sizeOf(tiles: number): string {
  if (tiles > 12) return 'many'
  return tiles <= 4 ? 'few' : ''
}

function wideColumns(tiles: number): number {
  if (tiles <= 1) return 1
  if (tiles <= 4) return 2
  return tiles <= 6 || tiles === 9 ? 3 : 4
}
