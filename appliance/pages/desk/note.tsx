import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { useShortcuts } from './shortcuts.ts'

const longest = 140

/** What the next colleague should know about this ticket. Enter keeps it; it leaves with the ticket. */
export function Note({ ticket, number, note }: { ticket: string; number: string; note: string | null }) {
  // Null while nothing of one's own is typed: then it follows what a colleague writes.
  const typed = useSignal<string | null>(null)
  const kept = useSignal(false)
  const input = useRef<HTMLInputElement>(null)
  const { submit, problemOf } = useSubmit()
  useShortcuts({ c: () => input.current?.focus() })
  useEffect(() => {
    if (typed.value === note) typed.value = null
  }, [note])

  async function keep() {
    if (typed.value === null) return
    const body = { ticket, note: typed.value.trim() }
    kept.value = await submit((send) => send('POST', '/api/desk/note', body))
    if (kept.value) typed.value = body.note || null
  }

  return (
    <label class="note">
      <span>
        {t('desk.note')} <kbd>C</kbd>
      </span>
      <input
        ref={input}
        maxLength={longest}
        placeholder={t('desk.note-what')}
        value={typed.value ?? note ?? ''}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value
          kept.value = false
        }}
        onBlur={keep}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter' || key === 'Escape') currentTarget.blur()
        }}
      />
      <small class={problemOf(null) ? 'wrong' : 'quiet'} role="status">
        {problemOf(null) ?? (kept.value && t('desk.note-kept', { number }))}
      </small>
    </label>
  )
}
