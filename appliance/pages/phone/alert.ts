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
    const touch = () => {
      context.current ??= new AudioContext()
      void context.current.resume().then(() => {
        ready.value = true
      })
    }
    addEventListener('pointerdown', touch)
    return () => removeEventListener('pointerdown', touch)
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
