import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ElectronicView } from '../../letters/views.ts'
import { ask, explain } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { CoveredField } from '../ui/staff/covered-field.tsx'
import { Field } from '../ui/staff/field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { Form } from '../ui/staff/section.tsx'
import { heedRefusal } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'

/** The service is asked over a village's line. */
const tryMs = 60_000

/** Who signs electronically, and by which service. */
export function Electronic() {
  const view = useSignal<ElectronicView | null>(null)
  const problem = useSignal<string | null>(null)
  const said = useSignal(false)

  async function load() {
    try {
      view.value = await ask<ElectronicView>('GET', '/api/letters/electronic')
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }
  useEffect(() => void load(), [])

  const { value: now } = view
  return (
    <section class="group form electronic">
      <h2>{t('letters.electronic')}</h2>
      <p class="quiet">{t('letters.electronic-what')}</p>
      {now?.isLost && <StateLine kind="error">{t('letters.electronic-lost')}</StateLine>}
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      <p class="said" role="status">
        {said.value && t('letters.saved')}
      </p>
      {now && (
        <ElectronicForm
          key={JSON.stringify(now)}
          now={now}
          saved={() => {
            said.value = true
            void load()
          }}
        />
      )}
      {now?.address && !now.isLost && (
        <ul class="signers">
          {now.signers
            .filter(({ signs }) => signs)
            .map((one) => (
              <Tried key={one.signatory} signer={one} />
            ))}
        </ul>
      )}
    </section>
  )
}

type FormProps = { now: ElectronicView; saved: () => void }

function ElectronicForm({ now, saved }: FormProps) {
  const address = useSignal(now.address)
  const user = useSignal(now.user)
  const password = useSignal('')
  const signs = useSignal<ReadonlySet<string>>(
    new Set(now.signers.filter((one) => one.signs).map(({ signatory }) => signatory)),
  )
  const niks = useSignal<Readonly<Record<string, string>>>({})
  const fields = ['address', 'user', 'password', ...now.signers.map(({ signatory }) => `nik-${signatory}`)]
  const { submit, busy, problemOf, forget } = useSubmit({}, fields)
  const isKept = now.address !== '' && !now.isLost

  async function save() {
    const settings = {
      ...{ address: address.value, user: user.value, password: password.value },
      signers: [...signs.value].map((signatory) => ({ signatory, nik: niks.value[signatory] ?? '' })),
    }
    if (await submit((send) => send('POST', '/api/letters/electronic', { settings }))) saved()
  }
  const reset = () => {
    address.value = now.address
    user.value = now.user
    password.value = ''
    niks.value = {}
    forget()
  }
  return (
    <Form save={() => void save()} busy={busy} close={reset} problem={problemOf(null)}>
      <Field
        label={t('letters.signer-address')}
        hint={t('letters.signer-address-hint')}
        value={address}
        maxLength={200}
        inputMode="url"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        problem={problemOf('address')}
      />
      {address.value.trim() !== '' && (
        <>
          <Field
            label={t('letters.signer-user')}
            value={user}
            maxLength={100}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            problem={problemOf('user')}
          />
          <CoveredField
            label={t('letters.signer-password')}
            hint={isKept ? t('letters.signer-password-kept') : undefined}
            value={password}
            maxLength={200}
            autocomplete="new-password"
            problem={problemOf('password')}
          />
          <fieldset class="signatories">
            <legend>{t('letters.signers')}</legend>
            {now.signers.map(({ signatory, name, nikEnd }) => {
              const isOne = signs.value.has(signatory)
              const change = (nik: string) => {
                niks.value = { ...niks.value, [signatory]: nik }
              }
              return (
                <div class="signer" key={signatory}>
                  <label class="tick">
                    <input
                      type="checkbox"
                      checked={isOne}
                      onChange={({ currentTarget }) => {
                        const next = new Set(signs.value)
                        if (currentTarget.checked) next.add(signatory)
                        else next.delete(signatory)
                        signs.value = next
                      }}
                    />
                    {name}
                  </label>
                  {isOne && (
                    <Field
                      label={t('letters.signer-nik', { name })}
                      hint={nikEnd ? t('letters.signer-nik-kept', { end: nikEnd }) : t('letters.signer-nik-hint')}
                      value={fieldValue(niks.value[signatory] ?? '', change)}
                      clean={(typed) => typed.replaceAll(/\D/g, '')}
                      inputMode="numeric"
                      maxLength={16}
                      autocomplete="off"
                      problem={problemOf(`nik-${signatory}`)}
                    />
                  )}
                </div>
              )
            })}
          </fieldset>
        </>
      )}
    </Form>
  )
}

/** Whether the service knows somebody, in its own words. */
function Tried({ signer: { signatory, name } }: { signer: ElectronicView['signers'][number] }) {
  const said = useSignal<string | null>(null)
  const { submit, busy, problemOf } = useSubmit()

  async function attempt() {
    said.value = null
    await submit(async (send) => {
      said.value = (await send<{ said: string }>('POST', '/api/letters/electronic/try', { signatory }, tryMs)).said
    })
  }
  const problem = problemOf(null)
  return (
    <li>
      <button type="button" class="button" disabled={busy} onClick={() => void attempt()}>
        {t('letters.signer-try', { name })}
      </button>
      <small role="status" class={problem ? 'wrong' : 'quiet'}>
        {busy
          ? t('letters.signer-trying')
          : (problem ?? (said.value && t('letters.signer-said', { said: said.value })))}
      </small>
    </li>
  )
}
