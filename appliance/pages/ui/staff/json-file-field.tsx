type Props = { label: string; choose: (file: File | null) => void }

/** A JSON file from this machine, which the form cannot do without. */
export const JsonFileField = ({ label, choose }: Props) => (
  <label class="field">
    {label}
    <input
      type="file"
      accept=".json,application/json"
      required
      onChange={(event) => choose(event.currentTarget.files?.[0] ?? null)}
    />
  </label>
)
