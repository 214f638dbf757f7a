type Props = { label: string; choose: (file: File | null) => void }

/** A JSON file from this machine, which the form cannot do without; Windows may have called it `….json.txt`. */
export const JsonFileField = ({ label, choose }: Props) => (
  <label class="field">
    {label}
    <input
      type="file"
      accept=".json,.txt,application/json,text/plain"
      required
      onChange={(event) => choose(event.currentTarget.files?.[0] ?? null)}
    />
  </label>
)
