import 'messages:desk'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { DeskView } from '../../screens/desk-view.ts'
import { useLive } from '../ui/live.ts'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { type Me, mayWatch, refreshSession, session } from '../ui/staff/session.ts'
import { Staff } from '../ui/staff/staff.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { ChooseCounter } from './choose-counter.tsx'
import { CounterRow } from './counter-row.tsx'
import { chosenCounter, sitsHere } from './seat.ts'
import { Work } from './work.tsx'
import './desk.css'

// A clerk who serves looks at papers, not at the page: it stays open for them.
const serving = signal(false)

function Desk({ me }: { me: Me }) {
  const known = session.value?.counters.some((one) => one.counter === chosenCounter.value)
  const path = known ? `/live/desk?counter=${chosenCounter.value}` : '/live/desk'
  const live = useLive<DeskView>(path, { refused: refreshSession, mayOpen: mayWatch })
  const view = live.view.value
  useEffect(() => {
    serving.value = view?.current?.state === 'serving'
  }, [view])

  const cut = live.link.value === 'cut'
  if (!view) return <main class="alone">{cut && <StateLine kind="cut">{t('ui.cut')}</StateLine>}</main>
  if (!sitsHere(view, me)) return <ChooseCounter view={view} me={me} cut={cut} />
  return <Work view={view} me={me} cut={cut} seenAt={live.seenAt.value} />
}

mount(
  <Staff beside={(person) => <CounterRow person={person} />} mayLock={() => !serving.value}>
    {(me) => <Desk me={me} />}
  </Staff>,
)
