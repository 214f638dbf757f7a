import { useSignal } from '@preact/signals'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import { SelectField } from '../../appliance/pages/ui/staff/select-field.tsx'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { TextField } from '../../appliance/pages/ui/staff/text-field.tsx'
import { answers, type RegencyAnswer } from '../../appliance/wire/answers.ts'
import type { ProposalRow } from './proposals-view.ts'

type Props = { row: Pick<ProposalRow, 'village' | 'proposal'>; saved: () => void; close: () => void }

/** What the regency answers, as the desks of the village read it. */
export function AnswerForm({ row: { village, proposal }, saved, close }: Props) {
  const answer = useSignal<RegencyAnswer>('accepted')
  const text = useSignal('')
  const { submit, busy, problemOf } = useSubmit({}, ['answer', 'text'])

  async function save() {
    const body = { village, proposal, answer: answer.value, text: text.value }
    if (await submit((send) => send('POST', '/api/proposals/answer', body))) saved()
  }
  return (
    <Form save={() => void save()} go={t('hub.answer-send')} busy={busy} close={close} problem={problemOf(null)}>
      <SelectField
        label={t('hub.answer-what')}
        value={answer}
        hint={t(`hub.answer-${answer.value}-what`)}
        problem={problemOf('answer')}
      >
        {answers.map((one) => (
          <option key={one} value={one}>
            {t(`hub.answer-${one}`)}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t('hub.answer-text')}
        hint={t('hub.answer-text-what')}
        value={text}
        problem={problemOf('text') && t('hub.answer-text-wrong')}
        rows={2}
        maxLength={200}
      />
    </Form>
  )
}
