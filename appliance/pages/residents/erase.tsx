import { useSignal } from '@preact/signals'
import { Eraser } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import { asideDays, keptBackups } from '../../backup/kept.ts'
import type { ErasureReason, ResidentRecord } from '../../residents/views.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { Form } from '../ui/staff/section.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

type Props = {
  record: ResidentRecord
  /** Called when the person is gone. */
  erased: () => void
}

/** What the page says of backups. */
const kept = { nights: keptBackups.data, rounds: keptBackups.stick, days: asideDays }

const reasons = ['asked', 'mistake', 'twice', 'order', 'other'] as const satisfies readonly ErasureReason[]

/** One person is erased for good: what that means is said first, then why and the name are asked. */
export function Erase({ record, erased }: Props) {
  const asking = useSignal(false)
  if (!asking.value)
    return (
      <section class="erase">
        <button
          type="button"
          class="button button-quiet button-chili"
          onClick={() => {
            asking.value = true
          }}
        >
          <Eraser class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('residents.erase')}
        </button>
      </section>
    )
  return (
    <section class="erase">
      <Ask
        record={record}
        erased={erased}
        close={() => {
          asking.value = false
        }}
      />
    </section>
  )
}

function Ask({ record, erased, close }: Props & { close: () => void }) {
  const reason = useSignal<ErasureReason>('asked')
  const note = useSignal('')
  const typed = useSignal('')
  const { submit, busy, problemOf } = useSubmit({}, ['note', 'typed'])
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => head.current?.focus(), [])

  async function save() {
    const body = { reason: reason.value, note: note.value, typed: typed.value }
    if (await submit((send) => send('POST', `/api/residents/${record.resident}/erase`, body))) erased()
  }

  return (
    <Form save={() => void save()} go={t('residents.erase-go')} busy={busy} close={close} problem={problemOf(null)}>
      <h3 ref={head} tabIndex={-1}>
        {t('residents.erase-title', { name: record.person.name })}
      </h3>
      <ul class="plain">
        {(['what', 'stays', 'register', 'backups', 'again'] as const).map((one) => (
          <li key={one}>{t(`residents.erase-${one}`, kept)}</li>
        ))}
      </ul>
      <fieldset class="choices">
        <legend>{t('residents.erase-why')}</legend>
        {reasons.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="erase-reason"
              checked={reason.value === one}
              onChange={() => {
                reason.value = one
              }}
            />
            {t(`residents.erase-reason-${one}`)}
          </label>
        ))}
      </fieldset>
      <Field
        label={t('residents.erase-note')}
        value={note}
        hint={t('residents.erase-note-hint')}
        problem={problemOf('note')}
        maxLength={200}
        autocomplete="off"
        required={reason.value === 'other'}
      />
      <Field
        label={t('residents.erase-typed')}
        value={typed}
        hint={t('residents.erase-typed-hint', { name: record.person.name })}
        problem={problemOf('typed')}
        maxLength={200}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        required
      />
    </Form>
  )
}
