import { t } from '../../appliance/pages/ui/messages.ts'
import { SelectField } from '../../appliance/pages/ui/staff/select-field.tsx'

type Props = {
  label: string
  /** Of so many hours; '': without an end. */
  value: { value: string }
  hours: readonly number[]
  /** The word for no end, where there may be none. */
  endless?: string
  hint?: string
}

/** How long something goes on. */
export function SpanField({ label, value, hours, endless, hint }: Props) {
  return (
    <SelectField label={label} value={value} hint={hint}>
      {endless && <option value="">{endless}</option>}
      {hours.map((one) => (
        <option key={one} value={one}>
          {one < 24 ? t('hub.hours-n', { n: one }) : t('hub.days-n', { n: one / 24 })}
        </option>
      ))}
    </SelectField>
  )
}
