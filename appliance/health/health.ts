import type { Alarms } from '../base/alarms.ts'
import type { Clock } from '../base/clock.ts'
import { startLooks } from '../base/looks.ts'
import { diskSpaceOf, hasRoomToSpare } from '../base/store/disk-space.ts'
import type { Store } from '../base/store/store.ts'
import { findMachineAlarms, machineAlarms } from './machine-alarms.ts'
import { type Machine, nothingRead, readMachine } from './readings.ts'

export type MachineHealth = ReturnType<typeof startHealth>

const everyMs = 60_000

type Parts = {
  machine: Omit<Machine, 'db'>
  store: Store
  clock: Clock
  alarms: Alarms
  onRead: () => void
  /** The disk fills up: whatever the office can do without goes. At each reading while it is so. */
  onScarce: () => void
  onFailure: (error: unknown) => void
}

/** Reads the machine once a minute and raises what is wrong with it. The first reading goes on beside the start. */
export function startHealth({ machine, store, clock, alarms, onRead, onScarce, onFailure }: Parts) {
  let readings = nothingRead
  let isFirst = true
  let stopped = false

  async function look(): Promise<void> {
    readings = await readMachine({ ...machine, db: store.db }, clock, isFirst ? null : readings)
    isFirst = false
    if (stopped) return
    const found = new Map(findMachineAlarms(readings).map((trouble) => [trouble.code, trouble]))
    for (const code of machineAlarms) {
      const trouble = found.get(code)
      alarms.set(code, trouble !== undefined, trouble?.severity, trouble?.details)
    }
    if (readings.diskFreeBytes !== null) store.setDiskSpace(diskSpaceOf(readings.diskFreeBytes))
    if (!hasRoomToSpare(store.diskSpace())) onScarce()
    watchClock()
    onRead()
  }

  const watchClock = () => alarms.set('clock.doubtful', clock.trust() === 'doubtful', 'warning')
  const looks = startLooks({ machine: look }, { everyMs, onFailure: (_job, error) => onFailure(error) })
  watchClock()
  void looks.look()

  return {
    readings: () => readings,
    sizes: store.sizes,
    watchClock,
    /** Reads again now: somebody stands before the page and has changed something. */
    look: looks.look,
    async stop(): Promise<void> {
      stopped = true
      await looks.stop()
    },
  }
}
