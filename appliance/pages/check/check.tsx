import 'messages:check'
import '../ui/base.css'
import '../ui/theme-auto.css'
import '../ui/staff/form.css'
import '../ui/button.css'
import { useSignal } from '@preact/signals'
import { Camera, Download } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import { dotVillage } from '../../base/village-code.ts'
import type { CheckedLetter } from '../../letters/views.ts'
import { ask, explain } from '../ui/api.ts'
import { formatOfficeDay } from '../ui/format.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { Field } from '../ui/staff/field.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { readPhoto } from './read-photo.ts'
import './check.css'

/** Whether a letter is true: its code scanned or pasted, and the name on the paper. The box says it without any line. */
function Check() {
  const code = useSignal('')
  const name = useSignal('')
  const checked = useSignal<CheckedLetter | null>(null)
  const problem = useSignal<string | null>(null)
  const busy = useSignal(false)
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => head.current?.focus(), [checked.value])

  async function check() {
    busy.value = true
    try {
      checked.value = await ask<CheckedLetter>('POST', '/api/letters/check', { code: code.value, name: name.value })
      problem.value = null
    } catch (error) {
      checked.value = null
      problem.value = explain(error)
    } finally {
      busy.value = false
    }
  }

  /** A photo of the QR by the phone that this page is on: no scanner is needed, and nothing of it leaves the phone. */
  async function take(file: File) {
    busy.value = true
    const found = await readPhoto(file).catch(() => null)
    busy.value = false
    if (found === null) {
      checked.value = null
      problem.value = t('check.no-qr')
      return
    }
    code.value = found
    await check()
  }

  return (
    <main class="check">
      <header>
        <Mark />
        <h1>{t('check.title')}</h1>
      </header>
      <p class="quiet">{t('check.what')}</p>
      <form
        class="group form"
        onSubmit={(event) => {
          event.preventDefault()
          void check()
        }}
      >
        <Field
          label={t('check.code')}
          hint={t('check.code-hint')}
          value={code}
          required
          maxLength={1_000}
          autocomplete="off"
          autofocus
        />
        <div class="field">
          <label class="button photo">
            <Camera class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('check.photo')}
            <input
              type="file"
              class="unseen"
              accept="image/*"
              capture="environment"
              onChange={({ currentTarget }) => {
                const [file] = currentTarget.files ?? []
                if (file) void take(file)
                currentTarget.value = ''
              }}
            />
          </label>
        </div>
        <Field label={t('check.name')} hint={t('check.name-hint')} value={name} maxLength={100} autocomplete="off" />
        <button type="submit" class="button button-main" disabled={busy.value}>
          {t('check.go')}
        </button>
      </form>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {checked.value && (
        <section class={`group verdict ${checked.value.verdict}`} aria-live="polite">
          <h2 ref={head} tabIndex={-1}>
            {t(`check.verdict-${checked.value.verdict}`)}
          </h2>
          <p>
            {t(`check.what-${checked.value.verdict}`, {
              day: checked.value.voidedOn ? formatOfficeDay(checked.value.voidedOn) : '',
            })}
          </p>
          {checked.value.asOf && <p>{t('check.as-of', { day: formatOfficeDay(checked.value.asOf) })}</p>}
          {checked.value.says && (
            <dl>
              <Fact word={t('check.kind')} value={checked.value.says.title ?? '–'} />
              <Fact word={t('check.number')} value={checked.value.says.number} />
              <Fact word={t('check.day')} value={formatOfficeDay(checked.value.says.on)} />
              <Fact word={t('check.village')} value={dotVillage(checked.value.says.village)} />
            </dl>
          )}
          {checked.value.name !== null && (
            <p class={checked.value.name ? 'right' : 'wrong'}>
              {checked.value.name ? t('check.name-right') : t('check.name-wrong')}
            </p>
          )}
          {checked.value.says && <p class="quiet">{t('check.compare')}</p>}
        </section>
      )}
      <footer>
        <p class="quiet">{t('check.keep-what')}</p>
        <a class="button" href="/api/letters/check.html" download>
          <Download class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('check.keep')}
        </a>
        <LanguageSwitch keep="remember" />
      </footer>
    </main>
  )
}

const Fact = ({ word, value }: { word: string; value: string }) => (
  <div>
    <dt>{word}</dt>
    <dd>{value}</dd>
  </div>
)

mount(<Check />)
