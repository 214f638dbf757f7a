import { useSignal } from '@preact/signals'
import { Plus, Trash2 } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import type { LetterSettings, LetterSettingsView, Signatory, SigningForm } from '../../letters/views.ts'
import { ask, explain, newKey } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { DayField } from '../ui/staff/day-field.tsx'
import { Field } from '../ui/staff/field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { Form } from '../ui/staff/section.tsx'
import { SelectField } from '../ui/staff/select-field.tsx'
import { heedRefusal } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'
import { Arms } from './arms.tsx'
import { Electronic } from './electronic.tsx'
import { seriesWord } from './series-word.ts'

const forms = ['head', 'an', 'ub', 'plt', 'plh'] as const satisfies readonly SigningForm[]

/** How letters are numbered, approved and signed. */
export function Settings() {
  const view = useSignal<LetterSettingsView | null>(null)
  const problem = useSignal<string | null>(null)
  const saved = useSignal(false)

  async function load() {
    try {
      view.value = await ask<LetterSettingsView>('GET', '/api/letters/settings')
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }
  useEffect(() => void load(), [])

  return (
    <>
      <header class="room">
        <div>
          <h1>{t('letters.settings')}</h1>
          <p class="quiet">{t('letters.settings-what')}</p>
        </div>
      </header>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      <p class="said" role="status">
        {saved.value && t('letters.saved')}
      </p>
      {view.value && (
        <>
          <SettingsForm
            key={JSON.stringify(view.value.settings)}
            view={view.value}
            saved={() => {
              saved.value = true
              void load()
            }}
          />
          <Arms />
          <Electronic />
          <LastNumber view={view.value} saved={() => void load()} />
        </>
      )}
    </>
  )
}

function SettingsForm({ view, saved }: { view: LetterSettingsView; saved: () => void }) {
  const { settings: now, accounts, example } = view
  const format = useSignal(now.format)
  const villageMark = useSignal(now.villageMark)
  const address = useSignal(now.address)
  const numbering = useSignal(now.numbering)
  const classification = useSignal(now.classification)
  const approval = useSignal(now.approval)
  const paper = useSignal(now.paper)
  const signatories = useSignal<Signatory[]>(view.signatories)
  const { submit, busy, problemOf } = useSubmit({}, ['format'])

  async function save() {
    const settings: LetterSettings = {
      ...{ numbering: numbering.value, classification: classification.value },
      ...{
        approval: approval.value,
        paper: paper.value,
        format: format.value,
        villageMark: villageMark.value,
        address: address.value,
      },
      signatories: signatories.value,
    }
    if (await submit((send) => send('POST', '/api/letters/settings', { settings }))) saved()
  }
  const change = (index: number, some: Partial<Signatory>) => {
    signatories.value = signatories.value.map((one, at) => (at === index ? { ...one, ...some } : one))
  }
  const reset = () => {
    signatories.value = view.signatories
    format.value = now.format
  }
  return (
    <section class="group">
      <Form save={() => void save()} busy={busy} close={reset} problem={problemOf(null)}>
        <SelectField label={t('letters.setting-approval')} value={approval}>
          <option value="head">{t('letters.approval-head')}</option>
          <option value="secretary-head">{t('letters.approval-secretary-head')}</option>
          <option value="none">{t('letters.approval-none')}</option>
        </SelectField>
        <SelectField label={t('letters.setting-numbering')} value={numbering}>
          <option value="per-code">{t('letters.numbering-per-code')}</option>
          <option value="one">{t('letters.numbering-one')}</option>
          <option value="with-mail">{t('letters.numbering-with-mail')}</option>
        </SelectField>
        <SelectField label={t('letters.setting-classification')} value={classification}>
          <option value="permendagri-83-2022">{t('letters.classification-83')}</option>
          <option value="permendagri-78-2012">{t('letters.classification-78')}</option>
        </SelectField>
        <Field
          label={t('letters.setting-format')}
          hint={t('letters.setting-format-hint', { example })}
          value={format}
          required
          maxLength={80}
          autocomplete="off"
          problem={problemOf('format')}
        />
        <Field label={t('letters.setting-mark')} value={villageMark} maxLength={20} autocomplete="off" />
        <SelectField label={t('letters.setting-paper')} value={paper}>
          <option value="F4">{t('letters.paper-F4')}</option>
          <option value="A4">{t('letters.paper-A4')}</option>
        </SelectField>
        <Field
          label={t('letters.setting-address')}
          hint={t('letters.setting-address-hint')}
          value={address}
          maxLength={200}
          autocomplete="off"
        />
        <fieldset class="signatories">
          <legend>{t('letters.signatories')}</legend>
          <p class="quiet">{t('letters.signatories-what')}</p>
          {signatories.value.map((one, index) => (
            <SignatoryFields
              key={one.signatory}
              one={one}
              accounts={accounts}
              change={(some) => change(index, some)}
              remove={() => {
                signatories.value = signatories.value.filter((_, at) => at !== index)
              }}
            />
          ))}
          <button
            type="button"
            class="button"
            onClick={() => {
              const fresh = { signatory: newKey(), form: 'head', title: '', name: '', number: '' } as const
              signatories.value = [...signatories.value, { ...fresh, account: null, from: null, until: null }]
            }}
          >
            <Plus class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('letters.signatory-add')}
          </button>
        </fieldset>
      </Form>
    </section>
  )
}

