import { useSignal } from '@preact/signals'
import type { TicketView } from '../../queue/ticket-view.ts'
import type { DeskView, PriorityGroup } from '../../screens/desk-view.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { QrCode } from '../ui/qr-code.tsx'
import { Problem } from '../ui/staff/problem.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { useShortcuts } from './shortcuts.ts'

/** A clerk may take a number outside hours for somebody who stands there; it is said all the same. */
const stateWords: Partial<Record<DeskView['services'][number]['state'], MessageKey>> = {
  closed: 'desk.state-closed',
  'too-late': 'desk.state-too-late',
  full: 'desk.state-full',
  off: 'desk.state-off',
}

const groups = [
  ['elderly', 'desk.group-elderly'],
  ['pregnant-nursing', 'desk.group-pregnant-nursing'],
  ['disabled', 'desk.group-disabled'],
  ['child', 'desk.group-child'],
  ['disaster-victim', 'desk.group-disaster-victim'],
] as const satisfies readonly (readonly [PriorityGroup, MessageKey])[]

type Props = { services: DeskView['services']; cut: boolean; close: () => void }

/** A number for somebody who cannot use the kiosk: the service's letter is its key. */
export function TakeTicket({ services, cut, close }: Props) {
  const taken = useSignal<TicketView | null>(null)
  const group = useSignal<PriorityGroup | null>(null)
  const { submit, busy, problemOf } = useSubmit()

  const take = (service: string) =>
    submit(async (send) => {
      taken.value = await send<TicketView>('POST', '/api/desk/tickets', {
        service,
        ...(group.value ? { group: group.value } : {}),
      })
    })

  const open = services.filter((service) => service.open)
  const letters =
    taken.value || busy || cut ? [] : open.map((one) => [one.prefix.toLowerCase(), () => take(one.service)] as const)
  const toggle = (one: PriorityGroup) => {
    group.value = group.value === one ? null : one
  }
  const digits = taken.value ? [] : groups.map(([one], i) => [String(i + 1), () => toggle(one)] as const)
  useShortcuts({
    ...Object.fromEntries([...letters, ...digits]),
    Escape: close,
    ...(taken.value ? { Enter: close } : {}),
  })

  return (
    <section class="take">
      <header>
        <h2>{taken.value ? t('desk.taken-for', { service: taken.value.service }) : t('desk.take-what')}</h2>
        <button type="button" onClick={close}>
          {t('ui.close')} <kbd>Esc</kbd>
        </button>
      </header>
      <Problem sentence={problemOf(null)} />
      {taken.value ? (
        <div class="taken" aria-live="polite">
          <b class="num">{taken.value.number}</b>
          <p>{taken.value.ahead ? t('desk.taken-ahead', { n: taken.value.ahead }) : t('desk.taken-next')}</p>
          <QrCode text={taken.value.address} label={taken.value.address} />
        </div>
      ) : (
        <>
          <fieldset class="positions">
            <legend>{t('desk.take-priority')}</legend>
            {groups.map(([one, word], i) => (
              <button key={one} type="button" aria-pressed={group.value === one} onClick={() => toggle(one)}>
                <kbd>{i + 1}</kbd> {t(word)}
              </button>
            ))}
          </fieldset>
          <div class="take-what">
            {services.map((one) => (
              <button
                key={one.service}
                type="button"
                disabled={!one.open || busy || cut}
                onClick={() => take(one.service)}
              >
                <kbd>{one.prefix}</kbd>
                <span>
                  {one.name}
                  <StateWord state={one.state} />
                </span>
              </button>
            ))}
          </div>
        </>
      )}
    </section>
  )
}

function StateWord({ state }: { state: DeskView['services'][number]['state'] }) {
  const word = stateWords[state]
  return word ? <small class="quiet">{t(word)}</small> : null
}
