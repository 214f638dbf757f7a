import { hourMs } from '../../appliance/base/time.ts'
import type { Stage } from '../datasets/publishing.ts'

/** What a box has said of a release. Times are when the hub heard it, ms since 1970 UTC: a box may have no clock. */
export type BoxState = {
  village: string
  /** It began: what comes next is a start from the other slot. */
  begun: number | null
  ended: number | null
  /** How it ended, or why it was passed over; null: nothing of that yet. */
  outcome: string | null
  reason: string | null
}

/** So long after its box began and said nothing more, a village is silent: an update takes some minutes. */
export const silentMs = 2 * hourMs
/** A day in the office shows more than a start. */
export const proofMs = 20 * hourMs

const nextStage = { '1': '10', '10': 'all', all: null } as const satisfies Record<Stage, Stage | null>

export type Next = { trouble: { village: string; why: string } } | { stage: Stage } | null

/**
 * What becomes of a release whose stage began at `since`. It stops at the first box that came back on its old slot, took no
 * bundle, or fell silent after that: what was known before, a person has seen who let it go on. It goes to the next stage
 * when every box of this one has ended and the last of those that run it has done so for a day; a stage in which no box
 * could take it, and none failed, goes on from one to ten, and no further.
 */
export function judgeRollout({
  stage,
  since,
  boxes,
  now,
}: {
  stage: Stage
  since: number
  boxes: readonly BoxState[]
  now: number
}): Next {
  for (const { village, begun, ended, outcome, reason } of boxes) {
    if ((ended ?? begun ?? since) < since) continue
    if (outcome === 'fell-back' || outcome === 'failed')
      return { trouble: { village, why: reason ? `${outcome}: ${reason}` : outcome } }
    if (outcome === null && begun !== null && now - begun >= silentMs) return { trouble: { village, why: 'silent' } }
  }
  const next = nextStage[stage]
  if (next === null || boxes.length === 0 || boxes.some(({ outcome }) => outcome === null)) return null
  const run = boxes.filter(({ outcome }) => outcome === 'done' || outcome === 'already')
  const failed = boxes.some(({ outcome }) => outcome === 'fell-back' || outcome === 'failed')
  if (run.length === 0) return stage === '1' && !failed ? { stage: next } : null
  return run.every(({ ended }) => now - (ended ?? now) >= proofMs) ? { stage: next } : null
}
