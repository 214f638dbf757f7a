type Props = {
  label: string
  /** What is chosen when nothing is. */
  all: string
  value: string
  options: readonly (readonly [value: string, word: string])[]
  choose: (value: string) => void
}

/** One of many, or all of them. */
export const Choice = ({ label, all, value, options, choose }: Props) => (
  <select aria-label={label} value={value} onChange={(event) => choose(event.currentTarget.value)}>
    <option value="">{all}</option>
    {options.map(([one, word]) => (
      <option key={one} value={one}>
        {word}
      </option>
    ))}
  </select>
)
