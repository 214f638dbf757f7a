import { Mail } from 'lucide-preact'
import type { DeskView } from '../../screens/desk-view.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import './messages.css'

/** What the regency wrote to this office, the oldest first, until somebody says that it was read. */
export function Messages({ messages, cut }: { messages: DeskView['messages']; cut: boolean }) {
  const { submit, busy, problemOf } = useSubmit()
  if (messages.length === 0) return null
  return (
    <section class="told" aria-label={t('desk.messages')}>
      <ul>
        {messages.map(({ command, from, text, at }) => (
          <li key={command}>
            <Mail class="icon" strokeWidth={1.8} aria-hidden="true" />
            <div>
              <p class="quiet">
                <b>{t('desk.message-from', { from })}</b> · {formatMoment(at)}
              </p>
              <p class="text">{text}</p>
            </div>
            <button
              type="button"
              class="button"
              disabled={cut || busy}
              onClick={() => submit((send) => send('POST', `/api/messages/${command}/read`))}
            >
              {t('desk.message-read')}
            </button>
          </li>
        ))}
      </ul>
      {problemOf(null) && <p class="wrong">{problemOf(null)}</p>}
    </section>
  )
}
