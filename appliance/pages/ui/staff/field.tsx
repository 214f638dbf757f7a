import type { InputHTMLAttributes } from 'preact'
import { useId } from 'preact/hooks'
import './form.css'

type Props = Omit<InputHTMLAttributes, 'value'> & {
  label: string
  value: { value: string }
  hint?: string
  problem?: string | undefined
}

/** A labelled input with its hint and, when the box refused it, the reason right beside it. */
export function Field({ label, value, hint, problem, ...input }: Props) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
        id={id}
        value={value.value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={`${id}-say`}
        onInput={(event) => {
          value.value = event.currentTarget.value
        }}
      />
      <small id={`${id}-say`} class={problem ? 'wrong' : 'quiet'} role={problem ? 'alert' : undefined}>
        {problem ?? hint}
      </small>
    </div>
  )
}
