import { useId } from 'preact/hooks'
import { t } from '../../appliance/pages/ui/messages.ts'

type Props = {
  label: string
  /** Of so many hours; '': without an end. */
  value: { value: string }
  hours: readonly number[]
  /** The word for no end, where there may be none. */
  endless?: string
}

/** How long something goes on. */
export function SpanField({ label, value, hours, endless }: Props) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value.value}
        onChange={(event) => {
          value.value = event.currentTarget.value
        }}
      >
        {endless && <option value="">{endless}</option>}
        {hours.map((one) => (
          <option key={one} value={one}>
            {one < 24 ? t('hub.hours-n', { n: one }) : t('hub.days-n', { n: one / 24 })}
          </option>
        ))}
      </select>
    </div>
  )
}
