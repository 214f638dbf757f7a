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

/** Ten seconds to think again, instead of being asked before. */
export function UndoBar({
  view,
  commands,
  resting,
}: {
  view: DeskView
  commands: ReturnType<typeof useCommands>
  resting: boolean
}) {
  const { undo, settings } = view
  const left = undo ? Math.min(10, Math.ceil((undo.until - now.value) / 1_000)) : 0
  const word = undo && words[undo.step]
  const offered = undo !== null && word !== undefined && left > 0
  const takeBack = () => {
    if (undo) void commands.run('/api/desk/undo', { ticket: undo.ticket }, t('desk.undone', { number: undo.number }))
  }
  useShortcuts(offered && !resting && !commands.busy ? { z: takeBack } : {})
  if (!undo || !word || !offered) return null
  return (
    <p class="undo" aria-live="polite">
      {t(word, { number: undo.number, n: settings.returnAfter })}
      <button type="button" disabled={resting || commands.busy} onClick={takeBack}>
        {t('desk.undo', { n: left })} <kbd>Z</kbd>
      </button>
    </p>
  )
}
