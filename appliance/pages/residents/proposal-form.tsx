import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { asks, type Kind, type Proposable, proposable } from '../../proposals/kinds.ts'
import { codes, isCoded } from '../../residents/codes.ts'
import type { ResidentRecord } from '../../residents/views.ts'
import { t } from '../ui/messages.ts'
import { DayField } from '../ui/staff/day-field.tsx'
import { Field } from '../ui/staff/field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { Form } from '../ui/staff/section.tsx'
import { SelectField } from '../ui/staff/select-field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { TextField } from '../ui/staff/text-field.tsx'
import { labelOf, valueText } from './words.ts'

type Props = {
  /** The record that it begins from; null: somebody who has none. */
  record: ResidentRecord | null
  /** Those that can be chosen. */
  kinds: readonly Kind[]
  /** The one whose papers were missing. */
  instead: string | null
  saved: () => void
  close: () => void
}

type Typed = Partial<Record<Proposable, string>>

const days: readonly Proposable[] = ['birthDate', 'marriageDate', 'divorceDate']
const digits: readonly Proposable[] = ['nik', 'kk', 'fatherNik', 'motherNik']

/** What happened, in one form: the kind first, then what that kind asks. */
export function ProposalForm({ record, kinds, instead, saved, close }: Props) {
  const [only] = kinds
  const kind = useSignal<Kind | null>(kinds.length === 1 && only ? only : null)
  const on = useSignal('')
  const typed = useSignal<Typed>({})
  const chosen = useSignal<Proposable[]>([])
  const place = useSignal('')
  const other = useSignal('')
  const note = useSignal('')
  const papers = useSignal<string[]>([])
  const first = useRef<HTMLButtonElement>(null)
  const { submit, busy, problemOf, forget } = useSubmit({}, [...proposable, 'on', 'papers', 'place', 'other', 'fields'])
  useEffect(() => first.current?.focus(), [])

  /** A newborn is of the family whose record is open. */
  function choose(next: Kind) {
    kind.value = next
    forget()
    papers.value = papers.value.filter((paper) => asks[next].papers.includes(paper))
    if (next !== 'born' || !record) return
    const { kk, sex, name, nik } = record.person
    const parent = sex === 2 ? { motherName: name, motherNik: nik ?? '' } : { fatherName: name, fatherNik: nik ?? '' }
    typed.value = { kk: kk ?? '', ...parent, ...typed.value }
  }

  async function save() {
    const { value: which } = kind
    if (!which) return
    const asked = which === 'corrected' ? chosen.value : asks[which].fields
    const fields = Object.fromEntries(
      asked.flatMap((field) => {
        const value = typed.value[field]?.trim()
        return value ? [[field, isCoded(field) ? Number(value) : value]] : []
      }),
    )
    const done = await submit((send) =>
      send('POST', '/api/proposals', {
        ...{ kind: which, resident: record?.resident ?? null, on: on.value, fields, instead },
        ...{ place: place.value, other: other.value, note: note.value, papers: papers.value },
      }),
    )
    if (done) saved()
  }

  const { value: which } = kind
  const asked = which && asks[which]
  const shown = which === 'corrected' ? chosen.value : (asked?.fields ?? [])
  return (
    <div class="group proposal-form">
      {kinds.length > 1 && (
        <fieldset class="periods">
          <legend>{t('proposals.which')}</legend>
          {kinds.map((one, index) => (
            <button
              key={one}
              ref={index === 0 ? first : undefined}
              type="button"
              aria-pressed={which === one}
              onClick={() => choose(one)}
            >
              {t(`proposals.kind-${one}`)}
            </button>
          ))}
        </fieldset>
      )}
      {which && asked && (
        <Form save={() => void save()} go={t('proposals.send')} busy={busy} close={close} problem={problemOf(null)}>
          {kinds.length === 1 && <h4>{t(`proposals.kind-${which}`)}</h4>}
          {instead && <p class="quiet">{t('proposals.again-what')}</p>}
          <DayField label={t(`proposals.on-${which}`)} value={on} required problem={problemOf('on')} />
          {shown.map((field) => (
            <Asked
              key={field}
              field={field}
              typed={typed}
              now={which === 'corrected' && record ? (record.person[field] ?? null) : undefined}
              problem={problemOf(field)}
              required={asked.needs.includes(field)}
            />
          ))}
          {which === 'corrected' && <More chosen={chosen} problem={problemOf('fields')} />}
          {asked.place && (
            <Field
              label={t(`proposals.place-${which}`)}
              value={place}
              maxLength={200}
              autocomplete="off"
              required={asked.place === 'needed'}
              problem={problemOf('place')}
            />
          )}
          {asked.other && (
            <Field
              label={t('proposals.other')}
              value={other}
              maxLength={100}
              autocomplete="off"
              required
              problem={problemOf('other')}
            />
          )}
          <fieldset class="papers" aria-invalid={problemOf('papers') ? true : undefined}>
            <legend>{t('proposals.papers')}</legend>
            {asked.papers.map((paper) => (
              <label key={paper}>
                <input
                  type="checkbox"
                  checked={papers.value.includes(paper)}
                  onChange={({ currentTarget }) => {
                    papers.value = currentTarget.checked
                      ? [...papers.value, paper]
                      : papers.value.filter((one) => one !== paper)
                  }}
                />
                {t(`proposals.paper-${paper}`)}
              </label>
            ))}
            {problemOf('papers') && (
              <small class="wrong" role="alert">
                {problemOf('papers')}
              </small>
            )}
          </fieldset>
          <TextField
            label={t('proposals.note')}
            hint=""
            value={note}
            rows={2}
            maxLength={500}
            problem={problemOf('note')}
          />
        </Form>
      )}
      {!which && (
        <div class="buttons">
          <button type="button" class="button button-quiet" onClick={close}>
            {t('ui.cancel')}
          </button>
        </div>
      )}
    </div>
  )
}

