import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { AttachedScreenView, AttachedScreen as Shown } from '../../devices/views.ts'
import { ask } from '../ui/api.ts'
import { find, t } from '../ui/messages.ts'
import { SelectField } from '../ui/staff/select-field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

const pages = ['none', 'display', 'kiosk'] as const satisfies Shown['page'][]
const turns = ['0', '90', '180', '270'] as const satisfies `${Shown['turned']}`[]

/** What the screen shows that is plugged into the box itself. */
export function AttachedScreen() {
  const view = useSignal<AttachedScreenView | null>(null)
  const page = useSignal<Shown['page']>('none')
  const turned = useSignal<(typeof turns)[number]>('0')
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  const take = (found: AttachedScreenView) => {
    view.value = found
    page.value = found.page
    turned.value = `${found.turned}`
  }
  useEffect(() => void ask<AttachedScreenView>('GET', '/api/devices/attached').then(take, () => {}), [])

  // A machine that has no browser has nothing to choose.
  if (!view.value || view.value.possible === 'no-browser') return null
  const isPossible = view.value.possible === 'yes'
  async function save(event: Event) {
    event.preventDefault()
    saved.value = false
    const wanted: Shown = { page: page.value, turned: Number(turned.value) as Shown['turned'] }
    saved.value = await submit(async (send) => take(await send('POST', '/api/devices/attached', wanted)))
  }
  return (
    <form class="group pair" onSubmit={save}>
      <h3>{t('technician.attached')}</h3>
      <p class="quiet">{t(isPossible ? 'technician.attached-what' : 'technician.attached-memory')}</p>
      {isPossible && (
        <>
          <SelectField label={t('technician.attached-page')} value={page}>
            {pages.map((one) => (
              <option key={one} value={one}>
                {find(`technician.attached-${one}`, {})}
              </option>
            ))}
          </SelectField>
          <SelectField label={t('technician.attached-turned')} value={turned}>
            {turns.map((one) => (
              <option key={one} value={one}>
                {find(`technician.attached-turn-${one}`, {})}
              </option>
            ))}
          </SelectField>
          <button type="submit" class="button" disabled={busy}>
            {t('technician.attached-show')}
          </button>
        </>
      )}
      <p class={problemOf(null) ? 'wrong' : 'quiet'} role="status">
        {problemOf(null) ?? (saved.value && t('technician.attached-saved'))}
      </p>
    </form>
  )
}
