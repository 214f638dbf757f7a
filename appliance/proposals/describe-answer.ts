import type { Say } from '../base/messages/catalogues.ts'
import { longDay } from '../base/pdf/letterhead.ts'
import type { CommandData } from '../wire/commands.ts'
import type { Kind } from './kinds.ts'

type Answered = Pick<CommandData<'answer'>, 'answer' | 'text'> & { kind: Kind; on: string }

/** What the regency answers, as the desks read it: without a name, which the desk's page shows to everybody behind it. */
export const describeAnswer = ({ kind, on, answer, text }: Answered, say: Say): string =>
  [say(`proposals.answered-${answer}`, { kind: say(`proposals.kind-${kind}`), day: longDay(on, say) }), text]
    .filter(Boolean)
    .join(' ')
