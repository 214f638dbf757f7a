import type { Signal } from '@preact/signals'
import type { PriorityGroup } from '../../screens/desk-view.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { Pictogram } from './pictograms.tsx'

const groups = [
  ['elderly', 'kiosk.group-elderly'],
  ['pregnant-nursing', 'kiosk.group-pregnant-nursing'],
  ['disabled', 'kiosk.group-disabled'],
  ['child', 'kiosk.group-child'],
  ['disaster-victim', 'kiosk.group-disaster-victim'],
] as const satisfies readonly (readonly [PriorityGroup, MessageKey])[]

/** Touched first, the next ticket is called earlier. The ticket itself never says why. */
export function Priority({ group, disabled }: { group: Signal<PriorityGroup | null>; disabled: boolean }) {
  return (
    <fieldset class="priority">
      <legend aria-live="polite">{group.value ? t('kiosk.priority-now') : t('kiosk.priority')}</legend>
      {groups.map(([name, words]) => (
        <button
          key={name}
          type="button"
          disabled={disabled}
          aria-pressed={group.value === name}
          onClick={() => {
            group.value = group.value === name ? null : name
          }}
        >
          <Pictogram of={name} />
          {t(words)}
        </button>
      ))}
    </fieldset>
  )
}