type SignatoryProps = {
  one: Signatory
  accounts: LetterSettingsView['accounts']
  change: (some: Partial<Signatory>) => void
  remove: () => void
}

function SignatoryFields({ one, accounts, change, remove }: SignatoryProps) {
  const { form, title, name, number, account, from, until } = one
  const text = (member: 'title' | 'name' | 'number', now: string) =>
    fieldValue(now, (next) => change({ [member]: next }))
  const day = (member: 'from' | 'until', now: string | null) =>
    fieldValue(now ?? '', (next) => change({ [member]: next || null }))
  const formOf = fieldValue<SigningForm>(form, (next) => change({ form: next }))
  const accountOf = fieldValue(account ?? '', (next) => change({ account: next || null }))
  return (
    <fieldset class="signatory">
      <legend class="unseen">{name || t('letters.signatory-new')}</legend>
      <SelectField label={t('letters.signatory-form')} value={formOf}>
        {forms.map((value) => (
          <option key={value} value={value}>
            {t(`letters.form-${value}`)}
          </option>
        ))}
      </SelectField>
      {(form === 'an' || form === 'ub') && (
        <Field
          label={t('letters.signatory-title')}
          hint={t('letters.signatory-title-hint')}
          value={text('title', title)}
          maxLength={60}
          required
          autocomplete="off"
        />
      )}
      <Field
        label={t('letters.signatory-name')}
        value={text('name', name)}
        maxLength={80}
        required
        autocomplete="off"
      />
      <Field label={t('letters.signatory-number')} value={text('number', number)} maxLength={30} autocomplete="off" />
      <SelectField label={t('letters.signatory-account')} value={accountOf}>
        <option value="">{t('letters.signatory-nobody')}</option>
        {accounts.map((person) => (
          <option key={person.account} value={person.account}>
            {person.name}
          </option>
        ))}
      </SelectField>
      <DayField label={t('letters.signatory-from')} value={day('from', from)} />
      <DayField label={t('letters.signatory-until')} value={day('until', until)} />
      <button type="button" class="button button-quiet" onClick={remove}>
        <Trash2 class="icon" strokeWidth={1.8} aria-hidden="true" />
        {t('letters.signatory-remove', { name: name || t('letters.signatory-new') })}
      </button>
    </fieldset>
  )
}

/** Once, for an office that begins in the middle of a year: what paper had reached. */
function LastNumber({ view, saved }: { view: LetterSettingsView; saved: () => void }) {
  const { numbering } = view.settings
  const series = useSignal(numbering === 'with-mail' ? 'all' : numbering === 'one' ? 'letters' : '')
  const number = useSignal('')
  const { submit, busy, problemOf, forget } = useSubmit({}, ['number', 'series'])
  const clear = () => {
    number.value = ''
    forget()
  }
  async function save() {
    const body = { series: series.value, number: Number(number.value) }
    if (!(await submit((send) => send('POST', '/api/letters/last-number', body)))) return
    clear()
    saved()
  }
  return (
    <section class="group last-number">
      <Form save={() => void save()} busy={busy} close={clear} problem={problemOf(null)}>
        <h2>{t('letters.last-number')}</h2>
        <p class="quiet">{t('letters.last-number-what')}</p>
        {view.last.length > 0 && (
          <ul class="quiet">
            {view.last.map(({ series: one, last }) => (
              <li key={one}>{t('letters.last-of', { series: seriesWord(one), number: String(last) })}</li>
            ))}
          </ul>
        )}
        {numbering === 'per-code' && (
          <Field
            label={t('letters.classification')}
            value={series}
            required
            pattern="\d[\d.]{1,19}"
            maxLength={20}
            autocomplete="off"
            problem={problemOf('series')}
          />
        )}
        <Field
          label={t('letters.last-number-field')}
          value={number}
          required
          inputMode="numeric"
          maxLength={6}
          pattern="\d+"
          autocomplete="off"
          clean={(typed) => typed.replaceAll(/\D/g, '')}
          problem={problemOf('number')}
        />
      </Form>
    </section>
  )
}
