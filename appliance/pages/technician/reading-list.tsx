import { Check, Minus, TriangleAlert } from 'lucide-preact'
import type { TechnicianView } from '../../queue/views.ts'
import { t } from '../ui/messages.ts'
import { type Reading, readAll } from './readings.ts'

const icons = { good: Check, bad: TriangleAlert, unknown: Minus } as const satisfies Record<
  Reading['state'],
  typeof Check
>

export function ReadingList({ view }: { view: TechnicianView }) {
  const words = { good: t('technician.good'), bad: t('technician.bad'), unknown: t('technician.unknown') }
  return (
    <ul class="group">
      {readAll(view).map(({ name, value, state }) => {
        const Icon = icons[state]
        return (
          <li key={name} class="reading">
            <Icon class={`icon ${state}`} strokeWidth={2.2} role="img" aria-label={words[state]} />
            <b>{name}</b>
            <span>{value}</span>
          </li>
        )
      })}
    </ul>
  )
}
