import { useSignal } from '@preact/signals'
import { hourMs } from '../../appliance/base/time.ts'
import { operators } from '../../appliance/base/web/callers.ts'
import { ask } from '../../appliance/pages/ui/api.ts'
import { now, slowNow } from '../../appliance/pages/ui/clock.ts'
import { formatMoment, formatSpan } from '../../appliance/pages/ui/format.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Field } from '../../appliance/pages/ui/staff/field.tsx'
import { Problem } from '../../appliance/pages/ui/staff/problem.tsx'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { TextField } from '../../appliance/pages/ui/staff/text-field.tsx'
import { SpanField } from './span-field.tsx'
import type { Taken } from './view.ts'

const longestNote = 500
const spans = [1, 4, 24, 72, 168]
const mayTake = ({ role }: Me) => operators.some((one) => one === role)

const untilWords = (until: number) =>
  t(until > slowNow.value ? 'hub.taken-until' : 'hub.taken-lapsed', { at: formatMoment(until) })

/** Who works on an alarm, for everybody to see; to take it, say more, and give it back, for who may. */
export function Taking({ village, code, taken, me }: { village: string; code: string; taken: Taken | null; me: Me }) {
  const noting = useSignal(false)
  const [note, owner, hours] = [useSignal(''), useSignal(''), useSignal('')]
  const { submit, busy, problemOf, forget } = useSubmit({}, ['note'])
  const isMine = taken?.account === me.account

  function open() {
    note.value = isMine ? taken.note : ''
    owner.value = taken?.owner ?? ''
    hours.value = ''
    noting.value = true
  }
  function close() {
    forget()
    noting.value = false
  }
  async function save() {
    const until = hours.value === '' ? null : Math.round(now.value + Number(hours.value) * hourMs)
    const body = { village, code, note: note.value, from: taken?.account ?? null, owner: owner.value, until }
    if (await submit(() => ask('POST', '/api/alarms/take', body))) close()
  }

  return (
    <div class="taking">
      {taken && (
        <p>
          <b>{t('hub.taken-by', { name: taken.name, span: formatSpan(slowNow.value - taken.at) })}</b>
          {taken.note && `: ${taken.note}`}
          <small>
            {[
              ...(taken.owner ? [t('hub.owned-by', { name: taken.owner })] : []),
              ...(taken.until === null ? [] : [untilWords(taken.until)]),
            ].join(' · ')}
          </small>
        </p>
      )}
      {noting.value && (
        <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
          <TextField
            label={t('hub.take-note')}
            hint={t('hub.take-what')}
            value={note}
            problem={problemOf('note')}
            rows={2}
            maxLength={longestNote}
          />
          <Field label={t('hub.take-owner')} hint={t('hub.take-owner-what')} value={owner} maxLength={80} />
          <SpanField label={t('hub.take-until')} value={hours} hours={spans} endless={t('hub.until-over')} />
        </Form>
      )}
      {mayTake(me) && !noting.value && (
        <div class="buttons">
          <button type="button" class="button" onClick={open}>
            {t(isMine ? 'hub.change-note' : taken ? 'hub.take-over' : 'hub.take')}
          </button>
          {isMine && (
            <button
              type="button"
              class="button button-quiet"
              disabled={busy}
              onClick={() => submit(() => ask('POST', '/api/alarms/release', { village, code }))}
            >
              {t('hub.release')}
            </button>
          )}
          <Problem sentence={problemOf(null)} />
        </div>
      )}
    </div>
  )
}
