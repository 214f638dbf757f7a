import { type Signal, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { hourMs } from '../../appliance/base/time.ts'
import { administrators } from '../../appliance/base/web/callers.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Field } from '../../appliance/pages/ui/staff/field.tsx'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { TextField } from '../../appliance/pages/ui/staff/text-field.tsx'
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
      <Choice label={t('hub.command-what')} value={type} hint={t(`hub.command-${type.value}-what`)}>
        {types.map((one) => (
          <option key={one} value={one}>
            {t(`hub.command-${one}`)}
          </option>
        ))}
      </Choice>
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
          <Choice label={t('hub.command-setting')} value={setting}>
            {Object.keys(settings).map((one) => (
              <option key={one} value={one}>
                {t(`hub.setting-${one}`)}
              </option>
            ))}
          </Choice>
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
      <Choice label={t('hub.command-to')} value={to}>
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
      </Choice>
      <Choice label={t('hub.command-expires')} value={hours} hint={t('hub.command-expires-what')}>
        {expiries.map((one) => (
          <option key={one} value={one}>
            {one < 24 ? t('hub.hours-n', { n: one }) : t('hub.days-n', { n: one / 24 })}
          </option>
        ))}
      </Choice>
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

type ChoiceProps<T extends string> = { label: string; value: Signal<T>; hint?: string; children: ComponentChildren }

function Choice<T extends string>({ label, value, hint, children }: ChoiceProps<T>) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value.value}
        aria-describedby={`${id}-say`}
        onChange={(event) => {
          value.value = event.currentTarget.value as T
        }}
      >
        {children}
      </select>
      <small id={`${id}-say`} class="quiet">
        {hint}
      </small>
    </div>
  )
}
