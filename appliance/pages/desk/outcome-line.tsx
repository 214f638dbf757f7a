import type { DeskView } from '../../screens/desk-view.ts'
import { now } from '../ui/clock.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import type { useCommands } from './command.ts'
import { useShortcuts } from './shortcuts.ts'

const words: Record<string, MessageKey> = {
  'queue.ticket-called': 'desk.did-call',
  'queue.ticket-recalled': 'desk.did-recall',
  'queue.serving-started': 'desk.did-start',
  'queue.ticket-completed': 'desk.did-complete',
  'queue.ticket-missed': 'desk.did-miss',
  'queue.ticket-skipped': 'desk.did-skip',
  'queue.ticket-parked': 'desk.did-park',
  'queue.ticket-transferred': 'desk.did-transfer',
  'queue.service-chained': 'desk.did-chain',
  'queue.ticket-closed': 'desk.did-close',
}

type Props = {
  view: DeskView
  commands: ReturnType<typeof useCommands>
  /** Nothing is taken back while the page is cut off or asks something else. */
  resting: boolean
}

/**
 * What came of the last thing, in a place of its own: with ten seconds to think again, instead of being asked before.
 * Done ones leave by themselves, refusals stay until they were read.
 */
export function OutcomeLine({ view, commands, resting }: Props) {
  const { undo, settings } = view
  const said = commands.said.value
  const left = undo ? Math.min(10, Math.ceil((undo.until - now.value) / 1_000)) : 0
  const word = undo && words[undo.step]
  const offered = undo && word && left > 0 && !resting ? undo : null
  const takeBack = () => {
    if (offered)
      void commands.run('/api/desk/undo', { ticket: offered.ticket }, t('desk.undone', { number: offered.number }))
  }
  useShortcuts(offered && !commands.busy ? { z: takeBack } : {})
  const told = said?.text ?? (offered && word ? t(word, { number: offered.number, n: settings.returnAfter }) : null)
  return (
    <div class="saying" aria-live="polite">
      {told !== null && (
        <p class={said?.kind === 'error' ? 'error' : ''}>
          <span>{told}</span>
          {offered && said?.kind !== 'error' && (
            <button type="button" class="undo" disabled={commands.busy} onClick={takeBack}>
              {t('desk.undo', { n: left })} <kbd>Z</kbd>
            </button>
          )}
          {said && !(offered && said.kind === 'done') && (
            <button
              type="button"
              onClick={() => {
                commands.said.value = null
              }}
            >
              {t('ui.close')}
            </button>
          )}
        </p>
      )}
    </div>
  )
}
