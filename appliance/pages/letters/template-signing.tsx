import { Plus, Trash2 } from 'lucide-preact'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { SelectField } from '../ui/staff/select-field.tsx'
import { TextField } from '../ui/staff/text-field.tsx'
import { type Draft, type DraftSigner, freshId } from './template-draft.ts'
import { problemAt, type TemplateProblem } from './template-problems.ts'

const mostOthers = 3

type Props = { draft: Draft; problems: readonly TemplateProblem[]; set: (some: Partial<Draft>) => void }

/** What it is printed on, and who signs it besides whoever signs letters here. */
export function TemplateSigning({ draft: { paper, headOnly, others }, problems, set }: Props) {
  const change = (index: number, some: Partial<DraftSigner>) =>
    set({ others: others.map((one, at) => (at === index ? { ...one, ...some } : one)) })
  return (
    <fieldset class="parts">
      <legend>{t('letters.kind-signing')}</legend>
      <SelectField
        label={t('letters.setting-paper')}
        value={fieldValue<Draft['paper']>(paper, (next) => set({ paper: next }))}
        problem={problemAt(problems, 'paper')}
      >
        <option value="">{t('letters.kind-paper-usual')}</option>
        <option value="F4">{t('letters.paper-F4')}</option>
        <option value="A4">{t('letters.paper-A4')}</option>
      </SelectField>
      <label class="needed">
        <input
          type="checkbox"
          checked={headOnly}
          onChange={({ currentTarget }) => set({ headOnly: currentTarget.checked })}
        />
        {t('letters.kind-head-only')}
      </label>
      <p class="quiet">{t('letters.kind-others-what')}</p>
      {others.map(({ id, title, name }, index) => (
        <fieldset key={id} class="part">
          <legend class="unseen">{t('letters.kind-other', { n: index + 1 })}</legend>
          <TextField
            label={t('letters.kind-other-title')}
            hint={t('letters.kind-other-title-hint')}
            value={fieldValue(title, (next) => change(index, { title: next }))}
            rows={2}
            maxLength={120}
            problem={problemAt(problems, `signing/others/${index}/title`)}
          />
          <Field
            label={t('letters.kind-other-name')}
            hint={t('letters.kind-other-name-hint')}
            value={fieldValue(name, (next) => change(index, { name: next }))}
            maxLength={80}
            autocomplete="off"
            problem={problemAt(problems, `signing/others/${index}/name`)}
          />
          <div class="part-foot part-buttons">
            <button
              type="button"
              class="button button-quiet"
              aria-label={t('letters.kind-other-remove', { n: index + 1 })}
              onClick={() => set({ others: others.filter((_, at) => at !== index) })}
            >
              <Trash2 class="icon" strokeWidth={1.8} aria-hidden="true" />
            </button>
          </div>
        </fieldset>
      ))}
      {others.length < mostOthers && (
        <button
          type="button"
          class="button"
          onClick={() => set({ others: [...others, { id: freshId(), title: '', name: '' }] })}
        >
          <Plus class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('letters.kind-other-add')}
        </button>
      )}
    </fieldset>
  )
}
