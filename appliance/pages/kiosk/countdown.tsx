import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

/** The button that leaves, with the seconds after which the page leaves by itself. */
export function Countdown({ seconds, end, label }: { seconds: number; end: () => void; label: string }) {
  const left = useSignal(seconds)
  useEffect(() => {
    const endsAt = performance.now() + seconds * 1000
    const timer = setInterval(() => {
      left.value = Math.ceil((endsAt - performance.now()) / 1000)
      if (left.value <= 0) end()
    }, 250)
    return () => clearInterval(timer)
  }, [])
  // A circle of length 100, so that the dash is a percentage.
  return (
    <button type="button" class="countdown" onClick={end}>
      <svg viewBox="0 0 36 36" aria-hidden="true">
        <circle class="rest" cx="18" cy="18" r="15.9155" />
        <circle class="left" cx="18" cy="18" r="15.9155" stroke-dasharray={`${(100 * left.value) / seconds} 100`} />
        <text x="18" y="22.4" text-anchor="middle">
          {left.value}
        </text>
      </svg>
      {label}
    </button>
  )
}
