import { type Signal, useSignal } from '@preact/signals'
import { Printer } from 'lucide-preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { CivilForms, FormField, MadeForm } from '../../letters/civil-forms-view.ts'
import type { ResidentRecord } from '../../residents/views.ts'
import { ask, explain } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { Form } from '../ui/staff/section.tsx'
import { heedRefusal } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { Asked } from './letter-form.tsx'

type OneForm = CivilForms['forms'][number]

/** A form of civil registration for whoever's record is open: which one, and what the record does not know. */
export function CivilForm({ record, close }: { record: ResidentRecord; close: () => void }) {
  const { resident, family } = record
  const forms = useSignal<OneForm[]>([])
  const unread = useSignal<string | null>(null)
  const code = useSignal('')
  /** Of all forms at once: what was typed for one is there for another that asks the same. */
  const typed = useSignal<Record<string, string>>({})
  const made = useSignal<(MadeForm & { code: string; of: string }) | null>(null)
  const head = useRef<HTMLHeadingElement>(null)
  const link = useRef<HTMLAnchorElement>(null)
  const form = forms.value.find((one) => one.code === code.value)
  const fields = form?.fields ?? []
  const { submit, busy, problemOf, forget } = useSubmit(
    {},
    fields.map(({ name }) => name),
  )
  useEffect(() => {
    ask<CivilForms>('GET', '/api/letters/forms').then(
      (answer) => {
        forms.value = answer.forms
      },
      (error) => {
        unread.value = explain(error)
        heedRefusal(error)
      },
    )
  }, [])
  // Read first by who hears the page, and one step before what is to be filled in.
  useLayoutEffect(() => head.current?.focus(), [form, forms.value.length > 0])
  useLayoutEffect(() => link.current?.focus(), [made.value])

  const own = Object.fromEntries(fields.map(({ name }) => [name, typed.value[name] ?? '']))
  const what = JSON.stringify(own)
  async function make() {
    await submit(async (send) => {
      const answer = await send<MadeForm>('POST', '/api/letters/forms', { code: code.value, resident, typed: own })
      made.value = { ...answer, code: code.value, of: what }
    })
  }
  const choose = (next: string) => {
    code.value = next
    made.value = null
    forget()
  }
  // What was typed since is not in the one that was made.
  const ready = made.value?.code === code.value && made.value.of === what ? made.value : null

  const rules = form?.rule ?? [...new Set(forms.value.map(({ rule }) => rule))].join(', ')

  return (
    <div class="group proposal-form">
      <Form
        save={() => void make()}
        go={t('letters.civil-make')}
        busy={busy || !form}
        close={close}
        problem={problemOf(null) ?? unread.value ?? undefined}
      >
        {form ? (
          <>
            <div class="chosen-letter">
              <h4 ref={head} tabIndex={-1}>
                {form.number} · {form.title}
              </h4>
              <button type="button" class="button button-quiet" onClick={() => choose('')}>
                {t('letters.civil-another')}
              </button>
            </div>
            {form.whole && family.length > 0 && <p class="quiet">{t('letters.civil-whole', { n: family.length })}</p>}
          </>
        ) : (
          forms.value.length > 0 && (
            <>
              <h4 ref={head} tabIndex={-1}>
                {t('letters.civil-which')}
              </h4>
              <div class="letters-found">
                {forms.value.map((one) => (
                  <button key={one.code} type="button" class="button" onClick={() => choose(one.code)}>
                    {one.number} · {one.title}
                  </button>
                ))}
              </div>
            </>
          )
        )}
        {rules !== '' && <p class="quiet">{t('letters.civil-layout', { rule: rules })}</p>}
        {fields.map((field) => (
          <OneField
            key={`${code.value} ${field.name}`}
            field={field}
            family={family}
            typed={typed}
            problem={problemOf(field.name)}
          />
        ))}
        <div role="status">
          {ready && (
            <p class="said made-form">
              {t('letters.civil-made', { n: ready.minutes })}{' '}
              <a
                ref={link}
                class="button button-main"
                href={`/api/letters/forms/${ready.form}/form.pdf`}
                target="_blank"
                rel="noopener"
              >
                <Printer class="icon" strokeWidth={1.8} aria-hidden="true" />
                {t('letters.civil-open', { number: form?.number ?? '' })}
              </a>
            </p>
          )}
        </div>
      </Form>
    </div>
  )
}

type FieldProps = {
  field: FormField
  family: ResidentRecord['family']
  typed: Signal<Record<string, string>>
  problem: string | undefined
}

function OneField({ field, family, typed, problem }: FieldProps) {
  const { name, label, kind, needed = false, hint, options = [] } = field
  const value = fieldValue(typed.value[name] ?? '', (next) => {
    typed.value = { ...typed.value, [name]: next }
  })
  if (kind === 'marks') return <Marks label={label} options={options} value={value} />
  if (kind === 'sixteen')
    return (
      <Field
        label={label}
        value={value}
        hint={hint ?? t('letters.civil-sixteen')}
        required={needed}
        problem={problem}
        autocomplete="off"
        inputMode="numeric"
        maxLength={16}
        pattern="\d{16}"
        clean={(text) => text.replaceAll(/\D/g, '')}
      />
    )
  return <Asked field={{ ...field, kind }} family={family} typed={typed} problem={problem} />
}

/** Several of its options, on lines of their own. */
function Marks({ label, options, value }: { label: string; options: readonly string[]; value: { value: string } }) {
  const marked = value.value.split('\n').filter(Boolean)
  return (
    <fieldset class="papers">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option}>
          <input
            type="checkbox"
            checked={marked.includes(option)}
            onChange={({ currentTarget }) => {
              const now = currentTarget.checked ? [...marked, option] : marked.filter((one) => one !== option)
              value.value = options.filter((one) => now.includes(one)).join('\n')
            }}
          />
          {option}
        </label>
      ))}
    </fieldset>
  )
}
