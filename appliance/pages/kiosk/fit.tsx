import { type Signal, useSignal } from '@preact/signals'
import { Accessibility } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import { type MessageKey, t } from '../ui/messages.ts'
import './fit.css'

/** How one visitor wants the screen; the next one finds it as it was set up. */
export type Fit = ReadonlySet<'low' | 'left' | 'large' | 'contrast'>

const choices = [
  ['low', 'kiosk.fit-low'],
  ['left', 'kiosk.fit-left'],
  ['large', 'kiosk.fit-large'],
  ['contrast', 'kiosk.fit-contrast'],
] as const satisfies readonly (readonly [string, MessageKey])[]

export const asSetUp: Fit = new Set()

/** Puts the choices on the page itself: every screen of the kiosk follows them. */
export function useFit(fit: Signal<Fit>): void {
  useEffect(() => {
    for (const [name] of choices) document.documentElement.classList.toggle(name, fit.value.has(name))
  }, [fit.value])
}

/** One button that opens four: lower, for the left hand, larger, stronger. */
export function FitButton({ fit }: { fit: Signal<Fit> }) {
  const open = useSignal(false)
  return (
    <>
      {open.value && (
        <fieldset class="fits">
          <legend class="unseen">{t('kiosk.fit')}</legend>
          {choices.map(([name, words]) => (
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
              {t(words)}
            </button>
          ))}
        </fieldset>
      )}
      <button
        type="button"
        class="turn"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value
        }}
      >
        <Accessibility class="icon" strokeWidth={1.8} aria-hidden="true" />
        <span>
          {t('kiosk.fit')}
          <small>{t('kiosk.fit-what')}</small>
        </span>
      </button>
    </>
  )
}
