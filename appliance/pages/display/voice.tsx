import { useSignal } from '@preact/signals'
import { Volume2 } from 'lucide-preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { DisplayView } from '../../screens/display-view.ts'
import { type Call, finish, hear, silent, speakNext } from '../../voice/announcer.ts'
import { sentence } from '../../voice/sentence.ts'
import { ask } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { createClipPlayer } from '../ui/play-clip.ts'

const lookMs = 250

/**
 * Speaks calls one after another when this display is the room's speaker. A browser that wants a touch first gets one
 * button; whatever keeps a call from being heard, the box is told, and the next call is spoken all the same.
 */
export function Voice({ view, device }: { view: DisplayView; device: string }) {
  const player = useMemo(createClipPlayer, [])
  const blocked = useSignal<Call | null>(null)
  const announcing = useRef(silent)
  const settings = useRef(view.voice)
  settings.current = view.voice
  /** What the box knows; null: nothing yet. A message that was lost goes again with the next call. */
  const told = useRef<boolean | null>(null)
  const speaks = view.voice.speaker === device && view.voice.volumePercent > 0

  function tell(canPlay: boolean, call: string): void {
    const isTrial = settings.current.trials.some((trial) => trial.call === call)
    if (told.current === canPlay && !isTrial) return
    ask('POST', '/api/device/sound', { canPlay, call }).then(
      () => {
        told.current = canPlay
      },
      () => {},
    )
  }

  async function speak(call: Call): Promise<void> {
    const { style, volumePercent } = settings.current
    try {
      for (const [index, clip] of sentence({ ...call, style }).entries()) {
        await player.play(clip, volumePercent)
        if (index === 0) tell(true, call.call)
      }
      blocked.value = null
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') blocked.value = call
      tell(false, call.call)
    }
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
      await speak(next.speak)
      announcing.current = finish(announcing.current)
    }, lookMs)
    return () => clearInterval(look)
  }, [speaks])

  const unheard = blocked.value
  if (!speaks || !unheard) return null
  return (
    <button type="button" class="sound-on" onClick={() => speak(unheard)}>
      <Volume2 class="icon" strokeWidth={1.8} aria-hidden="true" />
      {t('display.sound-on')}
    </button>
  )
}
