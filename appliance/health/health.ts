import type { Clock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import type { Alarms } from './alarms.ts'
import { type Readings, readMachine } from './readings.ts'

export type Health = Awaited<ReturnType<typeof startHealth>>

const everyMs = 60_000
/** Below this the box warns: about a year of a busy village's journal. */
const diskWarnBytes = 500_000_000

const nothingRead: Readings = {
  model: null,
  temperatureC: null,
  memoryUsedMb: null,
  memoryTotalMb: null,
  diskFreeBytes: null,
  diskTotalBytes: null,
  ntp: null,
}

/** Reads the machine once a minute and raises what is wrong with it. The first reading goes on beside the start. */
export function startHealth(
  folder: string,
  store: Store,
  clock: Clock,
  alarms: Alarms,
  onRead: () => void,
  onFailure: (error: unknown) => void,
) {
  let readings = nothingRead
  let isFirst = true
  let stopped = false

  async function look(): Promise<void> {
    try {
      readings = await readMachine(folder, isFirst ? null : readings)
      isFirst = false
      if (stopped) return
      clock.setNtp(readings.ntp)
      const { diskFreeBytes } = readings
      alarms.set('disk.low', diskFreeBytes !== null && diskFreeBytes < diskWarnBytes, 'action', {
        free: Math.round((diskFreeBytes ?? 0) / 1_000_000),
      })
      watchClock()
      onRead()
    } catch (error) {
      onFailure(error)
    }
  }

  const watchClock = () => alarms.set('clock.doubtful', clock.trust() === 'doubtful', 'warning')
  const timer = setInterval(look, everyMs)
  timer.unref()
  watchClock()
  const first = look()

  return {
    readings: () => readings,
    sizes: store.sizes,
    watchClock,
    async stop(): Promise<void> {
      stopped = true
      clearInterval(timer)
      await first
    },
  }
}
