import { useSignal } from '@preact/signals'
import { hourMs } from '../../appliance/base/time.ts'
import { administrators } from '../../appliance/base/web/callers.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Field } from '../../appliance/pages/ui/staff/field.tsx'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import { SelectField } from '../../appliance/pages/ui/staff/select-field.tsx'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { TextField } from '../../appliance/pages/ui/staff/text-field.tsx'
import { SpanField } from './span-field.tsx'
import type { VillageRow } from './view.ts'

const forOperators = ['message', 'announce', 'check', 'backup'] as const
const forAdministrators = [...forOperators, 'set', 'move-broker', 'restart'] as const
/** With the ranges of appliance/wire/commands.ts, which carries what checks them and is no page's. */
const settings = { earlyMinutes: [0, 240], normalsPerPriority: [1, 9], phonePercent: [0, 100] } as const
const expiries = [1, 24, 7 * 24, 30 * 24]

type Props = { me: Me; villages: VillageRow[]; saved: () => void; close: () => void }

/** One command, to the whole regency, a district or a village. */
export function CommandForm({ me, villages, saved, close }: Props) {
  const type = useSignal<(typeof forAdministrators)[number]>('message')
  const to = useSignal('all')
  const hours = useSignal(String(7 * 24))
  const text = useSignal('')
  const from = useSignal(me.name)
  const setting = useSignal<keyof typeof settings>('earlyMinutes')
  const value = useSignal('')
  const brokers = useSignal('')
  const { submit, busy, problemOf } = useSubmit({}, ['text', 'from', 'setting', 'value', 'brokers'])
  const types = administrators.some((role) => role === me.role) ? forAdministrators : forOperators
  const [least, most] = settings[setting.value]

  async function save() {
    const sent = { places: placesOf(to.value), expiresMs: Number(hours.value) * hourMs }
    const done = await submit((send) => {
      if (type.value === 'restart') return send('POST', '/api/commands/restart', sent)
      if (type.value === 'set')
        return send('POST', '/api/commands/set', { ...sent, setting: setting.value, value: Number(value.value) })
      if (type.value === 'move-broker')
        return send('POST', '/api/commands/move-broker', { ...sent, brokers: brokers.value.trim().split(/[\s,]+/) })
      const said = type.value === 'message' ? { text: text.value, from: from.value } : {}
      return send('POST', '/api/commands', { ...sent, ...said, type: type.value })
    })
    if (done) saved()
  }
  return (
    <Form save={save} go={t('hub.command-send')} busy={busy} close={close} problem={problemOf(null)}>
      <SelectField label={t('hub.command-what')} value={type} hint={t(`hub.command-${type.value}-what`)}>
        {types.map((one) => (
          <option key={one} value={one}>
            {t(`hub.command-${one}`)}
          </option>
        ))}
      </SelectField>
      {type.value === 'message' && (
        <>
          <TextField
            label={t('hub.command-text')}
            hint={t('hub.command-text-what')}
            value={text}
            problem={problemOf('text')}
            rows={3}
            maxLength={500}
          />
          <Field label={t('hub.command-from')} value={from} problem={problemOf('from')} required maxLength={60} />
        </>
      )}
      {type.value === 'set' && (
        <>
          <SelectField label={t('hub.command-setting')} value={setting}>
            {Object.keys(settings).map((one) => (
              <option key={one} value={one}>
                {t(`hub.setting-${one}`)}
              </option>
            ))}
          </SelectField>
          <Field
            label={t('hub.command-value')}
            hint={t('hub.command-value-what', { least, most })}
            value={value}
            problem={problemOf('value')}
            required
            type="number"
            min={least}
            max={most}
            step={1}
            class="six"
          />
        </>
      )}
      {type.value === 'move-broker' && (
        <Field
          label={t('hub.command-brokers')}
          hint={t('hub.command-brokers-what')}
          value={brokers}
          problem={problemOf('brokers')}
          required
          maxLength={800}
        />
      )}
      <SelectField label={t('hub.command-to')} value={to}>
        <option value="all">{t('hub.all-villages')}</option>
        <optgroup label={t('hub.district')}>
          {districtsOf(villages).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </optgroup>
        <optgroup label={t('hub.village')}>
          {villages

            .sort((one, other) => one.name.localeCompare(other.name, 'id'))
            .map(({ village, name, district }) => (
              <option key={village} value={village}>
                {name}, {district}
              </option>
            ))}
        </optgroup>
      </SelectField>
      <SpanField label={t('hub.command-expires')} value={hours} hours={expiries} hint={t('hub.command-expires-what')} />
    </Form>
  )
}

const placesOf = (to: string) => {
  if (to === 'all') return 'all'
  return to.length === 6 ? { districts: [to] } : { villages: [to] }
}

/** A district's code is the first six digits of its villages'. */
const districtsOf = (villages: VillageRow[]) =>
  [...new Map(villages.map(({ village, district }) => [village.slice(0, 6), district]))].sort(([, one], [, other]) =>
    one.localeCompare(other, 'id'),
  )
