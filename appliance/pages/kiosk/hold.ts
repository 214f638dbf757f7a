import { useRef } from 'preact/hooks'

const holdMs = 700

/** Touch and hold: `held` runs once, and the click that follows is swallowed. Null: holding means nothing here. */
export function useHold(held: (() => void) | null) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const wasHeld = useRef(false)
  if (!held) return {}
  const end = () => clearTimeout(timer.current)
  return {
    onPointerDown: () => {
      wasHeld.current = false
      timer.current = setTimeout(() => {
        wasHeld.current = true
        held()
      }, holdMs)
    },
    onPointerUp: end,
    onPointerLeave: end,
    onPointerCancel: end,
    onContextMenu: (event: Event) => event.preventDefault(),
    onClickCapture: (event: Event) => {
      if (wasHeld.current) event.stopPropagation()
      wasHeld.current = false
    },
  }
}
