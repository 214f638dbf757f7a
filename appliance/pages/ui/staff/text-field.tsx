import { useId } from 'preact/hooks'

type Props = {
  label: string
  hint: string
  value: { value: string }
  problem: string | undefined
  rows: number
  maxLength?: number
}

/** Several lines of text; like Field otherwise. */
export function TextField({ label, hint, value, problem, rows, maxLength }: Props) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        maxLength={maxLength}
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
