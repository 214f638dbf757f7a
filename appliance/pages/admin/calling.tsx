import { type Signal, useSignal } from '@preact/signals'
import type { AdminView } from '../../queue/views.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { SaveRow } from './save-row.tsx'

type Settings = AdminView['settings']
type Name = keyof Settings

const fields = [
  ['recalls', 'admin.recalls', 'admin.recalls-what', 0, 9],
  ['missAfterSeconds', 'admin.miss-after', 'admin.miss-after-what', 10, 600],
  ['returnAfter', 'admin.return-after', 'admin.return-after-what', 1, 50],
  ['normalsPerPriority', 'admin.normals-per-priority', 'admin.normals-per-priority-what', 1, 9],
  ['autoCallSeconds', 'admin.auto-call', 'admin.auto-call-what', 0, 120],
] as const satisfies readonly (readonly [Name, MessageKey, MessageKey, number, number])[]

/** How this office calls: recalls, missed tickets, priority. */
export function CallingSettings({ settings }: { settings: Settings }) {
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
    const whole = Object.fromEntries(fields.map(([name]) => [name, Number(value(name).value)]))
    saved.value = await submit((send) => send('PUT', '/api/settings/queue', { settings: whole }))
    if (saved.value) typed.value = {}
  }

  return (
    <>
      <header class="room">
        <div>
          <h1>{t('admin.calling')}</h1>
          <p class="quiet">{t('admin.calling-what')}</p>
        </div>
      </header>
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
        <SaveRow
          problem={problemOf(null)}
          disabled={busy || Object.keys(typed.value).length === 0}
          saved={saved.value}
        />
      </form>
    </>
  )
}
