import type { Signal } from '@preact/signals'
import { Delete } from 'lucide-preact'
import { t } from '../ui/messages.ts'
import './keyboard.css'

/*
 * A kiosk has no keyboard, and a browser in kiosk mode shows none. Letters and what a sentence needs, no shift: the first
 * letter of a sentence is made large. Small enough to be ours; the libraries for it are larger than this whole page.
 */

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm,.?'] as const

/** Keys on the screen that write into `text`. */
export function Keyboard({ text, longest }: { text: Signal<string>; longest: number }) {
  function put(typed: string): void {
    const begins = /(^|[.?]\s+)$/.test(text.value)
    text.value = (text.value + (begins ? typed.toUpperCase() : typed)).slice(0, longest)
  }

  return (
    // The writing stays in the field, so that real keys go on typing there.
    <fieldset class="keyboard" onMouseDown={(event) => event.preventDefault()}>
      {rows.map((row) => (
        <div key={row}>
          {[...row].map((letter) => (
            <button key={letter} type="button" onClick={() => put(letter)}>
              {letter}
            </button>
          ))}
          {row === rows[1] && (
            <button
              type="button"
              aria-label={t('kiosk.key-delete')}
              onClick={() => {
                text.value = [...text.value].slice(0, -1).join('')
              }}
            >
              <Delete class="icon" strokeWidth={1.8} aria-hidden="true" />
            </button>
          )}
        </div>
      ))}
      <div>
        <button type="button" class="space" onClick={() => put(' ')}>
          {t('kiosk.key-space')}
        </button>
      </div>
    </fieldset>
  )
}
