/** What an agency says of a case that it was sent. */
export const answerStates = ['received', 'papers', 'working', 'done', 'refused'] as const
export type AnswerState = (typeof answerStates)[number]
