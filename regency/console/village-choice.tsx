import type { Signal } from '@preact/signals'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Choice } from './choice.tsx'
import type { VillageRow } from './view.ts'

/** One village by its name, or all of them (''). */
export const VillageChoice = ({ villages, value }: { villages: readonly VillageRow[]; value: Signal<string> }) => (
  <Choice
    label={t('hub.village')}
    all={t('hub.all-villages')}
    value={value.value}
    options={villages
      .map((row) => [row.village, row.name] as const)
      .sort(([, one], [, other]) => one.localeCompare(other, 'id'))}
    choose={(one) => {
      value.value = one
    }}
  />
)
