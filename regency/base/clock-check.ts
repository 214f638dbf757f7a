import { minuteMs } from '../../appliance/base/time.ts'

/** Machines that keep their clocks by NTP differ by less. */
export const furthestMs = 30_000
/** A box that said nothing for so long says nothing of the hub's clock. */
const heardForMs = 15 * minuteMs
/** So many boxes that keep time by NTP outvote a server, and not fewer. */
const enoughBoxes = 3

export type ClockCheck = ReturnType<typeof createClockCheck>

/**
 * Whether the hub's own clock can be believed: boxes without NTP take their time from it, and would follow it into another
 * month. It is held against PostgreSQL's and against the boxes that keep time by NTP (`ntp` in their health). These decide
 * once there are three; before that, two servers that differ are two that nobody follows.
 */
export function createClockCheck(monotonicMs: () => number) {
  let databaseMs: number | null = null
  const boxes = new Map<string, { offsetMs: number; heardAt: number }>()

  /** The median box's clock minus the hub's, ms, and how many there are; null: too few. */
  function ofBoxes(): { offsetMs: number; count: number } | null {
    for (const [village, { heardAt }] of boxes) if (monotonicMs() - heardAt > heardForMs) boxes.delete(village)
    if (boxes.size < enoughBoxes) return null
    const offsets = [...boxes.values()].map(({ offsetMs }) => offsetMs).sort((a, b) => a - b)
    return { offsetMs: offsets[offsets.length >> 1] ?? 0, count: offsets.length }
  }
  const differs = (offsetMs: number | null | undefined) => Math.abs(offsetMs ?? 0) >= furthestMs

  return {
    /** PostgreSQL's clock minus the hub's, ms. */
    noteDatabase(offsetMs: number): void {
      databaseMs = offsetMs
    },
    /** A box that keeps time by NTP said a time a moment ago: its clock minus the hub's, ms. */
    noteBox(village: string, offsetMs: number): void {
      boxes.set(village, { offsetMs, heardAt: monotonicMs() })
    },
    /** Null: not measured yet. */
    databaseMs: () => databaseMs,
    ofBoxes,
    /** How far PostgreSQL is from the hub, ms, where that is too far. */
    databaseDiffers: () => (differs(databaseMs) ? databaseMs : null),
    /** As `ofBoxes`, where that is too far. */
    boxesDiffer: () => {
      const heard = ofBoxes()
      return differs(heard?.offsetMs) ? heard : null
    },
    /** Nobody should set a clock by the hub's. */
    isDoubted(): boolean {
      const heard = ofBoxes()
      return differs(heard ? heard.offsetMs : databaseMs)
    },
  }
}
