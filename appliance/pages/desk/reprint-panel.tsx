import { useSignal } from '@preact/signals'
import type { DeskView } from '../../queue/views.ts'
import { explain } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { useShortcuts } from './shortcuts.ts'

type Props = { view: DeskView; say: (text: string, kind: 'done' | 'error') => void; close: () => void }
type Printed = { printed: 'printed' | 'waiting' | 'failed' }

/** A paper once more, for whoever lost it: the number as the citizen says it. */
export function ReprintPanel({ view, say, close }: Props) {
  const typed = useSignal('')
  const { submit, busy } = useSubmit()
  const wanted = typed.value.trim().toUpperCase()
  const open = [...(view.current ? [view.current] : []), ...view.waiting, ...view.aside]
  const found = open.filter(({ number }) => wanted !== '' && number.includes(wanted))
  const [only] = found.filter(({ number }) => number === wanted || found.length === 1)

  async function print({ ticket, number }: { ticket: string; number: string }) {
    close()
    await submit(async (send) => {
      try {
        const { printed } = await send<Printed>('POST', `/api/tickets/${ticket}/print`)
        say(t(`desk.reprint-${printed}`, { number }), printed === 'failed' ? 'error' : 'done')
      } catch (error) {
        say(explain(error), 'error')
      }
    })
  }

  useShortcuts({ Escape: close })
  return (
    <form
      class="take"
      onSubmit={(event) => {
        event.preventDefault()
        if (only && !busy) print(only)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
      }}
    >
      <header>
        <h2>
          <label for="print-number">{t('desk.reprint-which')}</label>
        </h2>
        <button type="button" onClick={close}>
          {t('ui.close')} <kbd>Esc</kbd>
        </button>
      </header>
      <input
        id="print-number"
        class="num"
        autocomplete="off"
        maxLength={4}
        placeholder="A012"
        ref={(input) => input?.focus()}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value
        }}
      />
      <div class="take-what">
        {found.slice(0, 6).map((one) => (
          <button key={one.ticket} type="button" disabled={busy} onClick={() => print(one)}>
            <b class="num">{one.number}</b>
            {one.service}
          </button>
        ))}
      </div>
      {wanted !== '' && found.length === 0 && <p role="alert">{t('desk.reprint-none', { number: wanted })}</p>}
    </form>
  )
}
