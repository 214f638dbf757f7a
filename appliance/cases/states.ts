/**
 * Where a case may stand. `open`: papers are collected or it waits to be worked on; `letter`, `returned`, `issued`: its
 * letter waits for approval, was sent back, can be fetched; `relayed` to `refused`: it went to an agency, which has said so
 * much; `done`: the agency's result is there.
 */
export const caseStates = [
  ...(['open', 'letter', 'returned', 'issued', 'relayed', 'received', 'papers', 'working', 'done'] as const),
  ...(['refused', 'closed', 'withdrawn'] as const),
] as const
export type CaseState = (typeof caseStates)[number]

/** Where nothing more becomes of it. */
const ended: readonly CaseState[] = ['refused', 'closed', 'withdrawn']
export const isEnded = (state: CaseState): boolean => ended.includes(state)

/** What went to an agency and may hear of it. */
const atAgency: readonly CaseState[] = ['relayed', 'received', 'papers', 'working', 'done']
export const isAtAgency = (state: CaseState): boolean => atAgency.includes(state)

/** Where time runs: the office or the agency has everything that it needs. */
const running: readonly CaseState[] = ['open', 'letter', 'returned', 'relayed', 'received', 'working']
export const isRunning = (state: CaseState): boolean => running.includes(state)
export const isLate = ({ state, dueAt }: { state: CaseState; dueAt: number | null }, now: number): boolean =>
  dueAt !== null && dueAt < now && isRunning(state)
