import { readText } from '../ui/read-text.ts'
import 'messages:waiting'
import '../ui/base.css'
import '../ui/theme-auto.css'
import '../ui/staff/staff.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { FileTrouble } from '../../enrolment/find-file.ts'
import { ask, fetchWithin } from '../ui/api.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { Field } from '../ui/staff/field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import './waiting.css'
import { JsonFileField } from '../ui/staff/json-file-field.tsx'
import { Problem } from '../ui/staff/problem.tsx'

const lookEveryMs = 3000
/** A pass phrase is slow to try, on purpose. */
const slowMs = 30_000

/** What a box says before it knows of which village it is: what it waits for, and how to bring it. */
function Waiting() {
  const trouble = useSignal<FileTrouble | 'sealed' | null>(null)
  const taken = useSignal(false)
  useEffect(() => {
    const timer = setInterval(async () => {
      try {
        trouble.value = (await ask<{ trouble: FileTrouble | 'sealed' | null }>('GET', '/api/waiting')).trouble
      } catch {
        // The waiting is over, or the box is just opening: its first page says which.
        if (await isOpen()) location.assign('/')
      }
    }, lookEveryMs)
    return () => clearInterval(timer)
  }, [])
  const done = () => {
    taken.value = true
  }
  return (
    <main class="alone waiting">
      <section class="sheet">
        <header>
          <Mark />
          <b>{t('waiting.box')}</b>
        </header>
        <h1>{taken.value ? t('waiting.taken') : t('waiting.headline')}</h1>
        {taken.value ? (
          <p class="quiet">{t('waiting.opens')}</p>
        ) : (
          <>
            {trouble.value === 'sealed' && <OpenSealed done={done} />}
            {trouble.value && trouble.value !== 'sealed' && (
              <p class="wrong" role="alert">
                {t(`waiting.file-${trouble.value}`)}
              </p>
            )}
            <ol>
              <li>{t('waiting.step-card')}</li>
              <li>{t('waiting.step-power')}</li>
            </ol>
            <details>
              <summary>{t('waiting.by-page')}</summary>
              <BringFile done={done} />
            </details>
          </>
        )}
        <LanguageSwitch keep="remember" />
      </section>
    </main>
  )
}

/** The file that is on the card or a stick has everything in it, sealed. */
function OpenSealed({ done }: { done: () => void }) {
  const passPhrase = useSignal('')
  const { submit, busy, problemOf } = useSubmit({ 'enrolment.wrong-pass-phrase': 'passPhrase' })
  return (
    <form
      class="bring"
      onSubmit={async (event) => {
        event.preventDefault()
        const body = { passPhrase: passPhrase.value }
        if (await submit(() => ask('POST', '/api/waiting/open', body, slowMs))) done()
      }}
    >
      <p>{t('waiting.sealed')}</p>
      <PassPhrase value={passPhrase} problem={problemOf('passPhrase')} />
      <Problem sentence={problemOf(null)} />
      <button type="submit" class="button button-main" disabled={busy}>
        {busy ? t('waiting.opening') : t('waiting.open')}
      </button>
    </form>
  )
}

const PassPhrase = ({ value, problem }: { value: { value: string }; problem: string | undefined }) => (
  <Field label={t('waiting.pass-phrase')} value={value} problem={problem} type="password" required autocomplete="off" />
)

function BringFile({ done }: { done: () => void }) {
  const code = useSignal('')
  const file = useSignal<File | null>(null)
  const passPhrase = useSignal('')
  const { submit, busy, problemOf } = useSubmit({
    'people.setup-code-wrong': 'code',
    'enrolment.sealed': 'passPhrase',
    'enrolment.wrong-pass-phrase': 'passPhrase',
  })
  return (
    <form
      class="bring"
      onSubmit={async (event) => {
        event.preventDefault()
        const text = file.value ? await readText(file.value) : undefined
        const sealed = passPhrase.value ? { passPhrase: passPhrase.value } : {}
        const body = { file: text, code: code.value, ...sealed }
        if (text && (await submit(() => ask('POST', '/api/waiting', body, slowMs)))) done()
      }}
    >
      <JsonFileField
        label={t('waiting.file')}
        choose={(chosen) => {
          file.value = chosen
        }}
      />
      <Field
        label={t('waiting.code')}
        hint={t('waiting.code-where')}
        value={code}
        problem={problemOf('code')}
        required
        inputMode="numeric"
        autocomplete="off"
      />
      {(passPhrase.value || problemOf('passPhrase')) && (
        <PassPhrase value={passPhrase} problem={problemOf('passPhrase')} />
      )}
      <Problem sentence={problemOf(null)} />
      <button type="submit" class="button button-main" disabled={busy}>
        {busy ? t('waiting.opening') : t('waiting.bring')}
      </button>
    </form>
  )
}

async function isOpen(): Promise<boolean> {
  try {
    return await fetchWithin(lookEveryMs, '/api/session', {}, ({ ok }) => ok)
  } catch {
    return false
  }
}

mount(<Waiting />)
