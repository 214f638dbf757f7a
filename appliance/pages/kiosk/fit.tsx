import type { Signal } from '@preact/signals'
import { ArrowDownToLine, Contrast, Hand, ZoomIn } from 'lucide-preact'
import { useLayoutEffect } from 'preact/hooks'
import { type MessageKey, t } from '../ui/messages.ts'
import './fit.css'

/** How one visitor wants the screen; the next one finds it as it was set up. */
export type Fit = ReadonlySet<'low' | 'left' | 'large' | 'contrast'>

const choices = [
  ['low', 'kiosk.fit-low', ArrowDownToLine],
  ['left', 'kiosk.fit-left', Hand],
  ['large', 'kiosk.fit-large', ZoomIn],
  ['contrast', 'kiosk.fit-contrast', Contrast],
] as const satisfies readonly (readonly [string, MessageKey, typeof Hand])[]

export const asSetUp: Fit = new Set()

/** Puts the choices on the page itself: every screen of the kiosk follows them. */
export function useFit(fit: Signal<Fit>): void {
  // Before the next frame: the next visitor never sees what the last one chose.
  useLayoutEffect(() => {
    for (const [name] of choices) document.documentElement.classList.toggle(name, fit.value.has(name))
  }, [fit.value])
}

/** Lower, for the left hand, larger, stronger. */
export function Fits({ fit }: { fit: Signal<Fit> }) {
  return (
    <fieldset class="fits">
      <legend>{t('kiosk.fit-what')}</legend>
      {choices.map(([name, words, Icon]) => (
        <button
          key={name}
          type="button"
          aria-pressed={fit.value.has(name)}
          onClick={() => {
            const fresh = new Set(fit.value)
            if (!fresh.delete(name)) fresh.add(name)
            fit.value = fresh
          }}
        >
          <Icon class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t(words)}
        </button>
      ))}
    </fieldset>
  )
}
