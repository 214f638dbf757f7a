import { useSignal } from '@preact/signals'
import { hourMs } from '../../appliance/base/time.ts'
import { operators } from '../../appliance/base/web/callers.ts'
import { ask } from '../../appliance/pages/ui/api.ts'
import { now, zone } from '../../appliance/pages/ui/clock.ts'
import { formatMoment, fromWall, toWall } from '../../appliance/pages/ui/format.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { DayField } from '../../appliance/pages/ui/staff/day-field.tsx'
import { Field } from '../../appliance/pages/ui/staff/field.tsx'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import { SelectField } from '../../appliance/pages/ui/staff/select-field.tsx'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { TimeField } from '../../appliance/pages/ui/staff/time-field.tsx'
import { SpanField } from './span-field.tsx'
import type { VillageRow, Work } from './view.ts'

const lengths = [1, 2, 4, 8, 24, 72, 168]

/** Work that is planned at a village or in all of its district: meanwhile its alarms need nobody. */
export function PlannedWork({ row, work, me }: { row: VillageRow; work: readonly Work[]; me: Me }) {
  const planning = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  const here = work.filter(({ place }) => row.village.startsWith(place))
  const may = operators.some((role) => role === me.role)
  if (!may && here.length === 0) return null
  return (
    <section class="group">
      <h2>{t('hub.work')}</h2>
      {here.length > 0 && (
        <ul>
          {here.map((one) => (
            <li key={one.work}>
              <b>{one.reason}</b>
              <span>{`${formatMoment(one.begins)} – ${formatMoment(one.ends)}`}</span>
              <span class="quiet">
                {[one.name, ...(one.place.length === 10 ? [] : [placeOf(one.place, row)])].join(' · ')}
              </span>
              {may && (
                <button
                  type="button"
                  class="button button-quiet"
                  disabled={busy}
                  onClick={() => submit(() => ask('DELETE', `/api/work/${one.work}`, {}))}
                >
                  {t('hub.end-work')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {problemOf(null) && <p class="wrong">{problemOf(null)}</p>}
      {planning.value && (
        <Plan
          row={row}
          close={() => {
            planning.value = false
          }}
        />
      )}
      {may && !planning.value && (
        <button
          type="button"
          class="button"
          onClick={() => {
            planning.value = true
          }}
        >
          {t('hub.plan-work')}
        </button>
      )}
    </section>
  )
}

const placeOf = (place: string, row: VillageRow) =>
  place === '' ? t('hub.all-villages') : t('hub.in-district', { district: row.district })

function Plan({ row, close }: { row: VillageRow; close: () => void }) {
  const starts = toWall(now.peek(), zone.peek())
  const [date, time] = [useSignal(starts.date), useSignal(starts.time)]
  const [hours, place, reason] = [useSignal('4'), useSignal(row.village), useSignal('')]
  const { submit, busy, problemOf } = useSubmit({}, ['reason', 'begins'])
  async function save() {
    const begins = fromWall(date.value, time.value, zone.value) ?? now.value
    const body = { place: place.value, begins, ends: begins + Number(hours.value) * hourMs, reason: reason.value }
    if (await submit(() => ask('POST', '/api/work', body))) close()
  }
  return (
    <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
      <Field label={t('hub.work-reason')} value={reason} maxLength={200} required problem={problemOf('reason')} />
      <SelectField label={t('hub.work-place')} value={place}>
        <option value={row.village}>{row.name}</option>
        <option value={row.village.slice(0, 6)}>{t('hub.in-district', { district: row.district })}</option>
      </SelectField>
      <DayField label={t('hub.work-day')} value={date} problem={problemOf('begins')} />
      <TimeField label={t('hub.work-time')} value={time} />
      <SpanField label={t('hub.work-length')} value={hours} hours={lengths} />
    </Form>
  )
}
