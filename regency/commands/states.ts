/** What became of a command in a village. `unheard`: it has expired, and the box has said nothing. */
export const states = ['waiting', 'done', 'refused', 'expired', 'failed', 'unheard'] as const
export type State = (typeof states)[number]
