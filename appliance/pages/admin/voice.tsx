import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { sayTried, type Tried } from '../ui/staff/tried-call.ts'
import { SaveRow } from './save-row.tsx'
import { VoiceClips } from './voice-clips.tsx'
import { VolumeRows } from './volumes.tsx'

type Props = Pick<AdminView, 'voice' | 'screens' | 'recordings' | 'services'>

/** Who speaks in the waiting room, how numbers are read, and how loud. */
export function VoiceForm({ voice, screens, recordings, services }: Props) {
  const typed = useSignal<AdminView['voice'] | null>(null)
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  const shown = typed.value ?? voice
  const displays = screens.filter(({ device }) => device.startsWith('display:'))
  const change = (part: Partial<AdminView['voice']>) => {
    typed.value = { ...shown, ...part }
  }

  async function save(event: Event) {
    event.preventDefault()
    saved.value = await submit((send) => send('PUT', '/api/settings/voice', { settings: shown }))
    if (saved.value) typed.value = null
  }

  return (
    <>
      <header class="room">
        <div>
          <h1>{t('admin.voice')}</h1>
          <p class="quiet">{t('admin.voice-what')}</p>
        </div>
      </header>
      <form class="group form" onSubmit={save}>
        <label class="choice">
          {t('admin.voice-speaker')}
          <select value={shown.speaker} onChange={(event) => change({ speaker: event.currentTarget.value })}>
            {displays.map(({ device, name }) => (
              <option key={device} value={device}>
                {name === device ? t('admin.voice-display', { n: device.slice('display:'.length) }) : name}
              </option>
            ))}
            {!displays.some(({ device }) => device === shown.speaker) && shown.speaker.startsWith('display') && (
              <option value={shown.speaker}>{t('admin.voice-first-display')}</option>
            )}
            <option value="box">{t('admin.voice-box')}</option>
            <option value="off">{t('admin.voice-off')}</option>
          </select>
        </label>
        <label class="choice">
          {t('admin.voice-style')}
          <select
            value={shown.style}
            onChange={(event) => change({ style: event.currentTarget.value === 'number' ? 'number' : 'digits' })}
          >
            <option value="digits">{t('admin.voice-digits')}</option>
            <option value="number">{t('admin.voice-number')}</option>
          </select>
        </label>
        <VolumeRows volumes={shown.volumes} change={(volumes) => change({ volumes })} />
        <SaveRow
          problem={problemOf(null)}
          disabled={busy || typed.value === null}
          saved={saved.value && typed.value === null}
        />
      </form>
      <TryCall off={shown.speaker === 'off'} screens={screens} />
      <VoiceClips recordings={recordings} services={services} />
    </>
  )
}

/** A call that is nobody's, so that somebody in the waiting room can say whether it is heard. */
export function TryCall({ off, screens }: { off: boolean; screens: AdminView['screens'] }) {
  const tried = useSignal<string | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  return (
    <div class="group form">
      <div class="buttons">
        <button
          type="button"
          class="button"
          disabled={busy || off}
          onClick={async () => {
            tried.value = null
            await submit(async (send) => {
              tried.value = sayTried(await send<Tried>('POST', '/api/voice/try'), screens)
            })
          }}
        >
          {t('admin.voice-try')}
        </button>
        <span role="status" class={problemOf(null) ? 'wrong' : 'quiet'}>
          {problemOf(null) ?? tried.value ?? t('admin.voice-try-what')}
        </span>
      </div>
    </div>
  )
}
