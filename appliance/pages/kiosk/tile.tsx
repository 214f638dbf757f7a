import type { KioskView } from '../../screens/kiosk-view.ts'
import { slowNow } from '../ui/clock.ts'
import { formatOpens, formatRange, formatShortDay, formatTime } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { formatFee } from '../ui/published.ts'
import { useHold } from './hold.ts'
import './tile.css'

type Props = {
  service: KioskView['services'][number]
  taking: boolean
  disabled: boolean
  /** The office has recorded its name: touch and hold reads it aloud. */
  spoken: boolean
  take: (service: string) => void
}

// A name of more characters takes more than two lines, and its words are made smaller.
const longName = 34

/** A service. Closed ones keep their place, so that regular visitors find theirs without reading. */
export function Tile({ service, taking, disabled, spoken, take }: Props) {
  const read = () => import('./read-aloud.ts').then(({ readService }) => readService(service.prefix)).catch(() => {})
  const { onClickCapture, ...hold } = useHold(spoken ? read : null)
  return (
    <button
      {...hold}
      onClickCapture={onClickCapture}
      type="button"
      class={`tile ${service.open ? '' : 'shut'} ${taking ? 'taking' : ''} ${service.name.length > longName ? 'wordy' : ''}`}
      disabled={disabled || !service.open}
      aria-busy={taking}
      onClick={() => take(service.service)}
    >
      <i aria-hidden="true">{service.prefix}</i>
      <span class="words">
        <b>{service.name}</b>
        {service.open && <span class="need">{need(service)}</span>}
        <span class="wait">{wait(service, taking)}</span>
      </span>
    </button>
  )
}

const need = ({ requires, published }: Props['service']) =>
  [
    published && published.fee !== null && formatFee(published.fee),
    requires.length ? t('kiosk.bring', { list: requires.join(', ') }) : t('kiosk.bring-nothing'),
    published && t('ui.published', { date: formatShortDay(published.at) }),
  ]
    .filter(Boolean)
    .join(' · ')

/** Its parts break between each other, never within. */
const held = (...parts: string[]) => parts.map((part) => <span key={part}>{part} </span>)

function wait(service: Props['service'], taking: boolean) {
  if (taking) return t('kiosk.taking')
  const { state, opensAt, ahead, wait: range } = service
  const line = ahead ? t('kiosk.before-you', { n: ahead }) : t('kiosk.nobody-waiting')
  const time = opensAt === null ? '' : formatTime(opensAt)
  switch (state) {
    case 'open':
      if (!service.open) return t('kiosk.closed')
      return ahead && range ? held(line, formatRange(range)) : line
    case 'early':
      return held(t('kiosk.early', { time }), line)
    case 'break':
      return held(t('kiosk.break', { time }), line)
    case 'closed':
      return opensAt === null ? t('kiosk.closed') : formatOpens(opensAt, slowNow.value)
    case 'full':
      return t('kiosk.full')
    case 'too-late':
      return t('kiosk.too-late')
    case 'off':
      return t('kiosk.closed')
  }
}
