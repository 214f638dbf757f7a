import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { NetworkView } from '../../network/views.ts'
import { ask } from '../ui/api.ts'
import { now } from '../ui/clock.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'
import { NetworkForm } from './network-form.tsx'
import './network.css'

const lookEveryMs = 3_000

/** How the box is connected, and how the newest change went. Nothing where the machine's network is not Balai's. */
export function Network() {
  const view = useSignal<NetworkView | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  const load = () =>
    ask<NetworkView>('GET', '/api/network').then(
      (found) => {
        view.value = found
      },
      () => {}, // Out of reach after a change: tried again below.
    )
  useEffect(() => {
    void load()
    const timer = setInterval(load, lookEveryMs)
    return () => clearInterval(timer)
  }, [])

  if (!view.value?.managed) return null
  const { change, asked } = view.value
  const confirm = () =>
    submit(async (send) => {
      view.value = await send<NetworkView>('POST', '/api/network/confirm', {})
    })
  return (
    <section class="network">
      <h2>{t('technician.network')}</h2>
      {asked && <StateLine kind="cut">{t('technician.network-asked')}</StateLine>}
      {change?.outcome === 'trying' && (
        <article class="alarm">
          <h3>{t('technician.network-trying')}</h3>
          <p>
            {t('technician.network-trying-what', { n: Math.max(0, Math.round((change.until - now.value) / 1_000)) })}
          </p>
          <button type="button" class="button button-main" disabled={busy} onClick={confirm}>
            {t('technician.network-keep')}
          </button>
          <p class="wrong" role="status">
            {problemOf(null)}
          </p>
        </article>
      )}
      {change?.outcome === 'reverted' && <StateLine kind="cut">{t('technician.network-reverted')}</StateLine>}
      {change?.outcome === 'kept' && <p class="quiet">{t('technician.network-kept')}</p>}
      <NetworkForm
        key={JSON.stringify(view.value.settings)}
        settings={view.value.settings}
        changed={(found) => {
          view.value = found
        }}
      />
    </section>
  )
}
