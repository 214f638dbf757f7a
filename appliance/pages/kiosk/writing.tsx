import type { Signal } from '@preact/signals'
import { Delete } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../ui/messages.ts'
import { longestSuggestion } from '../ui/questionnaire.ts'
import './writing.css'

/*
 * A kiosk has no keyboard, and a browser in kiosk mode shows none. Letters and what a sentence needs, no shift: the first
 * letter of a sentence is made large. Small enough to be ours; the libraries for it are larger than this whole page.
 */

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm,.?'] as const

/** Words of one's own, by the keys on the screen or by real ones. */
export function Writing({ text }: { text: Signal<string> }) {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])

  function put(typed: string): void {
    const begins = /(^|[.?]\s+)$/.test(text.value)
    text.value = (text.value + (begins ? typed.toUpperCase() : typed)).slice(0, longestSuggestion)
  }

  return (
    <div class="writing-pad">
      <textarea
        ref={field}
        aria-label={t('survey.ask-suggestion')}
        inputMode="none"
        maxLength={longestSuggestion}
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value
        }}
      />
      {/* The writing stays in the field, so that real keys go on typing there. */}
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
                class="wide"
                aria-label={t('survey.key-delete')}
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
            {t('survey.key-space')}
          </button>
        </div>
      </fieldset>
    </div>
  )
}
