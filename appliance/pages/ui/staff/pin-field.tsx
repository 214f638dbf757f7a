import { type Signal, useSignal } from '@preact/signals'
import { t } from '../messages.ts'
import { Field } from './field.tsx'

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
export function PinField({ pin, label, hint, problem, covered = true, autocomplete = 'off' }: Props) {
  const isShown = useSignal(!covered)
  return (
    <Field
      {...{ label, hint, problem, autocomplete }}
      value={pin}
      clean={(typed) => typed.replaceAll(/\D/g, '')}
      required
      type={isShown.value ? 'text' : 'password'}
      inputMode="numeric"
      pattern="\d{6}"
      say={{ pattern: t('staff.pin-six') }}
      class="six"
      beside={
        covered && (
          <button
            type="button"
            class="button"
            aria-pressed={isShown.value}
            onClick={() => {
              isShown.value = !isShown.value
            }}
          >
            {isShown.value ? t('staff.pin-hide') : t('staff.pin-show')}
          </button>
        )
      }
    />
  )
}
