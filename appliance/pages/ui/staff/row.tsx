import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useSubmit } from './submit.ts'
import './list.css'

type Action = { label: string; path: string; hidden?: boolean }
type Props = {
  badge?: string
  title: string
  what: ComponentChildren
  /** Below it, over the whole width. */
  more?: ComponentChildren
  /** The word for what is closed; null while it is open. */
  closed: string | null
  /** Forms by the word on their button; one is open at a time. */
  forms: { label: string; form: (close: () => void) => ComponentChildren }[]
  actions: Action[]
}

/** One thing of a list: what it is, its forms in place, and what is done with one press. */
export function Row({ badge, title, what, more, closed, forms, actions }: Props) {
  // By its word: the list of forms may change while one is open.
  const open = useSignal<string | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  const form = forms.find(({ label }) => label === open.value)
  const close = () => {
    open.value = null
  }
  return (
    <li class={`row ${closed ? 'closed' : ''}`}>
      {badge && (
        <i class="badge" aria-hidden="true">
          {badge}
        </i>
      )}
      <div class="about">
        <b>{title}</b> {closed && <span class="tag">{closed}</span>}
        <p class="quiet">{what}</p>
      </div>
      <div class="buttons">
        {forms.map(({ label }) => (
          <button
            key={label}
            type="button"
            class="button"
            aria-expanded={open.value === label}
            aria-label={`${label}: ${title}`}
            onClick={() => {
              open.value = open.value === label ? null : label
            }}
          >
            {label}
          </button>
        ))}
        {actions
          .filter((action) => !action.hidden)
          .map(({ label, path }) => (
            <button
              key={path}
              type="button"
              class="button"
              disabled={busy}
              aria-label={`${label}: ${title}`}
              onClick={() => submit((send) => send('POST', path))}
            >
              {label}
            </button>
          ))}
      </div>
      {more && <div class="wide">{more}</div>}
      {problemOf(null) && (
        <p class="wrong wide" role="alert">
          {problemOf(null)}
        </p>
      )}
      {form && (
        <div class="wide" key={open.value}>
          {form.form(close)}
        </div>
      )}
    </li>
  )
}
