import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

const beats = [0, 0.35, 0.7]

/**
 * Vibrates and sounds each time `rings` grows. Browsers are silent before a first touch, so the page asks for one and
 * says whether it may sound.
 */
export function useAlert(rings: number) {
  const context = useRef<AudioContext | null>(null)
  const ready = useSignal(false)
  const announced = useRef(0)

  useEffect(() => {
    const look = () => {
      ready.value = context.current?.state === 'running'
    }
    const wake = () => {
      context.current?.resume().then(look, look)
    }
    const touch = () => {
      if (!context.current) {
        context.current = new AudioContext()
        context.current.addEventListener('statechange', look)
      }
      wake()
    }
    // A finger that comes down is no activation yet, one that goes up is; a locked screen puts the sound to sleep.
    const seen = () => document.visibilityState === 'visible' && wake()
    addEventListener('pointerup', touch)
    addEventListener('keydown', touch)
    document.addEventListener('visibilitychange', seen)
    return () => {
      removeEventListener('pointerup', touch)
      removeEventListener('keydown', touch)
      document.removeEventListener('visibilitychange', seen)
      void context.current?.close()
    }
  }, [])

  useEffect(() => {
    if (rings > announced.current) {
      navigator.vibrate?.([400, 200, 400, 200, 600])
      if (context.current) ring(context.current)
    }
    announced.current = rings
  }, [rings])

  return ready
}

function ring(context: AudioContext) {
  for (const at of beats) {
    const tone = context.createOscillator()
    const volume = context.createGain()
    const start = context.currentTime + at
    tone.frequency.value = 880
    volume.gain.setValueAtTime(0.0001, start)
    volume.gain.exponentialRampToValueAtTime(0.6, start + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.28)
    tone.connect(volume).connect(context.destination)
    tone.start(start)
    tone.stop(start + 0.3)
  }
}
