import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { explain, newKey } from '../../appliance/pages/ui/api.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import { SelectField } from '../../appliance/pages/ui/staff/select-field.tsx'
import { TextField } from '../../appliance/pages/ui/staff/text-field.tsx'
import { type AnswerState, answerStates } from '../../appliance/wire/case-states.ts'
import { DocumentField } from './document-field.tsx'
import { askAs, sealFor } from './open-case.ts'
import type { InboxCase } from './views.ts'

/** A megabyte and a half over a poor line. */
const sendMs = 180_000

type Props = { row: InboxCase; token: string; saved: () => void; close: () => void }

/** How it stands with one, as office and citizen read it. */
export function StateForm({ row: { village, case: id, state: now }, token, saved, close }: Props) {
  const state = useSignal<AnswerState>(now === 'relayed' ? 'received' : 'done')
  const text = useSignal('')
  const problem = useSignal<string | undefined>(undefined)
  const busy = useSignal(false)
  /** The same while nobody knows whether it went: sent twice, it is one. */
  const key = useRef(newKey())
  const file = useSignal<File | null>(null)
  const documentKey = useRef(newKey())
  // Another file is another document.
  useEffect(() => {
    documentKey.current = newKey()
  }, [file.value])

  /** Before the state: whoever reads that it is done finds it on its way. */
  async function sendDocument(chosen: File) {
    const where = new URLSearchParams({ village, case: id })
    const { recipient } = await askAs<{ recipient: string }>(token, 'GET', `/api/agency/cases/recipient?${where}`)
    const sealed = await sealFor(recipient, new Uint8Array(await chosen.arrayBuffer()))
    const body = { village, case: id, document: documentKey.current, recipient, sealed }
    await askAs(token, 'POST', '/api/agency/cases/document', body, sendMs)
  }
  async function save() {
    busy.value = true
    try {
      if (state.value === 'done' && file.value) await sendDocument(file.value)
      const body = { village, case: id, state: state.value, text: text.value, key: key.current }
      await askAs(token, 'POST', '/api/agency/cases/state', body)
      saved()
    } catch (error) {
      problem.value = explain(error)
    } finally {
      busy.value = false
    }
  }
  return (
    <Form save={() => void save()} go={t('agency.send')} busy={busy.value} close={close} problem={problem.value}>
      <SelectField label={t('agency.stands')} value={state}>
        {answerStates.map((one) => (
          <option key={one} value={one}>
            {t(`agency.state-${one}`)}
          </option>
        ))}
      </SelectField>
      {state.value === 'done' && <DocumentField value={file} />}
      <TextField
        label={t('agency.text')}
        hint={t('agency.text-what')}
        value={text}
        rows={2}
        maxLength={200}
        problem={undefined}
      />
    </Form>
  )
}
