import { AppError } from '../base/errors.ts'
import type { FlowsView } from './views.ts'

type Reading = FlowsView['readings'][number]

/** What was measured longer ago says nothing of now. */
const keptMs = 10 * 60_000
const most = 20

export type Readings = ReturnType<typeof createReadings>

/** What flows have measured: people in the room, degrees in the shed. In memory: it is of this moment. */
export function createReadings(monotonicMs: () => number, onChange: () => void) {
  const known = new Map<string, Reading & { atMs: number }>()
  const isFresh = ({ atMs }: { atMs: number }) => monotonicMs() - atMs < keptMs
  return {
    /** Throws `flow.too-many-readings` beyond twenty names. */
    take(name: string, { value, unit = null }: { value: number; unit?: string | null }): void {
      for (const [old, reading] of known) if (!isFresh(reading)) known.delete(old)
      if (!known.has(name) && known.size >= most)
        throw new AppError('conflict', 'flow.too-many-readings', `Flows have given ${most} readings already.`)
      const before = known.get(name)
      known.set(name, { name, value, unit, atMs: monotonicMs() })
      if (before?.value !== value) onChange()
    },
    list: (): Reading[] => [...known.values()].filter(isFresh).map(({ name, value, unit }) => ({ name, value, unit })),
  }
}
