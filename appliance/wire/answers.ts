/** What the regency answers to a proposal. `papers`: some are missing, and the office proposes anew with them. */
export const answers = ['accepted', 'refused', 'papers'] as const
export type RegencyAnswer = (typeof answers)[number]
