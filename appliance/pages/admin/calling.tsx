import { type Signal, useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { SaveRow } from './save-row.tsx'

type Settings = AdminView['settings']
type Name = Exclude<keyof Settings, 'draftLanguages'>

/** Its name, label and hint, and the least and the most that it may be. */
type Setting = readonly [Name, MessageKey, MessageKey, number, number]

const calling = [
  ['recalls', 'admin.recalls', 'admin.recalls-what', 0, 9],
  ['missAfterSeconds', 'admin.miss-after', 'admin.miss-after-what', 10, 600],
  ['returnAfter', 'admin.return-after', 'admin.return-after-what', 1, 50],
  ['normalsPerPriority', 'admin.normals-per-priority', 'admin.normals-per-priority-what', 1, 9],
  ['autoCallSeconds', 'admin.auto-call', 'admin.auto-call-what', 0, 120],
] as const satisfies readonly Setting[]

const booking = [
  ['bookingsPerWindow', 'admin.bookings-per-window', 'admin.bookings-per-window-what', 0, 20],
  ['windowMinutes', 'admin.window-minutes', 'admin.window-minutes-what', 15, 120],
  ['bookingDays', 'admin.booking-days', 'admin.booking-days-what', 1, 60],
  ['phonePercent', 'admin.phone-percent', 'admin.phone-percent-what', 0, 100],
  ['bookedPercent', 'admin.booked-percent', 'admin.booked-percent-what', 0, 100],
  ['graceMinutes', 'admin.grace-minutes', 'admin.grace-minutes-what', 0, 120],
] as const satisfies readonly Setting[]

const opening = [
  ['earlyMinutes', 'admin.early-minutes', 'admin.early-minutes-what', 0, 240],
  ['closeAfterMinutes', 'admin.close-after', 'admin.close-after-what', 0, 720],
  ['dayBeginsHour', 'admin.day-begins', 'admin.day-begins-what', 0, 12],
] as const satisfies readonly Setting[]

/** How this office calls: recalls, missed tickets, priority. */
export const CallingSettings = ({ settings }: { settings: Settings }) => (
  <>
    <header class="room">
      <div>
        <h1>{t('admin.calling')}</h1>
        <p class="quiet">{t('admin.calling-what')}</p>
      </div>
    </header>
    <SettingsForm settings={settings} fields={calling} />
  </>
)

/** Whether and how citizens book a time. */
export const BookingSettings = ({ settings }: { settings: Settings }) => (
  <>
    <header class="room">
      <div>
        <h1>{t('admin.bookings')}</h1>
        <p class="quiet">{t('admin.bookings-what')}</p>
      </div>
    </header>
    <SettingsForm settings={settings} fields={booking} />
  </>
)

/** What goes with the hours: before the office opens, after it closes. */
export const OpeningSettings = ({ settings }: { settings: Settings }) => (
  <SettingsForm settings={settings} fields={opening} />
)

/** Numbers of one kind; the others stay as they are. */
function SettingsForm({ settings, fields }: { settings: Settings; fields: readonly Setting[] }) {
  const typed = useSignal<Partial<Record<Name, string>>>({})
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit(
    {},
    fields.map(([name]) => name),
  )
  const value = (name: Name) =>
    ({
      get value() {
        return typed.value[name] ?? String(settings[name])
      },
      set value(fresh: string) {
        typed.value = { ...typed.value, [name]: fresh }
      },
    }) as Signal<string>

  async function save(event: Event) {
    event.preventDefault()
    const typedNumbers = Object.fromEntries(fields.map(([name]) => [name, Number(value(name).value)]))
    const whole = { ...settings, ...typedNumbers }
    saved.value = await submit((send) => send('PUT', '/api/settings/queue', { settings: whole }))
    if (saved.value) typed.value = {}
  }

  return (
    <form class="group form" onSubmit={save}>
      {fields.map(([name, label, hint, min, max]) => (
        <Field
          key={name}
          label={t(label)}
          hint={t(hint)}
          value={value(name)}
          problem={problemOf(name)}
          required
          type="number"
          min={min}
          max={max}
          class="letter"
        />
      ))}
      <SaveRow problem={problemOf(null)} disabled={busy || Object.keys(typed.value).length === 0} saved={saved.value} />
    </form>
  )
}
