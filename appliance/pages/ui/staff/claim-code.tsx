import { useSignal } from '@preact/signals'
import { QrCode } from 'lucide-preact'
import { t } from '../messages.ts'
import { useSubmit } from './submit.ts'
import './claim-code.css'

type Props = {
  letter: string
  /** As people read it; null: none was given. */
  code: string | null
  /** Whether this person may give another one. */
  keeps?: boolean
}

/** The code by which a letter is collected, with the slip for whoever collects it; or what gives one. */
export function ClaimCode({ letter, code, keeps = false }: Props) {
  const given = useSignal<string | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  const shown = given.value ?? code
  const give = (anew: boolean) =>
    void submit(async (send) => {
      given.value = (await send<{ code: string }>('POST', `/api/letters/${letter}/claim`, anew ? { anew } : {})).code
    })
  return (
    <>
      {shown ? (
        <a class="button" href={`/api/letters/${letter}/claim.pdf`} target="_blank" rel="noopener">
          <QrCode class="icon" strokeWidth={1.8} aria-hidden="true" />
          <span>
            {t('claims.give')} <b class="unbroken">{shown}</b>
          </span>
        </a>
      ) : (
        <button type="button" class="button" disabled={busy} onClick={() => give(false)}>
          <QrCode class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('claims.give')}
        </button>
      )}
      {shown && keeps && (
        <button type="button" class="button button-quiet" disabled={busy} onClick={() => give(true)}>
          {t('claims.anew')}
        </button>
      )}
      {problemOf(null) && (
        <p class="wrong wide" role="alert">
          {problemOf(null)}
        </p>
      )}
    </>
  )
}
