import type { Signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../ui/messages.ts'
import { longestSuggestion } from '../ui/questionnaire.ts'
import { Keyboard } from './keyboard.tsx'
import './writing.css'

/** Words of one's own, by the keys on the screen or by real ones. */
export function Writing({ text }: { text: Signal<string> }) {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
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
      <Keyboard text={text} longest={longestSuggestion} />
    </div>
  )
}
