import { playDays as play } from '../appliance/cli/play-days.ts'
import type { furnish, TestBox } from './test-box.ts'

/** A past for tests: office days of a box whose clock the test owns. The last one stays open, with people waiting. */
export const playDays = (
  box: TestBox,
  office: Awaited<ReturnType<typeof furnish>>,
  days: { from: number; days: number; visitors: number },
): void => play(box, box.time, office, { ...days, open: true })
