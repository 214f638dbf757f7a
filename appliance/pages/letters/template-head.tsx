import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { TextField } from '../ui/staff/text-field.tsx'
import type { Draft } from './template-draft.ts'
import { problemAt, type TemplateProblem } from './template-problems.ts'

type Props = { draft: Draft; problems: readonly TemplateProblem[]; set: (some: Partial<Draft>) => void }

/** What a kind of letter is called, how it is classified, how long it holds, and what a citizen brings. */
export function TemplateHead({ draft, problems, set }: Props) {
  const textOf = (member: 'title' | 'aka' | 'papers' | 'old' | 'current' | 'validDays') =>
    fieldValue(draft[member], (next) => set({ [member]: next }))
  return (
    <>
      <Field
        label={t('letters.kind-title')}
        value={textOf('title')}
        maxLength={80}
        autocomplete="off"
        problem={problemAt(problems, 'title')}
      />
      <Field
        label={t('letters.kind-aka')}
        hint={t('letters.kind-aka-hint')}
        value={textOf('aka')}
        maxLength={400}
        autocomplete="off"
        problem={problemAt(problems, 'aka')}
      />
      <div class="pair">
        <Field
          label={t('letters.classification-83')}
          value={textOf('current')}
          maxLength={20}
          inputMode="decimal"
          autocomplete="off"
          problem={problemAt(problems, 'classification/permendagri-83-2022')}
        />
        <Field
          label={t('letters.classification-78')}
          value={textOf('old')}
          maxLength={20}
          inputMode="decimal"
          autocomplete="off"
          problem={problemAt(problems, 'classification/permendagri-78-2012')}
        />
        <Field
          label={t('letters.kind-days')}
          hint={t('letters.kind-days-hint')}
          value={textOf('validDays')}
          maxLength={4}
          inputMode="numeric"
          autocomplete="off"
          clean={(typed) => typed.replaceAll(/\D/g, '')}
          problem={problemAt(problems, 'validDays')}
        />
      </div>
      <TextField
        label={t('letters.kind-papers')}
        hint={t('letters.kind-papers-hint')}
        value={textOf('papers')}
        rows={3}
        maxLength={1_000}
        problem={problemAt(problems, 'papers')}
      />
    </>
  )
}
