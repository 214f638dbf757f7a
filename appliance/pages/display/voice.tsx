import { useSignal } from '@preact/signals'
import { Volume2 } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import type { DisplayView } from '../../queue/views/display.ts'
import { finish, hear, silent, speakNext } from '../../voice/announcer.ts'
import { sentence } from '../../voice/sentence.ts'
import { ask } from '../ui/api.ts'
import { t } from '../ui/messages.ts'

const lookMs = 250

/**
 * Speaks calls one after another when this display is the room's speaker. A browser that wants a touch first gets one
 * button, and the box is told that nobody hears anything.
 */
export function Voice({ view, device }: { view: DisplayView; device: string }) {
  const blocked = useSignal(false)
  const announcing = useRef(silent)
  const settings = useRef(view.voice)
  settings.current = view.voice
  const speaks = view.voice.speaker === device && view.voice.volumePercent > 0

  function setBlocked(state: boolean): void {
    if (blocked.value === state) return
    blocked.value = state
    ask('POST', '/api/device/sound', { canPlay: !state }).catch(() => {})
  }

  useEffect(() => {
    if (speaks) announcing.current = hear(announcing.current, [...view.voice.trials, ...view.calls], performance.now())
  }, [view])

  useEffect(() => {
    if (!speaks) return
    const look = setInterval(async () => {
      const next = speakNext(announcing.current, performance.now())
      announcing.current = next.state
      if (!next.speak) return
      try {
        const { style, volumePercent } = settings.current
        for (const clip of sentence({ ...next.speak, style })) await playClip(clip, volumePercent)
        setBlocked(false)
      } catch (error) {
        if (error instanceof DOMException && error.name === 'NotAllowedError') setBlocked(true)
      }
      announcing.current = finish(announcing.current)
    }, lookMs)
    return () => clearInterval(look)
  }, [speaks])

  if (!speaks || !blocked.value) return null
  return (
    <button
      type="button"
      class="sound-on"
      onClick={() =>
        playClip('chime', view.voice.volumePercent).then(
          () => setBlocked(false),
          () => {},
        )
      }
    >
      <Volume2 class="icon" strokeWidth={1.8} aria-hidden="true" />
      {t('display.sound-on')}
    </button>
  )
}

/** Resolves when the clip was heard to its end. */
function playClip(clip: string, volumePercent: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const audio = new Audio(`/voice/${clip}.mp3`)
    audio.volume = volumePercent / 100
    audio.addEventListener('ended', () => resolve())
    audio.addEventListener('error', () => reject(new Error(`${clip} could not be played`)))
    audio.play().catch(reject)
  })
}
