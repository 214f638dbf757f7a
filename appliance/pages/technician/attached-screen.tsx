import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { AttachedScreenView, AttachedScreen as Shown } from '../../devices/views.ts'
import { ask } from '../ui/api.ts'
import { find, t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'

const pages = ['none', 'display', 'kiosk'] as const satisfies Shown['page'][]
const turns = [0, 90, 180, 270] as const satisfies Shown['turned'][]

/** What the screen shows that is plugged into the box itself. */
export function AttachedScreen() {
  const view = useSignal<AttachedScreenView | null>(null)
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  useEffect(() => {
    void ask<AttachedScreenView>('GET', '/api/devices/attached').then(
      (found) => {
        view.value = found
      },
      () => {},
    )
  }, [])

  // A machine that has no browser has nothing to choose.
  if (!view.value || (view.value.possible === 'no-browser' && view.value.page === 'none')) return null
  const { possible, page, turned } = view.value
  const show = (wanted: Shown) =>
    submit(async (send) => {
      saved.value = false
      view.value = await send<AttachedScreenView>('POST', '/api/devices/attached', wanted)
      saved.value = true
    })
  return (
    <div class="group form">
      <h3>{t('technician.attached')}</h3>
      <p class="quiet">{possible === 'memory' ? t('technician.attached-memory') : t('technician.attached-what')}</p>
      <label class="choice">
        {t('technician.attached-page')}
        <select
          value={page}
          disabled={busy || possible !== 'yes'}
          onChange={(event) => show({ page: event.currentTarget.value as Shown['page'], turned })}
        >
          {pages.map((one) => (
            <option key={one} value={one}>
              {find(`technician.attached-${one}`, {})}
            </option>
          ))}
        </select>
      </label>
      {page !== 'none' && (
        <label class="choice">
          {t('technician.attached-turned')}
          <select
            value={String(turned)}
            disabled={busy || possible !== 'yes'}
            onChange={(event) => show({ page, turned: Number(event.currentTarget.value) as Shown['turned'] })}
          >
            {turns.map((one) => (
              <option key={one} value={String(one)}>
                {find(`technician.attached-turn-${one}`, {})}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class={problemOf(null) ? 'wrong' : 'quiet'} role="status">
        {problemOf(null) ?? (saved.value && t('technician.attached-saved'))}
      </p>
    </div>
  )
}
