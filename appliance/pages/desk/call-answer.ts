import type { DeskView } from '../../screens/desk-view.ts'
import { formatTime } from '../ui/format.ts'
import { t } from '../ui/messages.ts'

type Answered = Pick<DeskView['waiting'][number], 'answer' | 'answeredAt' | 'keptUntil'>

/** What the citizen said by phone to the last call; empty where nothing was said. */
export function describeAnswer({ answer, answeredAt, keptUntil }: Answered): string {
  if (answer === null || answeredAt === null) return ''
  if (keptUntil !== null) return t('desk.answer-kept', { time: formatTime(keptUntil) })
  const time = formatTime(answeredAt)
  return answer === 'coming' ? t('desk.answer-coming', { time }) : t('desk.answer-needs-time', { time })
}
