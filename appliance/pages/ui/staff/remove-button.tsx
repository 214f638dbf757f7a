import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../messages.ts'

/** So long it can be taken back. */
const undoSeconds = 10

type Props = {
  word: string
  /** What is taken away, for who does not see its row. */
  label: string
  busy: boolean
  small?: boolean
  onRemove: () => void
}

/** Takes something away after ten seconds, in which it can be taken back; whoever closes the page meanwhile has kept it. */
export function RemoveButton({ word, label, busy, small = false, onRemove }: Props) {
  const left = useSignal<number | null>(null)
  const remove = useRef(onRemove)
  remove.current = onRemove
  const isLeaving = left.value !== null

  useEffect(() => {
    if (!isLeaving) return
    const timer = setInterval(() => {
      left.value = (left.value ?? 1) - 1
      if (left.value > 0) return
      left.value = null
      remove.current()
    }, 1_000)
    return () => clearInterval(timer)
  }, [isLeaving, left])

  const size = small ? 'small ' : ''
  return isLeaving ? (
    <button
      type="button"
      class={`button ${size}`}
      aria-label={`${t('staff.remove-undo', { n: left.value ?? 0 })} ${label}`}
      onClick={() => {
        left.value = null
      }}
    >
      {t('staff.remove-undo', { n: left.value ?? 0 })}
    </button>
  ) : (
    <button
      type="button"
      class={`button ${size}button-chili`}
      disabled={busy}
      aria-label={label}
      onClick={() => {
        left.value = undoSeconds
      }}
    >
      {word}
    </button>
  )
}
