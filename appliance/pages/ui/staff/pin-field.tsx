import type { Signal } from '@preact/signals'
import { t } from '../messages.ts'
import { CoveredField } from './covered-field.tsx'

type Props = {
  pin: Signal<string>
  label: string
  hint?: string
  problem: string | undefined
  /** Covered while it is typed, until somebody wants to see it; one that is told to another person is shown. */
  covered?: boolean
  autocomplete?: 'off' | 'new-password' | 'current-password'
}

/** Six digits by keyboard. Whatever stands between them (`27 09 45`) is left out, and nothing is cut off unseen. */
export function PinField({ pin, autocomplete = 'off', ...field }: Props) {
  return (
    <CoveredField
      {...{ ...field, autocomplete }}
      value={pin}
      clean={(typed) => typed.replaceAll(/\D/g, '')}
      required
      inputMode="numeric"
      pattern="\d{6}"
      say={{ pattern: t('staff.pin-six') }}
      class="six"
    />
  )
}
