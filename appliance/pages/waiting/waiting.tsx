import 'messages:waiting'
import '../ui/base.css'
import '../ui/theme-auto.css'
import '../ui/staff/staff.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { FileTrouble } from '../../enrolment/find-file.ts'
import { ask } from '../ui/api.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { Field } from '../ui/staff/field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import './waiting.css'

const lookEveryMs = 3000

/** What a box says before it knows of which village it is: what it waits for, and how to bring it. */
function Waiting() {
  const trouble = useSignal<FileTrouble | null>(null)
  const taken = useSignal(false)
  useEffect(() => {
    const timer = setInterval(async () => {
      try {
        trouble.value = (await ask<{ trouble: FileTrouble | null }>('GET', '/api/waiting')).trouble
      } catch {
        // The waiting is over, or the box is just opening: its first page says which.
        if (await isOpen()) location.assign('/')
      }
    }, lookEveryMs)
    return () => clearInterval(timer)
  }, [])
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
            {trouble.value && (
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
              <BringFile
                done={() => {
                  taken.value = true
                }}
              />
            </details>
          </>
        )}
        <LanguageSwitch keep="remember" />
      </section>
    </main>
  )
}

function BringFile({ done }: { done: () => void }) {
  const code = useSignal('')
  const file = useSignal<File | null>(null)
  const { submit, busy, problemOf } = useSubmit({ 'people.setup-code-wrong': 'code' })
  return (
    <form
      class="bring"
      onSubmit={async (event) => {
        event.preventDefault()
        const text = await file.value?.text()
        if (text && (await submit(() => ask('POST', '/api/waiting', { file: text, code: code.value })))) done()
      }}
    >
      <label class="field">
        {t('waiting.file')}
        <input
          type="file"
          accept=".json,application/json"
          required
          onChange={(event) => {
            file.value = event.currentTarget.files?.[0] ?? null
          }}
        />
      </label>
      <Field
        label={t('waiting.code')}
        hint={t('waiting.code-where')}
        value={code}
        problem={problemOf('code')}
        required
        inputMode="numeric"
        autocomplete="off"
      />
      {problemOf(null) && (
        <p class="wrong" role="alert">
          {problemOf(null)}
        </p>
      )}
      <button type="submit" class="button button-main" disabled={busy}>
        {t('waiting.bring')}
      </button>
    </form>
  )
}

async function isOpen(): Promise<boolean> {
  try {
    return (await fetch('/api/session', { cache: 'no-store' })).ok
  } catch {
    return false
  }
}

mount(<Waiting />)
