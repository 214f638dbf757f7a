/** From `fromHour` (0 to 23, local) on it is this loud, 0 to 100 percent. Any order; one entry for an hour. */
export type VolumeSchedule = readonly { fromHour: number; percent: number }[]

/** How loud calls are when nobody has set it. */
export const usualPercent = 80

/** The volume at an hour of the day, 0 to 100. Before the day's first entry the last one of the evening holds. */
export function volumeAt(schedule: VolumeSchedule, hour: number): number {
  const byHour = [...schedule].sort((a, b) => a.fromHour - b.fromHour)
  const begun = byHour.filter(({ fromHour }) => fromHour <= hour)
  const { percent } = begun.at(-1) ?? byHour.at(-1) ?? { percent: usualPercent }
  return Math.min(100, Math.max(0, percent))
}
