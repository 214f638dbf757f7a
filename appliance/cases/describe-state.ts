import type { Say } from '../base/messages/catalogues.ts'
import { longDay } from '../base/pdf/letterhead.ts'
import type { AnswerState } from '../wire/case-states.ts'
import type { NoticeKind } from '../wire/notices.ts'

/** What somebody at the desk has to act upon. */
const isNews = (state: AnswerState): state is 'papers' | 'done' | 'refused' =>
  state === 'papers' || state === 'done' || state === 'refused'

/** What an agency says, as the desks read it: without a name. Null: nobody has to do anything. */
export const describeState = (
  { state, text, title }: { state: AnswerState; text?: string; title: string },
  say: Say,
): string | null => (isNews(state) ? [say(`cases.answered-${state}`, { title }), text].filter(Boolean).join(' ') : null)

/** That a birth or a death was told, as the desks read it: without a name. */
export const describeNotice = ({ kind, from, on }: { kind: NoticeKind; from: string; on: string }, say: Say): string =>
  say(`cases.told-${kind}`, { from, day: longDay(on, say) })
