import { useSignal } from '@preact/signals'
import { t } from '../messages.ts'
import { PinField } from './pin-field.tsx'
import { Problem } from './problem.tsx'
import { changePin } from './session.ts'
import { useSubmit } from './submit.ts'

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
      <PinField label={t('staff.old-pin')} pin={pin} problem={problemOf('pin')} autocomplete="current-password" />
      <PinField
        label={t('staff.new-pin')}
        hint={t('staff.pin-rule')}
        pin={fresh}
        problem={problemOf('newPin')}
        autocomplete="new-password"
      />
      <Problem sentence={problemOf(null)} />
      <button type="submit" class="button button-main" disabled={busy}>
        {t('staff.change-pin')}
      </button>
    </form>
  )
}
