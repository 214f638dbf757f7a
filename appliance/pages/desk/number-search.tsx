import { useSignal } from '@preact/signals'
import { t } from '../ui/messages.ts'
import { findNumber } from './find-number.ts'
import { useShortcuts } from './shortcuts.ts'

type Found = { ticket: string; number: string; service: string }
type Props<T extends Found> = {
  title: string
  /** What is said when no ticket has the number that was typed. */
  none: (number: string) => string
  tickets: readonly T[]
  busy?: boolean
  choose: (ticket: T) => void
  close: () => void
}

const shown = 6

/** One ticket by its number, typed as the citizen says it: Enter takes the only one, Esc leaves. */
export function NumberSearch<T extends Found>({ title, none, tickets, busy = false, choose, close }: Props<T>) {
  const typed = useSignal('')
  const wanted = typed.value.trim().toUpperCase()
  const { found, only } = findNumber(wanted, tickets)
  useShortcuts({ Escape: close })
  return (
    <form
      class="take"
      onSubmit={(event) => {
        event.preventDefault()
        if (only && !busy) choose(only)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
      }}
    >
      <header>
        <h2>
          <label for="wanted-number">{title}</label>
        </h2>
        <button type="button" onClick={close}>
          {t('ui.close')} <kbd>Esc</kbd>
        </button>
      </header>
      <input
        id="wanted-number"
        class="num"
        autocomplete="off"
        maxLength={8}
        placeholder="A012"
        ref={(input) => input?.focus()}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value
        }}
      />
      <div class="take-what">
        {found.slice(0, shown).map((one) => (
          <button key={one.ticket} type="button" disabled={busy} onClick={() => choose(one)}>
            <b class="num">{one.number}</b>
            {one.service}
          </button>
        ))}
      </div>
      {wanted !== '' && found.length === 0 && <p role="alert">{none(wanted)}</p>}
    </form>
  )
}
