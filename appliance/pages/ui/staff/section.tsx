import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { t } from '../messages.ts'
import './list.css'
import { Problem } from './problem.tsx'

type Props = {
  title: string
  what: string
  add: string
  /** The form for a new one; `close` is called when it was saved or given up. */
  form: (close: () => void) => ComponentChildren
  children: ComponentChildren
  empty: string | null
}

/** A list of one kind of thing, with the form for a new one on top. */
export function Section({ title, what, add, form, children, empty }: Props) {
  const adding = useSignal(false)
  return (
    <>
      <header class="room">
        <div>
          <h1>{title}</h1>
          <p class="quiet">{what}</p>
        </div>
        <button
          type="button"
          class="button button-main"
          disabled={adding.value}
          onClick={() => {
            adding.value = true
          }}
        >
          {add}
        </button>
      </header>
      {adding.value && (
        <div class="group new">
          {form(() => {
            adding.value = false
          })}
        </div>
      )}
      {empty ? <p class="quiet">{empty}</p> : <ul class="group">{children}</ul>}
    </>
  )
}

type FormProps = {
  save: () => void
  /** The word on its button, where it is another than "save". */
  go?: string
  busy: boolean
  close: () => void
  problem: string | undefined
  children: ComponentChildren
}

/** The frame of every form here: fields, what was refused, save and cancel. */
export function Form({ save, go = t('ui.save'), busy, close, problem, children }: FormProps) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      {children}
      <Problem sentence={problem} />
      <div class="buttons">
        <button type="submit" class="button button-main" disabled={busy}>
          {go}
        </button>
        <button type="button" class="button button-quiet" onClick={close}>
          {t('ui.cancel')}
        </button>
      </div>
    </form>
  )
}
