import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-preact'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { SelectField } from '../ui/staff/select-field.tsx'
import { TextField } from '../ui/staff/text-field.tsx'
import { type DraftField, freshId, nameOfLabel } from './template-draft.ts'
import { problemAt, type TemplateProblem } from './template-problems.ts'

const kinds = ['text', 'long', 'day', 'number', 'money', 'choice', 'family'] as const

type Props = {
  fields: DraftField[]
  problems: readonly TemplateProblem[]
  change: (fields: DraftField[]) => void
}

/** What a clerk fills in for such a letter. */
export function TemplateFields({ fields, problems, change }: Props) {
  return (
    <fieldset class="parts">
      <legend>{t('letters.fields')}</legend>
      <p class="quiet">{t('letters.fields-what')}</p>
      {fields.map((field, index) => (
        <OneField
          key={field.id}
          field={field}
          place={`fields/${index}`}
          problems={problems}
          change={(some) => change(fields.map((one, at) => (at === index ? { ...one, ...some } : one)))}
          move={(by) => change(moved(fields, index, by))}
          remove={() => change(fields.filter((_, at) => at !== index))}
          isFirst={index === 0}
          isLast={index === fields.length - 1}
        />
      ))}
      <button
        type="button"
        class="button"
        disabled={fields.length >= 30}
        onClick={() =>
          change([
            ...fields,
            { id: freshId(), name: '', label: '', kind: 'text', hint: '', options: '', needed: false },
          ])
        }
      >
        <Plus class="icon" strokeWidth={1.8} aria-hidden="true" />
        {t('letters.field-add')}
      </button>
    </fieldset>
  )
}

/** One place up or down. */
export function moved<T>(all: readonly T[], index: number, by: -1 | 1): T[] {
  const next = [...all]
  const [one] = next.splice(index, 1)
  if (one !== undefined) next.splice(index + by, 0, one)
  return next
}

type OneProps = {
  field: DraftField
  place: string
  problems: readonly TemplateProblem[]
  change: (some: Partial<DraftField>) => void
  move: (by: -1 | 1) => void
  remove: () => void
  isFirst: boolean
  isLast: boolean
}

function OneField({ field, place, problems, change, move, remove, isFirst, isLast }: OneProps) {
  const { name, label, kind, hint, options, needed } = field
  const word = label || t('letters.field-new')
  const at = (member: string) => problemAt(problems, `${place}/${member}`)
  return (
    <fieldset class="part">
      <legend class="unseen">{word}</legend>
      <Field
        label={t('letters.field-label')}
        value={fieldValue(label, (next) =>
          change({ label: next, ...(name === nameOfLabel(label) ? { name: nameOfLabel(next) } : {}) }),
        )}
        maxLength={80}
        autocomplete="off"
        problem={at('label')}
      />
      <Field
        label={t('letters.field-name')}
        hint={t('letters.field-name-hint', { name: `{{${name || '…'}}}` })}
        value={fieldValue(name, (next) => change({ name: next }))}
        maxLength={31}
        autocomplete="off"
        spellcheck={false}
        clean={(typed) => typed.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}
        problem={at('name')}
      />
      <SelectField
        label={t('letters.field-kind')}
        value={fieldValue<DraftField['kind']>(kind, (next) => change({ kind: next }))}
        problem={at('kind')}
      >
        {kinds.map((one) => (
          <option key={one} value={one}>
            {t(`letters.field-kind-${one}`)}
          </option>
        ))}
      </SelectField>
      <Field
        label={t('letters.field-hint')}
        value={fieldValue(hint, (next) => change({ hint: next }))}
        maxLength={80}
        autocomplete="off"
        problem={at('hint')}
      />
      {kind === 'choice' && (
        <TextField
          label={t('letters.field-options')}
          hint={t('letters.field-options-hint')}
          value={fieldValue(options, (next) => change({ options: next }))}
          rows={3}
          problem={at('options')}
        />
      )}
      <div class="part-foot">
        <label class="needed">
          <input
            type="checkbox"
            checked={needed}
            onChange={({ currentTarget }) => change({ needed: currentTarget.checked })}
          />
          {t('letters.field-needed')}
        </label>
        <PartButtons word={word} move={move} remove={remove} isFirst={isFirst} isLast={isLast} />
      </div>
    </fieldset>
  )
}

type ButtonsProps = Pick<OneProps, 'move' | 'remove' | 'isFirst' | 'isLast'> & { word: string }

/** Up, down, away. */
export function PartButtons({ word, move, remove, isFirst, isLast }: ButtonsProps) {
  return (
    <div class="buttons part-buttons">
      <button
        type="button"
        class="button button-quiet"
        aria-label={t('letters.part-up', { word })}
        disabled={isFirst}
        onClick={() => move(-1)}
      >
        <ArrowUp class="icon" strokeWidth={1.8} aria-hidden="true" />
      </button>
      <button
        type="button"
        class="button button-quiet"
        aria-label={t('letters.part-down', { word })}
        disabled={isLast}
        onClick={() => move(1)}
      >
        <ArrowDown class="icon" strokeWidth={1.8} aria-hidden="true" />
      </button>
      <button
        type="button"
        class="button button-quiet"
        aria-label={t('letters.part-remove', { word })}
        onClick={remove}
      >
        <Trash2 class="icon" strokeWidth={1.8} aria-hidden="true" />
      </button>
    </div>
  )
}
