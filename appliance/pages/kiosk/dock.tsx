import { type Signal, useSignal } from '@preact/signals'
import { Accessibility, CalendarCheck, ChartColumn, FileCheck, Search, Smile } from 'lucide-preact'
import type { PriorityGroup } from '../../screens/desk-view.ts'
import type { KioskView } from '../../screens/kiosk-view.ts'
import { slowNow } from '../ui/clock.ts'
import { formatOpens } from '../ui/format.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { type Fit, Fits } from './fit.tsx'
import { Priority } from './priority.tsx'
import './dock.css'

/** What most visitors never open. */
export type AsideName = 'code' | 'letter' | 'times' | 'rate' | 'search'

type Props = {
  view: KioskView
  disabled: boolean
  /** There are more services than fit. */
  paged: boolean
  fit: Signal<Fit>
  group: Signal<PriorityGroup | null>
  ask: (what: AsideName) => void
}

/** The row below the services: who is called earlier, and what is not a ticket. What opens takes the row's own place. */
export function Dock({ view, disabled, paged, fit, group, ask }: Props) {
  const fitting = useSignal(false)
  const { services, bookings, finished, refuses } = view
  const gives = services.some(({ open }) => open)
  const lanes = services.filter(({ collection }) => collection)
  const isShut = lanes.every(({ open }) => !open)
  const more: [MessageKey, typeof Smile, () => void][] = []
  if (paged) more.push(['kiosk.search', Search, () => ask('search')])
  if (bookings && !refuses) more.push(['kiosk.have-booking', CalendarCheck, () => ask('code')])
  if (lanes.length > 0) more.push(['kiosk.pick-up', FileCheck, () => ask('letter')])
  if (services.length > 0) more.push(['kiosk.quiet-hours', ChartColumn, () => ask('times')])
  if (finished.length > 0) more.push(['kiosk.rate', Smile, () => ask('rate')])
  return (
    <footer class="dock" style={{ '--more': `${more.length + 1}fr` }}>
      {fitting.value && <Fits fit={fit} />}
      {!fitting.value && gives && <Priority group={group} disabled={disabled} />}
      <nav>
        {more.map(([words, Icon, open]) => (
          <button key={words} type="button" disabled={disabled || (words === 'kiosk.pick-up' && isShut)} onClick={open}>
            <Icon class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t(words)}
            {words === 'kiosk.pick-up' && isShut && <small>{whenOpen(lanes)}</small>}
          </button>
        ))}
        <button
          type="button"
          aria-expanded={fitting.value}
          onClick={() => {
            fitting.value = !fitting.value
          }}
        >
          <Accessibility class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('kiosk.fit')}
        </button>
      </nav>
    </footer>
  )
}

/** When what is shut gives numbers again, as far as that is known. */
function whenOpen(lanes: KioskView['services']): string {
  const opens = lanes.flatMap(({ opensAt, state }) => (state === 'closed' ? (opensAt ?? []) : []))
  return opens.length > 0 ? formatOpens(Math.min(...opens), slowNow.value) : t('kiosk.closed')
}
