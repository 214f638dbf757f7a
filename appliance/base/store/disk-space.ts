import { AppError } from '../errors.ts'

/** What a disk still has room for, from everything to the least (rule 14 of the wire contract). */
export type DiskSpace = 'ample' | 'low' | 'scarce' | 'full'

/** About a year of a busy village's journal: the box warns. */
const warnBytes = 500_000_000
/** Months: what can be done without stops, which leaves the journal the longest. */
const scarceBytes = 200_000_000
/** A write-ahead log and some days of a line that is called to its end: no new numbers. */
const fullBytes = 16_000_000

export function diskSpaceOf(freeBytes: number): DiskSpace {
  if (freeBytes < fullBytes) return 'full'
  if (freeBytes < scarceBytes) return 'scarce'
  return freeBytes < warnBytes ? 'low' : 'ample'
}

/** Whether what the office can do without still goes on: recordings, more than one backup. */
export const hasRoomToSpare = (space: DiskSpace): boolean => space === 'ample' || space === 'low'

/** For what a citizen would be told: a number is refused while the line that stands there can still be called. */
export function assertRoomForMore(space: DiskSpace): void {
  if (space === 'full') throw new AppError('unavailable', 'store.full', 'The disk is nearly full: no new numbers.')
}

/** For what can be done without. */
export function assertRoomToSpare(space: DiskSpace): void {
  if (!hasRoomToSpare(space))
    throw new AppError('unavailable', 'store.scarce', 'The disk is filling up: what is left is for the journal.')
}
