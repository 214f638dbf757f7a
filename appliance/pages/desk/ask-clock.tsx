import { signal, useComputed, useSignal } from '@preact/signals'
import type { DeskView } from '../../queue/views/desk.ts'
import { now, zone } from '../ui/clock.ts'
import { formatDay, formatTime, fromWall, toWall } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

/** A person's date that is another one than this PC's may be mistyped: whoever sees it is asked once more. */
const otherDateMs = 12 * 60 * 60_000
const answered = signal(false)

export const asksClock = ({ askClock, office }: DeskView): boolean =>
  askClock || (office.clock === 'confirmed' && !answered.value && Math.abs(Date.now() - office.now) > otherDateMs)

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
      <h2>{editing.value ? t('desk.clock-what') : t('desk.clock-is-it', { moment: shown.value })}</h2>
      <p>{t('desk.clock-why')}</p>
      {editing.value && (
        <div class="ask-clock-fields">
          <Field label={t('desk.clock-date')} type="date" value={date} required />
          <Field label={t('desk.clock-time')} type="time" value={time} problem={problemOf('time')} required />
        </div>
      )}
      {!editing.value && problemOf('time') && <p class="wrong">{problemOf('time')}</p>}
      {problemOf(null) && <p class="wrong">{problemOf(null)}</p>}
      <div class="ask-clock-answers">
        <button type="submit" class="button button-main" disabled={busy}>
          {editing.value ? t('desk.clock-set') : t('desk.clock-yes')}
        </button>
        {!editing.value && (
          <button type="button" class="button" onClick={edit}>
            {t('desk.clock-other')}
          </button>
        )}
      </div>
    </form>
  )
}
