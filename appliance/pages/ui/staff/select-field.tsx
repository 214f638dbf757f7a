import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import './form.css'

type Props<T extends string> = {
  label: string
  value: { value: T }
  hint?: string | undefined
  /** Why the box refused it. */
  problem?: string | undefined
  required?: boolean
  /** The options; their values are the T. */
  children: ComponentChildren
}

/** One of several that are all known; like Field otherwise. */
export function SelectField<T extends string>({ label, value, hint, problem, required, children }: Props<T>) {
  const id = useId()
  const said = problem ?? hint
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value.value}
        required={required}
        aria-invalid={problem ? true : undefined}
        aria-describedby={said ? `${id}-say` : undefined}
        onChange={({ currentTarget }) => {
          value.value = currentTarget.value as T // each option is one of them
        }}
      >
        {children}
      </select>
      {said && (
        <small id={`${id}-say`} class={problem ? 'wrong' : 'quiet'} role={problem ? 'alert' : undefined}>
          {said}
        </small>
      )}
    </div>
  )
}
