import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { Problem } from '../ui/staff/problem.tsx'
import { RemoveButton } from '../ui/staff/remove-button.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { isUnchosen, PrinterPlace, type TypedPlace, targetOf } from './printer-place.tsx'

type Printer = AdminView['printer']
type Other = NonNullable<Printer['settings']['others']>[number]

const most = 4

/** Printers besides the ticket printer: flows print labels and lists there, by their names. */
export function OtherPrinters({ printer }: { printer: Printer }) {
  const { others = [] } = printer.settings
  const adds = useSignal(false)
  const name = useSignal('')
  const [first] = printer.found
  const place = useSignal<TypedPlace>({
    kind: first ? 'device' : 'network',
    host: '',
    device: first?.target ?? '',
    width: 80,
  })
  const { submit, busy, problemOf } = useSubmit({ 'print.target': 'target', 'print.same-name': 'name' })

  const save = (next: Other[]) =>
    submit((send) => send('PUT', '/api/settings/printer', { settings: { ...printer.settings, others: next } }))

  async function add(event: Event) {
    event.preventDefault()
    const other = { name: name.value.trim(), target: targetOf(place.value), width: place.value.width }
    if (!(await save([...others, other]))) return
    name.value = ''
    place.value = { ...place.value, host: '' }
    adds.value = false
  }

  return (
    <div class="group form printer">
      <h2>{t('admin.printers')}</h2>
      <p class="quiet">{t('admin.printers-what')}</p>
      {others.map((other) => (
        <div class="buttons" key={other.name}>
          <span>
            <b>{other.name}</b> <span class="quiet">{other.target.replace(/^(tcp:\/\/|file:)/, '')}</span>
          </span>
          <RemoveButton
            word={t('admin.printers-take-away')}
            label={t('admin.printers-remove', { name: other.name })}
            busy={busy}
            onRemove={() => save(others.filter((one) => one.name !== other.name))}
          />
        </div>
      ))}
      {others.length < most && !adds.value && (
        <div class="buttons">
          <button
            type="button"
            class="button"
            onClick={() => {
              adds.value = true
            }}
          >
            {t('admin.printers-add')}
          </button>
        </div>
      )}
      {adds.value && (
        <form class="form" onSubmit={add}>
          <Field
            label={t('admin.printers-name')}
            hint={t('admin.printers-name-what')}
            value={name}
            problem={problemOf('name')}
            required
            maxLength={60}
            autocomplete="off"
          />
          <PrinterPlace
            typed={place.value}
            change={(part) => {
              place.value = { ...place.value, ...part }
            }}
            found={printer.found}
            problem={problemOf('target')}
          />
          <Problem sentence={problemOf(null)} />
          <div class="buttons">
            <button type="submit" class="button" disabled={busy || isUnchosen(place.value)}>
              {t('admin.printers-save')}
            </button>
          </div>
        </form>
      )}
    </div>
  )
}
