import { useSignal } from '@preact/signals'
import { t } from '../messages.ts'
import { Field, type FieldProps } from './field.tsx'

/** A field whose letters are covered while they are typed, until somebody wants to see them. */
export function CoveredField({ covered = true, ...field }: FieldProps & { covered?: boolean }) {
  const isShown = useSignal(!covered)
  return (
    <Field
      {...field}
      type={isShown.value ? 'text' : 'password'}
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
