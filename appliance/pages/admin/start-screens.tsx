import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import type { Tab } from './tabs.ts'
import { TryCall } from './voice.tsx'

type Props = { view: AdminView; next: () => void; go: (tab: Tab) => void; scanned: string | null }

/** Kiosk and display by the code on their screens; printer and voice where they are wanted. What is open now counts. */
export function ScreensStep({ view: { screens, start, printer, voice }, next, go, scanned }: Props) {
  const kinds = [
    ['kiosk', t('admin.start-kiosk')],
    ['display', t('admin.start-display')],
  ] as const
  return (
    <>
      <ul class="names">
        {kinds.map(([kind, what]) => {
          const here = screens.filter(({ device, open }) => open && device.startsWith(`${kind}:`))
          return (
            <li key={kind}>
              <b>{what}</b>{' '}
              {here.length > 0
                ? here.map(nameOf).join(', ')
                : t('admin.start-open', { address: `${start.address}/${kind}` })}
            </li>
          )
        })}
        <li>
          <b>{t('admin.printer')}</b> {printer.settings.target || t('admin.printer-none')}
        </li>
      </ul>
      <Pair scanned={scanned} />
      {screens.some(({ device }) => device.startsWith('display:')) && (
        <TryCall off={voice.speaker === 'off'} screens={screens} />
      )}
      <div class="buttons">
        <button type="button" class="button button-main" onClick={next}>
          {t('admin.start-next')}
        </button>
        <button type="button" class="button" onClick={() => go('printer')}>
          {t('admin.start-printer')}
        </button>
        <button type="button" class="button" onClick={() => go('voice')}>
          {t('admin.voice')}
        </button>
      </div>
    </>
  )
}

/** A screen on the box itself was given no name by anybody. */
const nameOf = ({ device, name }: AdminView['screens'][number]) => (name === device ? t('admin.screen-here') : name)

/** The six digits that a new screen shows; `scanned`: a phone read them there. */
function Pair({ scanned }: { scanned: string | null }) {
  const code = useSignal(scanned ?? '')
  const name = useSignal('')
  const paired = useSignal(false)
  const { submit, busy, problemOf } = useSubmit({ 'lan.code-unknown': 'code' }, ['code', 'name'])

  async function approve(event: Event) {
    event.preventDefault()
    const body = { code: code.value.replace(/\s/g, ''), name: name.value.trim() }
    paired.value = await submit((send) => send('POST', '/api/devices/approve', body))
    if (!paired.value) return
    code.value = ''
    name.value = ''
  }
  return (
    <form class="pair" onSubmit={approve}>
      <Field
        label={t('admin.start-code')}
        hint={t('admin.start-code-where')}
        value={code}
        problem={problemOf('code')}
        required
        inputMode="numeric"
        pattern="\s*\d{3}\s*\d{3}\s*"
        autocomplete="off"
        class="six"
      />
      <Field
        label={t('admin.name')}
        hint={t('admin.start-screen-name')}
        value={name}
        problem={problemOf('name')}
        required
        maxLength={40}
      />
      <div class="buttons">
        <button type="submit" class="button" disabled={busy}>
          {t('admin.start-pair')}
        </button>
        <span role="status" class={problemOf(null) ? 'wrong' : 'quiet'}>
          {problemOf(null) ?? (paired.value && t('admin.start-paired'))}
        </span>
      </div>
    </form>
  )
}
