import type { KioskView } from '../../queue/views.ts'
import { formatRange } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import './tile.css'

type Props = {
  service: KioskView['services'][number]
  taking: boolean
  disabled: boolean
  take: (service: string) => void
}

/** A service. Closed ones keep their place, so that regular visitors find theirs without reading. */
export function Tile({ service, taking, disabled, take }: Props) {
  return (
    <button
      type="button"
      class={`tile ${service.open ? '' : 'shut'} ${taking ? 'taking' : ''}`}
      disabled={disabled || !service.open}
      aria-busy={taking}
      onClick={() => take(service.service)}
    >
      <i aria-hidden="true">{service.prefix}</i>
      <span class="words">
        <b>{service.name}</b>
        {service.open && <span class="need">{need(service.requires)}</span>}
        <span class="wait">{wait(service, taking)}</span>
      </span>
    </button>
  )
}

const need = (requires: string[]) =>
  requires.length ? t('kiosk.bring', { list: requires.join(', ') }) : t('kiosk.bring-nothing')

function wait(service: Props['service'], taking: boolean): string {
  if (taking) return t('kiosk.taking')
  if (!service.open) return t('kiosk.closed')
  if (!service.waiting) return t('kiosk.nobody-waiting')
  const waiting = t('kiosk.waiting', { n: service.waiting })
  return service.wait ? `${waiting} · ${formatRange(service.wait)}` : waiting
}
