import { Check as CheckMark, Minus, TriangleAlert } from 'lucide-preact'
import { sayFacts, sayName } from '../../health/describe-checks.ts'
import type { Check, TechnicianView } from '../../health/views.ts'
import { t } from '../ui/messages.ts'
import { TestCall, TestLine, TestPrint } from './tests.tsx'
import { words } from './words.ts'

const icons = { good: CheckMark, attention: TriangleAlert, missing: Minus } as const

/** Every check with its reading, and what can be tried. */
export function CheckList({ checks, devices }: Pick<TechnicianView, 'checks' | 'devices'>) {
  const states = { good: t('technician.good'), attention: t('technician.attention'), missing: t('technician.missing') }
  return (
    <ul class="group">
      {checks.map((check) => {
        const Icon = icons[check.state]
        return (
          <li key={check.code} class="reading">
            <Icon class={`icon ${check.state}`} strokeWidth={2.2} role="img" aria-label={states[check.state]} />
            <b>{sayName(check, words())}</b>
            <span>{sayFacts(check, words())}</span>
            <TestOf check={check} devices={devices} />
          </li>
        )
      })}
    </ul>
  )
}

function TestOf({ check: { code, facts }, devices }: { check: Check; devices: TechnicianView['devices'] }) {
  const says = (key: string) => facts.some((fact) => fact.key === key)
  if (code === 'broker' && !says('check.broker-off')) return <TestLine />
  if (code === 'printer' && !says('check.printer-none')) return <TestPrint />
  if (code === 'sound' && !says('check.sound-off')) return <TestCall screens={devices} />
  return null
}
