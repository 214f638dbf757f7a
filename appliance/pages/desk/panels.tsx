import { useSignal } from '@preact/signals'
import { type ComponentChildren, Fragment } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { minuteMs } from '../../base/time.ts'
import type { ChosenReason, DeskView } from '../../screens/desk-view.ts'
import { formatTime } from '../ui/format.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import type { useCommands } from './command.ts'
import { NumberSearch } from './number-search.tsx'
import { useShortcuts } from './shortcuts.ts'

export type Panel = 'pause' | 'take' | 'transfer' | 'park' | 'chain' | 'call' | 'void' | 'reprint'

export type PanelProps = {
  view: DeskView
  counter: string
  commands: ReturnType<typeof useCommands>
  close: () => void
}
type Choice = { letter: string; label: ComponentChildren; choose: () => void; disabled?: boolean }

/** A question within the page: each answer has its key, Esc leaves. */
export function Choices({
  title,
  groups,
  keys = {},
  close,
  children,
}: {
  title: string
  groups: { heading?: string; choices: Choice[] }[]
  /** More keys of this question. */
  keys?: Record<string, () => void>
  close: () => void
  children?: ComponentChildren
}) {
  const letters = groups.flatMap(({ choices }) =>
    choices.filter((one) => !one.disabled).map((one) => [one.letter.toLowerCase(), one.choose] as const),
  )
  useShortcuts({ ...Object.fromEntries(letters), ...keys, Escape: close })
  const id = useId()
  const panel = useRef<HTMLElement>(null)
  // Whoever hears the page is led to the question; keys work from wherever the focus is.
  useEffect(() => panel.current?.focus({ preventScroll: true }), [])
  return (
    <section class="take" ref={panel} tabIndex={-1} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" onClick={close}>
          {t('ui.close')} <kbd>Esc</kbd>
        </button>
      </header>
      {children}
      {groups.map(({ heading, choices }) => (
        <Fragment key={heading}>
          {heading && <h3>{heading}</h3>}
          <div class="take-what">
            {choices.map(({ letter, label, choose, disabled }) => (
              <button key={letter} type="button" disabled={disabled} onClick={choose}>
                <kbd>{letter}</kbd>
                {label}
              </button>
            ))}
          </div>
        </Fragment>
      ))}
    </section>
  )
}

const breakMinutes = [10, 15, 30, 60]

/** Until when: the display says it to whoever waits. */
export function PausePanel({ view: { office }, counter, commands, close }: PanelProps) {
  const pause = (until: number | null) => {
    close()
    void commands.run('/api/desk/pause', { counter, until })
  }
  const spans = breakMinutes.map((minutes, i) => {
    const until = office.now + minutes * minuteMs
    return {
      letter: String(i + 1),
      label: t('desk.pause-for', { n: minutes, time: formatTime(until) }),
      choose: () => pause(until),
    }
  })
  const open = { letter: String(breakMinutes.length + 1), label: t('desk.pause-open'), choose: () => pause(null) }
  return <Choices title={t('desk.pause-how-long')} groups={[{ choices: [...spans, open] }]} close={close} />
}

const reasons = ['fetch-papers', 'copying', 'awaiting-official', 'other'] as const
const reasonWords = {
  'fetch-papers': 'desk.park-fetch-papers',
  copying: 'desk.park-copying',
  'awaiting-official': 'desk.park-awaiting-official',
  other: 'desk.park-other',
} as const satisfies Record<(typeof reasons)[number], MessageKey>

/** Why the ticket stands aside. */
export function ParkPanel({ view: { current }, commands, close }: PanelProps) {
  const park = (reason: (typeof reasons)[number]) => {
    close()
    void commands.run('/api/desk/park', { ticket: current?.ticket, reason })
  }
  const choices = reasons.map((reason, i) => ({
    letter: String(i + 1),
    label: t(reasonWords[reason]),
    choose: () => park(reason),
  }))
  return <Choices title={t('desk.park-why', { number: current?.number ?? '' })} groups={[{ choices }]} close={close} />
}

const positions = ['front', 'age', 'end'] as const
const positionWords = { front: 'desk.to-front', age: 'desk.to-age', end: 'desk.to-end' } as const satisfies Record<
  (typeof positions)[number],
  MessageKey
