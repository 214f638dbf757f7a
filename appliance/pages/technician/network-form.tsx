import { type Signal, useSignal } from '@preact/signals'
import type { NetworkView } from '../../network/views.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

type Props = { settings: NetworkView['settings']; changed: (view: NetworkView) => void }

const places = ['address', 'gateway', 'dns', 'wifi', 'hotspot', 'apn'] as const

/** Empty fields are what is not there: no address is DHCP, no Wi-Fi name is no Wi-Fi. */
export function NetworkForm({ settings, changed }: Props) {
  const address = useSignal(settings.address ?? '')
  const gateway = useSignal(settings.gateway ?? '')
  const dns = useSignal(settings.dns?.join(' ') ?? '')
  const apn = useSignal(settings.apn ?? '')
  const wifi = { name: useSignal(settings.wifi?.name ?? ''), password: useSignal('') }
  const hotspot = { name: useSignal(settings.hotspot?.name ?? ''), password: useSignal('') }
  const { submit, busy, problemOf } = useSubmit(
    Object.fromEntries(places.map((place) => [`network.${place}`, place])),
    places,
  )

  async function save(event: Event) {
    event.preventDefault()
    const body = {
      ...text('address', address),
      ...text('gateway', gateway),
      ...(dns.value.trim() ? { dns: dns.value.trim().split(/[\s,;]+/) } : {}),
      ...radio('wifi', wifi),
      ...radio('hotspot', hotspot),
      ...text('apn', apn),
    }
    await submit(async (send) => changed(await send<NetworkView>('PUT', '/api/network', { settings: body })))
  }

  const known = (has: boolean | undefined) =>
    has ? t('technician.network-password-kept') : t('technician.network-password-hint')
  const field = (place: (typeof places)[number]) => ({ problem: problemOf(place), autocomplete: 'off' })
  return (
    <form class="group network-form" onSubmit={save}>
      <fieldset>
        <legend>{t('technician.network-cable')}</legend>
        <Field
          label={t('technician.network-address')}
          hint={t('technician.network-address-hint')}
          value={address}
          {...field('address')}
        />
        <Field
          label={t('technician.network-gateway')}
          hint={t('technician.network-gateway-hint')}
          value={gateway}
          {...field('gateway')}
        />
        <Field
          label={t('technician.network-dns')}
          hint={t('technician.network-dns-hint')}
          value={dns}
          {...field('dns')}
        />
      </fieldset>
      <fieldset>
        <legend>{t('technician.network-wifi')}</legend>
        <Field
          label={t('technician.network-name')}
          hint={t('technician.network-wifi-hint')}
          value={wifi.name}
          maxLength={32}
          {...field('wifi')}
        />
        <Field
          label={t('technician.network-password')}
          hint={known(settings.wifi?.hasPassword)}
          value={wifi.password}
          type="password"
          maxLength={63}
          autocomplete="off"
        />
      </fieldset>
      <fieldset>
        <legend>{t('technician.network-hotspot')}</legend>
        <Field
          label={t('technician.network-name')}
          hint={t('technician.network-hotspot-hint')}
          value={hotspot.name}
          maxLength={32}
          {...field('hotspot')}
        />
        <Field
          label={t('technician.network-password')}
          hint={known(settings.hotspot?.hasPassword)}
          value={hotspot.password}
          type="password"
          maxLength={63}
          autocomplete="off"
        />
      </fieldset>
      <fieldset>
        <legend>{t('technician.network-gsm')}</legend>
        <Field
          label={t('technician.network-apn')}
          hint={t('technician.network-apn-hint')}
          value={apn}
          {...field('apn')}
        />
      </fieldset>
      <footer>
        <button type="submit" class="button button-main" disabled={busy}>
          {t('technician.network-try')}
        </button>
        <p class={problemOf(null) ? 'wrong' : 'quiet'} role="status">
          {problemOf(null) ?? t('technician.network-try-what')}
        </p>
      </footer>
    </form>
  )
}

const text = (name: string, value: Signal<string>) => (value.value.trim() ? { [name]: value.value.trim() } : {})

const radio = (kind: string, { name, password }: { name: Signal<string>; password: Signal<string> }) =>
  name.value.trim()
    ? { [kind]: { name: name.value.trim(), ...(password.value ? { password: password.value } : {}) } }
    : {}
