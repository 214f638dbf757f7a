import { useSignal } from '@preact/signals'
import { Mark } from '../mark.tsx'
import { t } from '../messages.ts'
import { takeHash } from '../take-hash.ts'
import { Field } from './field.tsx'
import { PinField } from './pin-field.tsx'
import { Problem } from './problem.tsx'
import { setUp } from './session.ts'
import { useSubmit } from './submit.ts'

/** First start: whoever reads the one-time code on the box itself, or scans it there, becomes its first technician. */
export function Setup({ office }: { office: string }) {
  const code = useSignal(takeHash('kode') ?? '')
  const name = useSignal('')
  const pin = useSignal('')
  const { submit, busy, problemOf } = useSubmit({
    'people.setup-code-wrong': 'code',
    'people.name-taken': 'name',
    'people.pin-weak': 'pin',
  })
  return (
    <main class="alone">
      <form
        class="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          void submit(() => setUp(code.value.trim(), name.value.trim(), pin.value))
        }}
      >
        <header>
          <Mark />
          <b>{office}</b>
        </header>
        <h1>{t('staff.setup-title')}</h1>
        <p class="quiet">{t('staff.setup-what')}</p>
        <Field
          label={t('staff.setup-code')}
          hint={t('staff.setup-code-where')}
          value={code}
          problem={problemOf('code')}
          required
          autocomplete="off"
        />
        <Field label={t('staff.your-name')} value={name} problem={problemOf('name')} required autocomplete="name" />
        <PinField
          label={t('staff.new-pin')}
          hint={t('staff.pin-rule')}
          pin={pin}
          problem={problemOf('pin')}
          autocomplete="new-password"
        />
        <Problem sentence={problemOf(null)} />
        <button type="submit" class="button button-main" disabled={busy}>
          {t('staff.setup-go')}
        </button>
      </form>
    </main>
  )
}
