/**
 * How it stands with a paper: the clerk has seen it, there is a photo of it in the case, it lacks, or it is to be brought
 * later.
 */
export const paperStates = ['seen', 'copied', 'missing', 'later'] as const
export type PaperState = (typeof paperStates)[number]

export const isHere = ({ state }: { state: PaperState }): boolean => state === 'seen' || state === 'copied'
export const lacks = <One extends { state: PaperState }>(papers: readonly One[]): One[] =>
  papers.filter((paper) => !isHere(paper))