>

/** To which line, or to which counter, and where in it. */
export function TransferPanel({ view, counter, commands, close }: PanelProps) {
  const position = useSignal<(typeof positions)[number]>('age')
  const { current } = view
  if (!current) return null
  const transfer = (service: string, to: string | null) => {
    close()
    const body = { ticket: current.ticket, service, counter: to, position: position.value }
    void commands.run('/api/desk/transfer', body)
  }
  const services = view.services.map((one) => ({
    letter: one.prefix,
    label: one.name,
    disabled: one.service === current.serviceId,
    choose: () => transfer(one.service, null),
  }))
  const counters = view.counters.map((one, i) => ({
    letter: String(i + 1),
    label: one.name,
    disabled: one.counter === counter,
    choose: () => transfer(current.serviceId, one.counter),
  }))
  const step = (by: number) => {
    const at = positions.indexOf(position.value) + by
    position.value = positions[Math.max(0, Math.min(positions.length - 1, at))] ?? position.value
  }
  return (
    <Choices
      title={t('desk.transfer-what', { number: current.number })}
      groups={[
        { heading: t('desk.to-service'), choices: services },
        { heading: t('desk.to-counter'), choices: counters },
      ]}
      keys={{ ArrowLeft: () => step(-1), ArrowRight: () => step(1) }}
      close={close}
    >
      <fieldset class="positions">
        <legend>
          {t('desk.to-where')} <kbd>←</kbd> <kbd>→</kbd>
        </legend>
        {positions.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={position.value === one}
            onClick={() => {
              position.value = one
            }}
          >
            {t(positionWords[one])}
          </button>
        ))}
      </fieldset>
    </Choices>
  )
}

/** Which service follows in the same visit. */
export function ChainPanel({ view: { current, services }, commands, close }: PanelProps) {
  if (!current) return null
  const chain = (service: string, name: string) => {
    close()
    void commands.run(
      '/api/desk/chain',
      { ticket: current.ticket, service },
      t('desk.chained', { number: current.number, service: name }),
    )
  }
  const choices = services.map((one) => ({
    letter: one.prefix,
    label: one.name,
    disabled: one.service === current.serviceId,
    choose: () => chain(one.service, one.name),
  }))
  return <Choices title={t('desk.chain-what', { number: current.number })} groups={[{ choices }]} close={close} />
}

const callReasons = [
  'came-back',
  'urgent',
  'short-matter',
  'wrong-line',
  'other',
] as const satisfies readonly ChosenReason[]
const callReasonWords = {
  'came-back': 'desk.call-came-back',
  urgent: 'desk.call-urgent',
  'short-matter': 'desk.call-short-matter',
  'wrong-line': 'desk.call-wrong-line',
  other: 'desk.call-other',
} as const satisfies Record<ChosenReason, MessageKey>

/**
 * A number out of turn: typed as the citizen says it, or `chosen` by its row; then why, unless it was missed or parked and
 * is simply back.
 */
export function CallPanel({ view, counter, commands, close, chosen }: PanelProps & { chosen: string | null }) {
  const tickets = [...view.waiting, ...view.aside]
  const asked = useSignal(tickets.find(({ ticket }) => ticket === chosen) ?? null)
  const call = (ticket: string, reason: ChosenReason) => {
    close()
    void commands.run('/api/desk/call', { counter, ticket, reason })
  }
  const choose = (one: (typeof tickets)[number]) => {
    if (one.state === 'waiting') asked.value = one
    else call(one.ticket, 'came-back')
  }
  if (asked.value) {
    const { ticket, number } = asked.value
    const choices = callReasons.map((reason, i) => ({
      letter: String(i + 1),
      label: t(callReasonWords[reason]),
      choose: () => call(ticket, reason),
    }))
    return <Choices title={t('desk.call-why', { number })} groups={[{ choices }]} close={close} />
  }
  return (
    <NumberSearch
      title={t('desk.call-which')}
      none={(number) => t('desk.call-none', { number })}
      tickets={tickets}
      choose={choose}
      close={close}
    />
  )
}
