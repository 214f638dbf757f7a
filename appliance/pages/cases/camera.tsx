import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { drawFitting } from '../ui/draw-picture.ts'
import { t } from '../ui/messages.ts'
import { workSide } from './photo-file.ts'

/** Whether this page may use a camera: browsers ask for HTTPS. */
export const hasCamera = (): boolean => Boolean(navigator.mediaDevices?.getUserMedia)

/** The counter's own camera, until a photo is taken of what it sees. */
export function Camera({ taken, close }: { taken: (picture: HTMLCanvasElement) => void; close: () => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const go = useRef<HTMLButtonElement>(null)
  const state = useSignal<'starting' | 'on' | 'none'>('starting')
  useEffect(() => {
    let stream: MediaStream | null = null
    let isOver = false
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
    const wanted = { facingMode: { ideal: 'environment' }, width: { ideal: 2_560 }, height: { ideal: 1_920 } }
    navigator.mediaDevices.getUserMedia({ video: wanted, audio: false }).then(
      async (found) => {
        stream = found
        if (isOver || !video.current) return stop()
        video.current.srcObject = found
        await video.current.play().catch(() => {})
        state.value = 'on'
      },
      () => {
        state.value = 'none'
      },
    )
    return () => {
      isOver = true
      stop()
    }
  }, [])
  useEffect(() => {
    if (state.value === 'on') go.current?.focus()
  }, [state.value])
  function take() {
    if (!video.current) return
    const { videoWidth: width, videoHeight: height } = video.current
    if (width > 0) taken(drawFitting(video.current, { width, height }, workSide))
  }
  return (
    <div class="straighten">
      <video
        ref={video}
        class="camera"
        muted
        playsInline
        aria-label={t('photo.camera-sees')}
        hidden={state.value === 'none'}
      />
      {state.value === 'none' && (
        <p class="wrong" role="alert">
          {t('photo.no-camera')}
        </p>
      )}
      <div class="buttons">
        {state.value !== 'none' && (
          <button ref={go} type="button" class="button button-main" disabled={state.value !== 'on'} onClick={take}>
            {t('photo.take')}
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={close}>
          {t('ui.cancel')}
        </button>
      </div>
    </div>
  )
}
