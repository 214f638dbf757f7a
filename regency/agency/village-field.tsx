import { t } from '../../appliance/pages/ui/messages.ts'
import { SelectField } from '../../appliance/pages/ui/staff/select-field.tsx'
import type { Me } from './open-case.ts'

/** Where the family lives: district by district. */
export function VillageField({ villages, value }: { villages: Me['villages']; value: { value: string } }) {
  const districts = [...new Set(villages.map(({ district }) => district))].sort()
  return (
    <SelectField label={t('agency.village')} value={value} required>
      <option value="" />
      {districts.map((district) => (
        <optgroup key={district} label={district}>
          {villages
            .filter((one) => one.district === district)
            .map(({ village, name }) => (
              <option key={village} value={village}>
                {name}
              </option>
            ))}
        </optgroup>
      ))}
    </SelectField>
  )
}
