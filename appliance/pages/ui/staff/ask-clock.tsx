import { signal, useComputed, useSignal } from '@preact/signals'
import { hourMs } from '../../../base/time.ts'
import type { Office } from '../../../base/web/office-view.ts'
import { now, zone } from '../clock.ts'
import { formatDay, formatTime, fromWall, toWall } from '../format.ts'
import { t } from '../messages.ts'
import { DayField } from './day-field.tsx'
import { useSubmit } from './submit.ts'
import { TimeField } from './time-field.tsx'
import './ask-clock.css'

/** A person's date that is another one than this PC's may be mistyped: whoever sees it is asked once more. */
const otherDateMs = 12 * hourMs
const answered = signal(false)

export const asksClock = (office: Office): boolean =>
  office.clock === 'doubtful' ||
  (office.clock === 'confirmed' && !answered.value && Math.abs(Date.now() - office.now) > otherDateMs)

/**
 * A box without a clock battery asks the first person once. The answer is filled in from this PC's own clock (not from
 * the box's, which is the doubtful one); a yes is all it takes when that is right.
 */
export function AskClock() {
  const editing = useSignal(false)
  const date = useSignal('')
  const time = useSignal('')
  const { submit, busy, problemOf } = useSubmit({ 'clock.implausible': 'time' })
  const shown = useComputed(() => {
    void now.value // Drawn again each second: the PC's clock tells no one.
    return `${formatDay(Date.now())}, ${formatTime(Date.now())}`
  })

  async function confirm(event: Event) {
    event.preventDefault()
    const at = editing.value ? fromWall(date.value, time.value, zone.value) : Date.now()
    if (at !== null && (await submit((send) => send('POST', '/api/clock', { at }))))
      answered.value = Math.abs(Date.now() - at) > otherDateMs // typed with care: this PC is the one that is wrong
  }

  function edit() {
    const wall = toWall(Date.now(), zone.value)
    date.value = wall.date
    time.value = wall.time
    editing.value = true
  }

  return (
    <form class="ask-clock" onSubmit={confirm}>
      <h2>{editing.value ? t('staff.clock-what') : t('staff.clock-is-it', { moment: shown.value })}</h2>
      <p>{t('staff.clock-why')}</p>
      {editing.value && (
        <div class="ask-clock-fields">
          <DayField label={t('staff.clock-date')} value={date} required />
          <TimeField label={t('staff.clock-time')} value={time} problem={problemOf('time')} required />
        </div>
      )}
      {!editing.value && problemOf('time') && <p class="wrong">{problemOf('time')}</p>}
      {problemOf(null) && <p class="wrong">{problemOf(null)}</p>}
      <div class="ask-clock-answers">
        <button type="submit" class="button button-main" disabled={busy}>
          {editing.value ? t('staff.clock-set') : t('staff.clock-yes')}
        </button>
        {!editing.value && (
          <button type="button" class="button" onClick={edit}>
            {t('staff.clock-other')}
          </button>
        )}
      </div>
    </form>
  )
}
