import { useSignal } from '@preact/signals'
import type { TechnicianView } from '../../health/views.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { RemoveButton } from '../ui/staff/remove-button.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { AttachedScreen } from './attached-screen.tsx'

type Device = TechnicianView['devices'][number]

/** Kiosks and displays: a new one by the code on its screen, an old one away. */
export function Devices({ devices }: { devices: Device[] }) {
  return (
    <section class="devices">
      <h2>{t('technician.devices')}</h2>
      <Pair />
      {devices.length === 0 && <p class="quiet">{t('technician.no-devices')}</p>}
      {devices.length > 0 && (
        <ul class="group">
          {devices.map((device) => (
            <DeviceRow key={device.device} device={device} />
          ))}
        </ul>
      )}
      <AttachedScreen />
    </section>
  )
}

function Pair() {
  const code = useSignal('')
  const name = useSignal('')
  const paired = useSignal<string | null>(null)
  const { submit, busy, problemOf } = useSubmit({ 'lan.code-unknown': 'code', 'people.name-taken': 'name' }, [
    'code',
    'name',
  ])

  async function approve(event: Event) {
    event.preventDefault()
    paired.value = null
    const body = { code: code.value.replace(/\s/g, ''), name: name.value.trim() }
    if (!(await submit((send) => send('POST', '/api/devices/approve', body)))) return
    paired.value = body.name
    code.value = ''
    name.value = ''
  }

  return (
    <form class="group pair" onSubmit={approve}>
      <Field
        label={t('technician.code')}
        hint={t('technician.code-where')}
        value={code}
        problem={problemOf('code')}
        required
        inputMode="numeric"
        pattern="\s*\d{3}\s*\d{3}\s*"
        autocomplete="off"
      />
      <Field
        label={t('technician.device-name')}
        hint={t('technician.device-name-what')}
        value={name}
        problem={problemOf('name')}
        required
        maxLength={40}
      />
      <button type="submit" class="button button-main" disabled={busy}>
        {t('technician.pair')}
      </button>
      <p class={problemOf(null) ? 'wrong' : 'quiet'} role="status">
        {problemOf(null) ?? (paired.value && t('technician.paired', { name: paired.value }))}
      </p>
    </form>
  )
}

function DeviceRow({ device }: { device: Device }) {
  const { submit, busy, problemOf } = useSubmit()
  return (
    <li class="reading">
      <i class={`dot ${device.connected ? '' : 'off'}`} aria-hidden="true" />
      <b>{device.name}</b>
      <span>
        {device.connected ? t('technician.device-open') : t('technician.device-shut')}; {device.device};{' '}
        {t('technician.paired-at', { moment: formatMoment(device.pairedAt) })}
        {problemOf(null) && <em class="wrong">{problemOf(null)}</em>}
      </span>
      <RemoveButton
        word={t('technician.remove')}
        label={t('technician.remove-device', { name: device.name })}
        busy={busy}
        onRemove={() => submit((send) => send('DELETE', `/api/devices/${encodeURIComponent(device.device)}`))}
      />
    </li>
  )
}