type AskedProps = {
  field: Proposable
  typed: Signal<Typed>
  /** What the record says; null: nothing. Undefined: there is no record to compare with. */
  now: string | number | null | undefined
  problem: string | undefined
  required: boolean
}

/** One field of a person, by its kind: a code from its table, a day, or text. */
function Asked({ field, typed, now, problem, required }: AskedProps) {
  const value = fieldValue(typed.value[field] ?? '', (next) => {
    typed.value = { ...typed.value, [field]: next }
  })
  const hint =
    now === undefined
      ? undefined
      : t('proposals.field-now', { value: now === null ? t('proposals.field-empty') : valueText(field, now) })
  const common = { label: t(`residents.field-${field}`), value, hint, problem, required }
  if (days.includes(field)) return <DayField {...common} />
  if (!isCoded(field))
    return (
      <Field
        {...common}
        autocomplete="off"
        maxLength={digits.includes(field) ? 16 : 200}
        {...(digits.includes(field)
          ? { inputMode: 'numeric', clean: (text: string) => text.replaceAll(/\D/g, '') }
          : {})}
      />
    )
  return (
    <SelectField {...common}>
      <option value="" />
      {Object.keys(codes[field]).map((code) => (
        <option key={code} value={code}>
          {labelOf(field, Number(code))}
        </option>
      ))}
    </SelectField>
  )
}

/** Which field is corrected; another one with each choice. */
function More({ chosen, problem }: { chosen: Signal<Proposable[]>; problem: string | undefined }) {
  const next = {
    get value(): Proposable | '' {
      return ''
    },
    set value(field: Proposable | '') {
      if (field !== '') chosen.value = [...chosen.value, field]
    },
  }
  return (
    <SelectField
      label={chosen.value.length === 0 ? t('proposals.field-which') : t('proposals.field-add')}
      value={next}
      problem={problem}
    >
      <option value="" />
      {proposable
        .filter((field) => !chosen.value.includes(field))
        .map((field) => (
          <option key={field} value={field}>
            {t(`residents.field-${field}`)}
          </option>
        ))}
    </SelectField>
  )
}
