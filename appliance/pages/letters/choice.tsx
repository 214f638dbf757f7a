import { useId } from 'preact/hooks'

type Props<Value extends string> = {
  label: string
  value: Value
  options: readonly { value: Value; word: string }[]
  choose: (value: Value) => void
  required?: boolean
}

/** One of a few, by its word. */
export function Choice<Value extends string>({ label, value, options, choose, required = false }: Props<Value>) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        required={required}
        onChange={({ currentTarget }) => {
          const found = options.find((one) => one.value === currentTarget.value)
          if (found) choose(found.value)
        }}
      >
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.word}
          </option>
        ))}
      </select>
    </div>
  )
}
