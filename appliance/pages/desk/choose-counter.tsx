import { useEffect } from 'preact/hooks'
import type { DeskView } from '../../screens/desk-view.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { Account } from '../ui/staff/account.tsx'
import { AskClock, asksClock } from '../ui/staff/ask-clock.tsx'
import type { Me } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'
import { DeskFooter } from './footer.tsx'
import { Messages } from './messages.tsx'
import { ResidentsLink } from './residents-link.tsx'
import { chooseCounter, chosenCounter, wantsSeat } from './seat.ts'

/** Logged in, and at no counter yet (or no longer). */
export function ChooseCounter({ view, me, cut }: { view: DeskView; me: Me; cut: boolean }) {
  const { submit, busy, problemOf } = useSubmit()

  async function sit(counter: string) {
    if (await submit((send) => send('POST', '/api/desk/sit', { counter }))) chooseCounter(counter)
  }
  useEffect(() => {
    const own = view.counters.find((one) => one.account === me.name)?.counter
    if (own) chooseCounter(own)
    // The only counter is chosen by itself, but nobody is sent away by it.
    else if (wantsSeat.value && chosenCounter.value && !(view.counters.length === 1 && view.counters[0]?.account))
      void sit(chosenCounter.value)
    wantsSeat.value = false
  }, [])

  return (
    <div class="seat">
      <header class="top">
        <Mark />
        <b>{view.office.name}</b>
        <div class="end">
          <Account me={me}>
            <ResidentsLink me={me} />
          </Account>
        </div>
      </header>
      <main>
        <Messages messages={view.messages} cut={cut} />
        {asksClock(view.office) && !cut && <AskClock />}
        <h1>{t('desk.which-counter')}</h1>
        {cut && <StateLine kind="cut">{t('ui.cut')}</StateLine>}
        {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
        {view.counters.length === 0 && <p class="quiet">{t('desk.no-counters')}</p>}
        <div class="seats">
          {view.counters.map((one) => (
            <button key={one.counter} type="button" disabled={busy || cut} onClick={() => sit(one.counter)}>
              <b>{one.name}</b>
              <span class="quiet">{one.account ?? t('desk.counter-free')}</span>
            </button>
          ))}
        </div>
      </main>
      <DeskFooter view={view} me={me} />
    </div>
  )
}
