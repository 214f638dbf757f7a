import { type Signal, useSignal } from '@preact/signals'
import { ChevronRight } from 'lucide-preact'
import type { PriorityGroup } from '../../screens/desk-view.ts'
import type { KioskView } from '../../screens/kiosk-view.ts'
import { slowNow } from '../ui/clock.ts'
import { formatOpens } from '../ui/format.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { OfficeTime } from '../ui/office-time.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { type AsideName, Dock } from './dock.tsx'
import type { Fit } from './fit.tsx'
import { useMostTiles } from './most-tiles.ts'
import { Tile } from './tile.tsx'

type Props = {
  view: KioskView
  cut: boolean
  taking: string | null
  fit: Signal<Fit>
  group: Signal<PriorityGroup | null>
  take: (service: string) => void
  ask: (what: AsideName) => void
}

/** What may I get, what must I bring, how long: one touch takes a ticket. */
export function Choose({ view, cut, taking, fit, group, take, ask }: Props) {
  const page = useSignal(0)
  const { office, notice } = view
  // Whoever fetches what is finished has a button of their own, below.
  const services = view.services.filter(({ collection }) => !collection)
  const most = useMostTiles(fit)
  const paged = services.length > most
  const shown = paged ? services.slice(page.value * (most - 1), (page.value + 1) * (most - 1)) : services
  const tiles = Math.min(most, services.length)
  return (
    <div class="choose">
      <header>
        <Mark />
        <div>
          <p>
            <b>{office.name}</b> {office.district && <span>{t('ui.district', { name: office.district })}</span>}
          </p>
          <h1>{question(view)}</h1>
        </div>
        <OfficeTime class="time" />
        <LanguageSwitch keep="for-now" />
      </header>
      <main>
        {cut && <StateLine kind="cut">{t('kiosk.cut')}</StateLine>}
        <div class={`tiles ${sizeOf(tiles)} ${cut ? 'dimmed' : ''}`} style={columnsFor(tiles)}>
          {shown.map((service) => (
            <Tile
              key={service.service}
              service={service}
              taking={taking === service.service}
              disabled={cut || (taking !== null && taking !== service.service)}
              spoken={view.spoken.includes(service.prefix)}
              take={take}
            />
          ))}
          {paged && (
            <button
              type="button"
              class="tile others"
              onClick={() => {
                page.value = (page.value + 1) * (most - 1) < services.length ? page.value + 1 : 0
              }}
            >
              <i aria-hidden="true">
                <ChevronRight class="icon" strokeWidth={2.4} />
              </i>
              <span class="words">
                <b>{t('kiosk.others')}</b>
                <span class="need">
                  {t('kiosk.others-where', {
                    n: page.value + 1,
                    of: Math.ceil(services.length / (most - 1)),
                  })}
                </span>
              </span>
            </button>
          )}
        </div>
        {notice && <p class="notice">{notice}</p>}
      </main>
      <Dock {...{ view, fit, group, ask, paged }} disabled={cut || taking !== null} />
    </div>
  )
}

/** The question, or why there is nothing to choose. */
function question({ services, refuses }: KioskView): string {
  if (services.length === 0) return t('kiosk.no-services')
  if (refuses) return t(refuses === 'queue.no-day' ? 'kiosk.no-day' : 'kiosk.no-numbers')
  if (services.some(({ state }) => state !== 'closed' && state !== 'off')) return t('kiosk.question')
  const opens = services.flatMap(({ opensAt }) => opensAt ?? [])
  if (opens.length === 0) return t('kiosk.all-closed')
  return t('kiosk.all-closed-until', { opens: formatOpens(Math.min(...opens), slowNow.value) })
}

function sizeOf(tiles: number): string {
  if (tiles > 8) return 'many'
  if (tiles > 6) return 'packed'
  if (tiles <= 1) return 'few one'
  return tiles <= 4 ? 'few' : ''
}

/** How many columns on a landscape screen, on one that is nearly as high as wide, on an upright and on a long one. */
function columnsFor(tiles: number) {
  const few = tiles <= 3 ? 1 : 2
  return {
    '--wide': wideColumns(tiles),
    '--square': tiles <= 4 ? few : 3,
    '--upright': few,
    '--long': tiles > 5 ? 2 : 1,
  }
}

function wideColumns(tiles: number): number {
  if (tiles <= 1) return 1
  if (tiles === 2 || tiles === 4) return 2
  if (tiles <= 6 || tiles === 9) return 3
  return tiles === 10 ? 5 : 4
}
