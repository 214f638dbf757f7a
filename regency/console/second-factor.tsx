import { useSignal } from '@preact/signals'
import { ask } from '../../appliance/pages/ui/api.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { QrCode } from '../../appliance/pages/ui/qr-code.tsx'
import { Field } from '../../appliance/pages/ui/staff/field.tsx'
import { PinField } from '../../appliance/pages/ui/staff/pin-field.tsx'
import { Problem } from '../../appliance/pages/ui/staff/problem.tsx'
import { logIn, type Me, refreshSession, session } from '../../appliance/pages/ui/staff/session.ts'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import './second-factor.css'

/** What an authenticator app is given: as a QR, and as text for who cannot scan. */
export type Factor = { uri: string; secret: string }

export const askForFactor = (account: string, pin: string) =>
  ask<Factor>('POST', '/api/session/second-factor', { account, pin })

export const FactorSteps = ({ factor, why }: { factor: Factor; why: string }) => (
  <section class="factor" aria-label={t('hub.factor')}>
    <p>{why}</p>
    <ol>
      <li>{t('hub.factor-app')}</li>
      <li>
        {t('hub.factor-scan')}
        <QrCode text={factor.uri} label={t('hub.factor-qr')} />
        <p>
          <a href={factor.uri}>{t('hub.factor-open')}</a>
        </p>
        <small class="quiet">{t('hub.factor-type')}</small>
        <code>{factor.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      </li>
      <li>{t('hub.factor-code')}</li>
    </ol>
  </section>
)

/** One's own second factor, in one's own menu: turned on by PIN and first code, off by a last code. */
export function SecondFactor({ me }: { me: Me }) {
  const open = useSignal(false)
  const pin = useSignal('')
  const code = useSignal('')
  const factor = useSignal<Factor | null>(null)
  const places = { 'people.wrong-pin': 'pin', 'factor.wrong': 'code' }
  const { submit, busy, problemOf } = useSubmit(places)
  const state = session.value?.secondFactor ?? 'off'
  if (state === 'demanded') return <small class="quiet">{t('hub.factor-is-on')}</small>

  function close() {
    open.value = false
    pin.value = ''
    code.value = ''
    factor.value = null
  }
  async function go() {
    if (state === 'on') await ask('DELETE', '/api/session/second-factor', { code: code.value })
    else if (!factor.value) {
      factor.value = await askForFactor(me.account, pin.value)
      return
    } else await logIn(me.account, pin.value, code.value)
    await refreshSession()
    close()
  }
  if (!open.value)
    return (
      <button
        type="button"
        class="button"
        onClick={() => {
          open.value = true
        }}
      >
        {t(state === 'on' ? 'hub.factor-off' : 'hub.factor-on')}
      </button>
    )
  return (
    <form
      class="factor-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(go)
      }}
    >
      {state === 'on' || factor.value ? (
        <>
          {factor.value && <FactorSteps factor={factor.value} why={t('hub.factor-what')} />}
          <CodeField code={code} problem={problemOf('code')} />
        </>
      ) : (
        <>
          <p class="quiet">{t('hub.factor-what')}</p>
          <PinField label={t('hub.own-pin')} pin={pin} problem={problemOf('pin')} autocomplete="current-password" />
        </>
      )}
      <Problem sentence={problemOf(null)} />
      <button type="submit" class="button button-main" disabled={busy}>
        {t(state === 'on' ? 'hub.factor-off' : 'hub.next')}
      </button>
      <button type="button" class="button" onClick={close}>
        {t('ui.cancel')}
      </button>
    </form>
  )
}

const CodeField = ({ code, problem }: { code: { value: string }; problem: string | undefined }) => (
  <Field
    label={t('hub.code-of-app')}
    value={code}
    problem={problem}
    clean={(typed) => typed.replaceAll(/\D/g, '')}
    required
    inputMode="numeric"
    autocomplete="one-time-code"
    pattern="\d{6}"
    say={{ pattern: t('staff.pin-six') }}
    class="six"
  />
)
