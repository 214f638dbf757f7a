import { useSignal } from '@preact/signals'
import { t } from '../messages.ts'
import { Field } from './field.tsx'
import { Problem } from './problem.tsx'
import { changePin } from './session.ts'
import { useSubmit } from './submit.ts'

const digits = { type: 'password', inputMode: 'numeric', pattern: '\\d{6}', maxLength: 6, required: true } as const

export function ChangePin({ done }: { done: () => void }) {
  const pin = useSignal('')
  const fresh = useSignal('')
  const changed = useSignal(false)
  const { submit, busy, problemOf } = useSubmit({ 'people.wrong-pin': 'pin', 'people.pin-weak': 'newPin' })

  if (changed.value) {
    return (
      <>
        <p role="status">{t('staff.pin-changed')}</p>
        <button type="button" class="button" onClick={done}>
          {t('ui.close')}
        </button>
      </>
    )
  }
  return (
    <form
      class="change-pin"
      onSubmit={async (event) => {
        event.preventDefault()
        changed.value = await submit(() => changePin(pin.value, fresh.value))
      }}
    >
      <Field
        label={t('staff.old-pin')}
        value={pin}
        problem={problemOf('pin')}
        autocomplete="current-password"
        {...digits}
      />
      <Field
        label={t('staff.new-pin')}
        hint={t('staff.pin-rule')}
        value={fresh}
        problem={problemOf('newPin')}
        autocomplete="new-password"
        {...digits}
      />
      <Problem sentence={problemOf(null)} />
      <button type="submit" class="button button-main" disabled={busy}>
        {t('staff.change-pin')}
      </button>
    </form>
  )
}
