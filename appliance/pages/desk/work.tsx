import { useSignal } from '@preact/signals'
import { Fragment } from 'preact'
import { useEffect } from 'preact/hooks'
import type { DeskView } from '../../screens/desk-view.ts'
import { formatTime } from '../ui/format.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { Account } from '../ui/staff/account.tsx'
import { AskClock, asksClock } from '../ui/staff/ask-clock.tsx'
import type { Me } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'
import { Actions } from './actions.tsx'
import { AskNumbers } from './ask-numbers.tsx'
import { useCommands } from './command.ts'
import { DeskFooter } from './footer.tsx'
import { AutoCall, MissHint } from './hints.tsx'
import { letterKeys, setLetterKeys } from './letter-keys.ts'
import { Line } from './line.tsx'
import { Messages } from './messages.tsx'
import { Note } from './note.tsx'
import { OutcomeLine } from './outcome-line.tsx'
import { CallPanel, ChainPanel, type Panel, ParkPanel, PausePanel, TransferPanel } from './panels.tsx'
import { ReprintPanel } from './reprint-panel.tsx'
import { Requirements } from './requirements.tsx'
import { ResidentsLink } from './residents-link.tsx'
import { scannedTicket, useScanner } from './scanner.ts'
import { wantsSeat } from './seat.ts'
import { TakeTicket } from './take-ticket.tsx'
import { TicketCard } from './ticket-card.tsx'
import { VoidPanel } from './void-panel.tsx'
import './panels.css'
import './work.css'

type Props = { view: DeskView; me: Me; cut: boolean; seenAt: number | null }

/** Who is before me, what do I do next, who waits. */
export function Work({ view, me, cut, seenAt }: Props) {
  const panel = useSignal<Panel | null>(null)
  /** The row that was pressed, for the panel that calls. */
  const asked = useSignal<string | null>(null)
  const close = () => {
    panel.value = null
    asked.value = null
  }
  // Whoever still sat here when they logged in has their seat; leaving it later must not take it again.
  useEffect(() => {
    wantsSeat.value = false
  }, [])
  const commands = useCommands(view)
  const { counter, current } = view
  useScanner((text) => {
    if (cut || panel.value !== null) return
    const ticket = scannedTicket(text)
    const waits = [...view.waiting, ...view.aside].find((one) => one.ticket === ticket)
    if (waits) {
      if (commands.busy) return
      asked.value = waits.ticket
      panel.value = 'call'
      return
    }
    const here = current !== null && current.ticket === ticket
    commands.said.value = here
      ? { text: t('desk.scan-here', { number: current.number }), kind: 'done' }
      : { text: t(ticket === null ? 'desk.scan-unknown' : 'desk.scan-not-waiting'), kind: 'error' }
  })
  if (!counter) return null
  const mayLeave = !cut && current === null
  return (
    <div class={`desk ${cut ? 'cut' : ''}`}>
      <header class="top wraps">
        <Mark />
        <b class="counter-name">{counter.name}</b>
        <Serves view={view} names={counter.services} />
        <div class="end rests">
          <button
            type="button"
            class={mayLeave && !view.paused ? 'button goes-on' : 'button'}
            disabled={!mayLeave || commands.busy || view.paused}
            onClick={() => {
              panel.value = 'pause'
            }}
          >
            {t('desk.pause')}
          </button>
          <button
            type="button"
            class={mayLeave ? 'button goes-on' : 'button'}
            disabled={!mayLeave || commands.busy}
            onClick={() => commands.run('/api/desk/leave', { counter: counter.counter })}
          >
            {t('desk.leave')}
          </button>
          <Account me={me}>
            <ResidentsLink me={me} />
            <button type="button" class="button" onClick={() => setLetterKeys(!letterKeys.value)}>
              {t(letterKeys.value ? 'desk.letters-off' : 'desk.letters-on')}
            </button>
          </Account>
        </div>
      </header>
      <main class="work">
        <div class="now">
          {cut && <StateLine kind="cut">{t('desk.cut', { time: formatTime(seenAt ?? view.office.now) })}</StateLine>}
          <Messages messages={view.messages} cut={cut} />
          {asksClock(view.office) && !cut && <AskClock />}
          {view.numbersHeld && !cut && hasDay(view) && <AskNumbers held={view.numbersHeld} />}
          <TicketCard view={view} />
          {panel.value === null && (
            <Actions
              view={view}
              counter={counter.counter}
              commands={commands}
              resting={cut || panel.value !== null}
              open={(chosen) => {
                panel.value = chosen
              }}
            >
              {current && (
                <Fragment key={current.ticket}>
                  <Requirements requires={current.requires} published={current.published} />
                  <Note ticket={current.ticket} number={current.number} note={current.note} />
                </Fragment>
              )}
            </Actions>
          )}
          {panel.value === 'take' && <TakeTicket services={view.services} cut={cut} close={close} />}
          {panel.value === 'pause' && <PausePanel {...{ view, commands, close }} counter={counter.counter} />}
          {panel.value === 'park' && <ParkPanel {...{ view, commands, close }} counter={counter.counter} />}
          {panel.value === 'transfer' && <TransferPanel {...{ view, commands, close }} counter={counter.counter} />}
          {panel.value === 'chain' && <ChainPanel {...{ view, commands, close }} counter={counter.counter} />}
          {panel.value === 'call' && (
            <CallPanel {...{ view, commands, close }} counter={counter.counter} chosen={asked.value} />
          )}
          {panel.value === 'void' && <VoidPanel {...{ view, commands, close }} counter={counter.counter} />}
          {panel.value === 'reprint' && (
            <ReprintPanel
              view={view}
              say={(text, kind) => {
                commands.said.value = { text, kind }
              }}
              close={close}
            />
          )}
          <MissHint view={view} />
          <AutoCall
            view={view}
            resting={cut || panel.value !== null || commands.busy}
            call={() => commands.run('/api/desk/next', { counter: counter.counter })}
          />
        </div>
        <OutcomeLine view={view} commands={commands} resting={cut || panel.value !== null} />
      </main>
      <Line
        view={view}
        commands={commands}
        resting={cut || panel.value !== null}
        call={(ticket) => {
          if (commands.busy) return
          asked.value = ticket
          panel.value = 'call'
        }}
      />
      <DeskFooter view={view} me={me} />
    </div>
  )
}

/** Numbers are confirmed for an office day: the clock is asked first. */
const hasDay = ({ day, office }: DeskView) => day !== null || office.clock !== 'doubtful'

/** What this counter serves, by the letters of the tickets; the names for who asks. */
function Serves({ view, names: services }: { view: DeskView; names: string[] }) {
  const served = view.services.filter(({ name }) => services.includes(name))
  const names = served.map(({ prefix, name }) => `${prefix} ${name}`).join(', ')
  return (
    <span class="quiet serves hide" title={names}>
      <span aria-hidden="true">{served.map(({ prefix }) => prefix).join(' ')}</span>
      <span class="unseen">{names}</span>
    </span>
  )
}
