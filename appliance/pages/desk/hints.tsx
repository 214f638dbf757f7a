import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { DeskView } from '../../screens/desk-view.ts'
import { now } from '../ui/clock.ts'
import { formatTime } from '../ui/format.ts'
import { t } from '../ui/messages.ts'

/**
 * Called often enough and waited for: the page offers to mark it as missed. It is never done by itself, and not before
 * the time is over that the citizen asked for.
 */
export function MissHint({ view: { current, settings } }: { view: DeskView }) {
  if (current?.state !== 'called') return null
  if (current.keptUntil !== null && now.value < current.keptUntil)
    return (
      <p class="hint" role="status">
        {t('desk.call-kept', { number: current.number, time: formatTime(current.keptUntil) })} <kbd>S</kbd>
      </p>
    )
  if (current.calls <= settings.recalls) return null
  const since = Math.max(current.lastCallAt ?? now.value, current.answeredAt ?? 0)
  if (now.value - since < settings.missAfterSeconds * 1_000) return null
  return (
    <p class="hint" role="status">
      {t('desk.offer-miss', { number: current.number })} <kbd>X</kbd>
    </p>
  )
}

/** After a completed ticket the next is called by itself, where the office wishes it; Esc stops it. */
export function AutoCall({ view, resting, call }: { view: DeskView; resting: boolean; call: () => void }) {
  const { current, next, settings, paused, counter } = view
  const wished = settings.autoCallSeconds > 0 && counter?.autoCall
  const served = useSignal(false)
  const callAt = useSignal<number | null>(null)
  useEffect(() => {
    if (current) {
      served.value = current.state === 'serving'
      callAt.value = null
    } else if (served.value) {
      served.value = false
      callAt.value = wished ? now.value + settings.autoCallSeconds * 1_000 : null
    }
  }, [current?.ticket, current?.state])
  useEffect(() => {
    const stop = (event: KeyboardEvent) => {
      if (event.key === 'Escape') callAt.value = null
    }
    addEventListener('keydown', stop)
    return () => removeEventListener('keydown', stop)
  }, [])

  const waits = callAt.value !== null && next !== null && !paused && !resting
  const left = waits ? Math.ceil(((callAt.value ?? 0) - now.value) / 1_000) : 0
  useEffect(() => {
    if (!waits || left > 0) return
    callAt.value = null
    call()
  }, [waits, left])
  if (!waits) return null
  return (
    <p class="hint" role="status">
      {t('desk.auto-call', { n: Math.max(0, left) })} <kbd>Esc</kbd>
    </p>
  )
}
