import type { Signal } from '@preact/signals'
import { t } from '../ui/messages.ts'
import type { Said } from './command.ts'

/** What came of the last thing: done ones leave by themselves, refusals stay until they were read. */
export function OutcomeLine({ said }: { said: Signal<Said | null> }) {
  return (
    <div class="saying" aria-live="polite">
      {said.value && (
        <p class={said.value.kind}>
          {said.value.text}
          <button
            type="button"
            onClick={() => {
              said.value = null
            }}
          >
            {t('ui.close')}
          </button>
        </p>
      )}
    </div>
  )
}
