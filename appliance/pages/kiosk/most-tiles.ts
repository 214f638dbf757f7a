import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Fit } from './fit.tsx'

// Screens that are small, and those between landscape and portrait, have room for fewer; the first that fits counts.
const rooms = [
  ['(max-width: 700px)', 12],
  ['(max-height: 660px)', 8],
  ['(max-aspect-ratio: 2 / 3)', 12],
  ['(max-aspect-ratio: 1 / 1)', 6],
  ['(max-aspect-ratio: 149 / 100)', 9],
] as const
const mostOfAll = 12
const mostLarge = 6

/** As many tiles as stay large enough; the last one of a full page leads to the others. Nothing scrolls on a kiosk. */
export function useMostTiles(fit: Signal<Fit>): number {
  const most = useSignal(look())
  useEffect(() => {
    const again = () => {
      most.value = look()
    }
    addEventListener('resize', again)
    return () => removeEventListener('resize', again)
  }, [])
  return fit.value.has('large') ? Math.min(mostLarge, most.value) : most.value
}

const look = (): number => rooms.find(([query]) => matchMedia(query).matches)?.[1] ?? mostOfAll
