import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { OpeningReason, ResidentLine } from '../../residents/views.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { Line } from './line.tsx'

type Props = {
  line: ResidentLine
  /** `no-ticket` or `child`. */
  why: string
  problem: string | null
  open: (reason: OpeningReason, note: string) => unknown
  close: () => void
}

const usual = ['present', 'phone', 'request', 'check'] as const

/** Why is this record opened: four answers by a key each, or words of one's own. */
export function Reasons({ line, why, problem, open, close }: Props) {
  const note = useSignal('')
  const first = useRef<HTMLButtonElement>(null)
  // Before anybody sees the question: a key that answers it is not to be typed into the search.
  useLayoutEffect(() => {
    first.current?.focus()
    const press = (event: KeyboardEvent) => {
      const reason = usual[Number(event.key) - 1]
      if (!reason || event.ctrlKey || event.altKey || event.metaKey) return
      if (event.target instanceof HTMLInputElement) return
      event.preventDefault()
      open(reason, note.value)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [line.resident])

  return (
    <div class="group record reasons">
      <div class="asked">
        <Line line={line} />
      </div>
      <h2>{t('residents.why')}</h2>
      <p class="quiet">{why === 'child' ? t('residents.why-child') : t('residents.why-no-ticket')}</p>
      <div class="buttons">
        {usual.map((reason, index) => (
          <button
            key={reason}
            ref={index === 0 ? first : undefined}
            type="button"
            class="button"
            onClick={() => open(reason, note.value)}
          >
            <kbd>{index + 1}</kbd>
            {t(`residents.reason-${reason}`)}
          </button>
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          open('other', note.value)
        }}
      >
        <Field
          label={t('residents.reason-other')}
          value={note}
          hint={t('residents.note-hint')}
          problem={problem ?? undefined}
          maxLength={200}
          autocomplete="off"
          beside={
            <button type="submit" class="button">
              {t('residents.open')}
            </button>
          }
        />
      </form>
      <button type="button" class="button button-quiet" onClick={close}>
        <kbd>Esc</kbd>
        {t('residents.close')}
      </button>
    </div>
  )
}
