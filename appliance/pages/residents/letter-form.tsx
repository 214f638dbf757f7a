import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { LetterOfResident, LettersView, LetterTemplates, TemplateField } from '../../letters/views.ts'
import type { ResidentRecord } from '../../residents/views.ts'
import { ask, explain } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { DayField } from '../ui/staff/day-field.tsx'
import { Field } from '../ui/staff/field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { Form } from '../ui/staff/section.tsx'
import { SelectField } from '../ui/staff/select-field.tsx'
import { heedRefusal } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { TextField } from '../ui/staff/text-field.tsx'
import { LetterPicker } from './letter-picker.tsx'

type Props = {
  record: ResidentRecord
  view: LettersView
  /** One that was sent or taken back, to be mended; null: a new one. */
  from: LetterOfResident | null
  /** The application that it is written for, which says which letter it is. */
  forCase?: { case: string; template: string | null }
  saved: (sentence: string) => void
  close: () => void
}

/** A letter for whoever's record is open: which one, who signs, and what the record does not know. */
export function LetterForm({
  record: { resident, family },
  view: { signatories, approval },
  from,
  forCase,
  saved,
  close,
}: Props) {
  const templates = useSignal<LetterTemplates['templates']>([])
  const unread = useSignal<string | null>(null)
  const code = useSignal(forCase?.template ?? from?.template ?? '')
  const signatory = useSignal(
    (signatories.find((one) => one.signatory === from?.signatoryId) ?? signatories[0])?.signatory ?? '',
  )
  /** Of all kinds at once: what was typed for one is there for another that asks the same. */
  const typed = useSignal<Record<string, string>>(from?.typed ?? {})
  const head = useRef<HTMLHeadingElement>(null)
  const template = templates.value.find((one) => one.code === code.value)
  const fields = template?.fields ?? []
  const able = signatories.filter(({ asHead }) => asHead || !template?.headOnly)
  const { submit, busy, problemOf, forget } = useSubmit({}, [
    ...['signatory', 'template'],
    ...fields.map(({ name }) => name),
  ])
  useEffect(() => {
    ask<LetterTemplates>('GET', '/api/letters/templates').then(
      (answer) => {
        templates.value = answer.templates
      },
      (error) => {
        unread.value = explain(error)
        heedRefusal(error)
      },
    )
  }, [])
  // Whoever may not sign this one is not chosen for it.
  useEffect(() => {
    if (!able.some((one) => one.signatory === signatory.value)) signatory.value = able[0]?.signatory ?? ''
  }, [template])
  // Read first by who hears the page, and one step before what is to be filled in.
  useLayoutEffect(() => head.current?.focus(), [template])

  async function save() {
    const own = Object.fromEntries(fields.map(({ name }) => [name, typed.value[name] ?? '']))
    let sentence = t('letters.sent')
    const done = await submit(async (send) => {
      const body = { template: code.value, resident, signatory: signatory.value, typed: own }
      const { letter } = await send<{ letter: string }>(
        'POST',
        forCase ? `/api/cases/${forCase.case}/letter` : '/api/letters',
        body,
      )
      if (approval !== 'none') return
      try {
        const { written } = await send<{ written: string }>('POST', `/api/letters/${letter}/issue`)
        sentence = t('letters.numbered', { number: written })
      } catch (error) {
        // It is there, and waits for its number at /letters: sent again, it would be there twice.
        sentence = t('letters.not-numbered', { why: explain(error) })
        heedRefusal(error)
      }
    })
    if (done) saved(sentence)
  }

  return (
    <div class="group proposal-form">
      <Form
        save={() => void save()}
        go={approval === 'none' ? t('letters.give-number') : t('letters.send')}
        busy={busy || !template}
        close={close}
        problem={problemOf(null) ?? unread.value ?? undefined}
      >
        {template ? (
          <div class="chosen-letter">
            <h4 ref={head} tabIndex={-1}>
              {template.title}
            </h4>
            {!forCase && (
              <button
                type="button"
                class="button button-quiet"
                onClick={() => {
                  code.value = ''
                  forget()
                }}
              >
                {t('letters.another')}
              </button>
            )}
          </div>
        ) : (
          (code.value === '' || templates.value.length > 0) && (
            <LetterPicker
              templates={templates.value}
              choose={(one) => {
                code.value = one.code
                forget()
              }}
            />
          )
        )}
        {template && !forCase && template.papers.length > 0 && (
          <p class="quiet">{t('letters.papers', { papers: template.papers.join(', ') })}</p>
        )}
        {fields.map((field) => (
          <Asked
            key={`${code.value} ${field.name}`}
            field={field}
            family={family}
            typed={typed}
            problem={problemOf(field.name)}
          />
        ))}
        {template && (
          <SelectField
            label={t('letters.signs')}
            value={signatory}
            required
            problem={problemOf('signatory')}
            hint={
              able.length === 0
                ? t(signatories.length === 0 ? 'letters.nobody-signs' : 'error.letters.head-signs')
                : undefined
            }
          >
            {able.map((one) => (
              <option key={one.signatory} value={one.signatory}>
                {one.name}, {one.title}
              </option>
            ))}
          </SelectField>
        )}
      </Form>
    </div>
  )
}

type AskedProps = {
  field: TemplateField
  /** The others on the card. */
  family: ResidentRecord['family']
  typed: Signal<Record<string, string>>
  problem: string | undefined
}

/** One thing that the record does not know. */
export function Asked({
  field: { name, label, kind, needed = false, hint, options = [] },
  family,
  typed,
  problem,
}: AskedProps) {
  const value = fieldValue(typed.value[name] ?? '', (next) => {
    typed.value = { ...typed.value, [name]: next }
  })
  const common = { label, value, hint, problem, required: needed }
  if (kind === 'family') return <Members label={label} family={family} value={value} />
  if (kind === 'long')
    return <TextField label={label} hint={hint ?? ''} value={value} rows={3} maxLength={1_000} problem={problem} />
  if (kind === 'choice')
    return (
      <SelectField {...common}>
        <option value="" />
        {options.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </SelectField>
    )
  if (kind === 'day') return <DayField {...common} />
  return (
    <Field
      {...common}
      autocomplete="off"
      maxLength={200}
      {...(kind === 'number' || kind === 'money'
        ? { inputMode: 'numeric', clean: (text: string) => text.replaceAll(/[^\d.]/g, '') }
        : {})}
    />
  )
}

/** Others on the card who stand in the letter. Their ids, with a space between them. */
function Members({ label, family, value }: { label: string; family: AskedProps['family']; value: { value: string } }) {
  const marked = value.value.split(' ').filter(Boolean)
  return (
    <fieldset class="papers">
      <legend>{label}</legend>
      {family.length === 0 && <p class="quiet">{t('letters.nobody-else')}</p>}
      {family.map(({ resident, name, age }) => (
        <label key={resident}>
          <input
            type="checkbox"
            checked={marked.includes(resident)}
            onChange={({ currentTarget }) => {
              const others = marked.filter((one) => one !== resident)
              value.value = (currentTarget.checked ? [...others, resident] : others).join(' ')
            }}
          />
          {age === null ? name : `${name} (${t('residents.age', { n: age })})`}
        </label>
      ))}
    </fieldset>
  )
}
