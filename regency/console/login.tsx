import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { codeOf, explain, Refusal } from '../../appliance/pages/ui/api.ts'
import { LanguageSwitch } from '../../appliance/pages/ui/language-switch.tsx'
import { Mark } from '../../appliance/pages/ui/mark.tsx'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Field } from '../../appliance/pages/ui/staff/field.tsx'
import { PinPad } from '../../appliance/pages/ui/staff/pin-pad.tsx'
import { logIn, type Session, unreachable } from '../../appliance/pages/ui/staff/session.ts'
import { StateLine } from '../../appliance/pages/ui/state-line.tsx'
import { askForFactor, type Factor, FactorSteps } from './second-factor.tsx'
import '../../appliance/pages/ui/staff/login.css'

/** A name that nobody has is answered like a wrong PIN. */
const explainLogIn = (error: unknown) =>
  error instanceof Refusal && codeOf(error) === 'people.wrong-pin'
    ? t('hub.wrong-log-in', { left: error.problem.details.left ?? 0 })
    : explain(error)

/** The console names nobody before the log-in: the name is typed, then the PIN, then the code where there is a second factor. */
export function ConsoleLogin({ session }: { session: Session }) {
  const name = useSignal('')
  // Kept until the code is there, which the hub takes together with the PIN.
  const pin = useSignal<string | null>(null)
  const factor = useSignal<Factor | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const pad = useRef<HTMLElement>(null)
  useEffect(() => form.current?.querySelector('input')?.focus(), [])

  function toPad() {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    // On a phone the pad is below the name.
    pad.current?.scrollIntoView({ block: 'nearest' })
  }
  function begin() {
    pin.value = null
    factor.value = null
  }
  async function sendPin(typed: string) {
    try {
      await logIn(name.value, typed)
    } catch (error) {
      const code = codeOf(error)
      if (code !== 'factor.needed' && code !== 'factor.due') throw error
      if (code === 'factor.due') factor.value = await askForFactor(name.value, typed)
      pin.value = typed
    }
  }

  return (
    <div class="login">
      <main class="who">
        <header>
          <Mark />
          <b>{session.office.name}</b>
          <LanguageSwitch keep="remember" />
        </header>
        <h1>{t('hub.log-in')}</h1>
        <form
          ref={form}
          class="login-name"
          onSubmit={(event) => {
            event.preventDefault()
            toPad()
          }}
        >
          <Field
            label={t('hub.account-name')}
            hint={t('hub.log-in-name')}
            value={name}
            maxLength={60}
            autocomplete="username"
            onChange={begin}
          />
        </form>
        {factor.value && <FactorSteps factor={factor.value} why={t('hub.factor-demanded')} />}
      </main>
      <section class="pin" aria-label="PIN" ref={pad}>
        {unreachable.value && <StateLine kind="cut">{t('ui.cut')}</StateLine>}
        {pin.value === null ? (
          <PinPad
            key="pin"
            label={name.value.trim() ? t('staff.pin-of', { name: name.value.trim() }) : t('hub.log-in-name-first')}
            go={t('staff.log-in')}
            ready={name.value.trim() !== ''}
            send={sendPin}
            explain={explainLogIn}
          />
        ) : (
          <>
            <PinPad
              key="code"
              label={t('hub.code-of-app')}
              go={t('staff.log-in')}
              ready
              send={(code) => logIn(name.value, pin.value ?? '', code)}
              explain={explain}
            />
            <button type="button" class="button" onClick={begin}>
              {t('hub.log-in-anew')}
            </button>
          </>
        )}
        <small class="quiet">{pin.value === null ? t('hub.pin-forgotten') : t('hub.factor-lost')}</small>
      </section>
    </div>
  )
}
