import { useSignal } from '@preact/signals'
import type { VoidReason } from '../../screens/desk-view.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { NumberSearch } from './number-search.tsx'
import { Choices, type PanelProps } from './panels.tsx'

const reasons = ['left', 'wrong-service', 'double', 'test', 'other'] as const satisfies readonly VoidReason[]
const words = {
  left: 'desk.void-left',
  'wrong-service': 'desk.void-wrong-service',
  double: 'desk.void-double',
  test: 'desk.void-test',
  other: 'desk.void-other',
} as const satisfies Record<VoidReason, MessageKey>

/** A number out of the line for good: which one, and why. Ten seconds to take it back, as with every step. */
export function VoidPanel({ view, commands, close }: PanelProps) {
  const asked = useSignal<{ ticket: string; number: string } | null>(null)
  if (asked.value) {
    const { ticket, number } = asked.value
    const choices = reasons.map((why, i) => ({
      letter: String(i + 1),
      label: t(words[why]),
      choose: () => {
        close()
        void commands.run('/api/desk/void', { ticket, why }, t('desk.voided', { number }))
      },
    }))
    return <Choices title={t('desk.void-why', { number })} groups={[{ choices }]} close={close} />
  }
  return (
    <NumberSearch
      title={t('desk.void-which')}
      none={(number) => t('desk.call-none', { number })}
      tickets={[...view.waiting, ...view.aside]}
      choose={(one) => {
        asked.value = one
      }}
      close={close}
    />
  )
}
