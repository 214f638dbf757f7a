import type { DeskView } from '../../screens/desk-view.ts'
import { explain } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { NumberSearch } from './number-search.tsx'

type Props = { view: DeskView; say: (text: string, kind: 'done' | 'error') => void; close: () => void }
type Printed = { printed: 'printed' | 'waiting' | 'failed' }

/** A paper once more, for whoever lost it: the number as the citizen says it. */
export function ReprintPanel({ view, say, close }: Props) {
  const { submit, busy } = useSubmit()
  const open = [...(view.current ? [view.current] : []), ...view.waiting, ...view.aside]

  async function print({ ticket, number }: { ticket: string; number: string }) {
    close()
    await submit(async (send) => {
      try {
        const { printed } = await send<Printed>('POST', `/api/tickets/${ticket}/print`)
        say(t(`desk.reprint-${printed}`, { number }), printed === 'failed' ? 'error' : 'done')
      } catch (error) {
        say(explain(error), 'error')
      }
    })
  }

  return (
    <NumberSearch
      title={t('desk.reprint-which')}
      none={(number) => t('desk.reprint-none', { number })}
      tickets={open}
      busy={busy}
      choose={print}
      close={close}
    />
  )
}
