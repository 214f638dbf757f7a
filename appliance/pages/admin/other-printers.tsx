import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { PluggedIn } from './printer.tsx'

type Printer = AdminView['printer']
type Other = NonNullable<Printer['settings']['others']>[number]

const most = 4

/** Printers besides the ticket printer: flows print labels and lists there, by their names. */
export function OtherPrinters({ printer }: { printer: Printer }) {
  const { others = [] } = printer.settings
  const adds = useSignal(false)
  const name = useSignal('')
  const host = useSignal('')
  const device = useSignal(printer.found[0]?.target ?? '')
  const isNetwork = useSignal(printer.found.length === 0)
  const width = useSignal<58 | 80>(80)
  const { submit, busy, problemOf } = useSubmit({ 'print.target': 'target', 'print.same-name': 'name' })

  const save = (next: Other[]) =>
    submit((send) => send('PUT', '/api/settings/printer', { settings: { ...printer.settings, others: next } }))

  async function add(event: Event) {
    event.preventDefault()
    const target = isNetwork.value ? `tcp://${host.value.trim()}` : device.value
    if (!(await save([...others, { name: name.value.trim(), target, width: width.value }]))) return
    name.value = ''
    host.value = ''
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
          <button
            type="button"
            class="button button-chili"
            disabled={busy}
            aria-label={t('admin.printers-remove', { name: other.name })}
            onClick={() => save(others.filter((one) => one.name !== other.name))}
          >
            {t('admin.printers-take-away')}
          </button>
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
          <label class="choice">
            {t('admin.printer-kind')}
            <select
              value={isNetwork.value ? 'network' : 'device'}
              onChange={(event) => {
                isNetwork.value = event.currentTarget.value === 'network'
              }}
            >
              <option value="network">{t('admin.printer-network')}</option>
              <option value="device">{t('admin.printer-device')}</option>
            </select>
          </label>
          {isNetwork.value ? (
            <Field
              label={t('admin.printer-host')}
              hint={t('admin.printer-host-what')}
              value={host}
              problem={problemOf('target')}
              required
              autocomplete="off"
              maxLength={120}
            />
          ) : (
            <PluggedIn
              found={printer.found}
              target={device.value}
              problem={problemOf('target')}
              choose={(chosen) => {
                device.value = chosen
              }}
            />
          )}
          <label class="choice">
            {t('admin.printer-width')}
            <select
              value={width.value}
              onChange={(event) => {
                width.value = event.currentTarget.value === '58' ? 58 : 80
              }}
            >
              <option value={58}>{t('admin.printer-58')}</option>
              <option value={80}>{t('admin.printer-80')}</option>
            </select>
          </label>
          {problemOf(null) && (
            <p class="wrong" role="alert">
              {problemOf(null)}
            </p>
          )}
          <div class="buttons">
            <button type="submit" class="button" disabled={busy || (!isNetwork.value && device.value === '')}>
              {t('admin.printers-save')}
            </button>
          </div>
        </form>
      )}
    </div>
  )
}
