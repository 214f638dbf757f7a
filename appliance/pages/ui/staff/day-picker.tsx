import { CalendarDays } from 'lucide-preact'
import { useRef } from 'preact/hooks'
import { t } from '../messages.ts'
import '../button.css'
import './day-picker.css'

type Props = { day: string; min?: string | undefined; max?: string | undefined; choose: (day: string) => void }

/** The browser's own calendar behind a button, in browsers that open it when asked; the field is there to be typed in. */
export function DayPicker({ day, min, max, choose }: Props) {
  const calendar = useRef<HTMLInputElement>(null)
  if (!('showPicker' in HTMLInputElement.prototype)) return null
  return (
    <span class="day-picker">
      <input
        ref={calendar}
        type="date"
        tabIndex={-1}
        aria-hidden="true"
        value={day}
        min={min}
        max={max}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
      <button
        type="button"
        class="button"
        aria-label={t('ui.day-pick')}
        onClick={() => calendar.current?.showPicker?.()}
      >
        <CalendarDays class="icon" strokeWidth={1.8} aria-hidden="true" />
      </button>
    </span>
  )
}
