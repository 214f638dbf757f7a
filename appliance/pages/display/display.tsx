import 'messages:display'
import '../ui/base.css'
import '../ui/tokens-dark.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { DisplayView } from '../../screens/display-view.ts'
import { Paired } from '../ui/device.tsx'
import { formatTime } from '../ui/format.ts'
import { useFreshPage } from '../ui/fresh-page.ts'
import { useLive } from '../ui/live.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { OfficeDay, OfficeTime } from '../ui/office-time.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { hearCalls, passTime, silent } from './announce.ts'
import { Counters, columnRows } from './counters.tsx'
import { Panel } from './panel.tsx'
import { Voice } from './voice.tsx'
import { Waiting } from './waiting.tsx'
import './display.css'

function Display({ doubt, device }: { doubt: () => void; device: string }) {
  const live = useLive<DisplayView>('/live/display', { refused: doubt, evenHidden: true })
  const announcing = useSignal(silent)
  const view = live.view.value
  useFreshPage(live.link)

  useEffect(() => {
    if (view) announcing.value = hearCalls(announcing.peek(), view.calls, performance.now())
  }, [view])
  useEffect(() => {
    const timer = setInterval(() => {
      announcing.value = passTime(announcing.peek(), performance.now())
    }, 200)
    return () => clearInterval(timer)
  }, [])

  const cut = live.link.value === 'cut'
  if (!view) return <main class="first">{cut && <StateLine kind="cut">{t('ui.cut')}</StateLine>}</main>
  const called = announcing.value.current
  const waits = view.services.some(({ waiting }) => waiting > 0)
  const closed = view.opensAt !== null && !waits && !called
  return (
    <div class="display">
      <header>
        <Mark />
        <div>
          <b>{view.office.name}</b>
          <small>
            <OfficeDay />
          </small>
        </div>
        {cut && (
          <StateLine kind="cut">
            {t('display.cut', { time: formatTime(live.seenAt.value ?? view.office.now) })}
          </StateLine>
        )}
        <OfficeTime />
      </header>
      <main class={`${cut ? 'dimmed' : ''} ${layoutOf(closed ? 0 : view.counters.length)}`}>
        <Panel
          call={called ?? view.calls[0] ?? null}
          now={called !== null}
          opensAt={closed ? view.opensAt : null}
          serves={view.services.length > 0}
        />
        {!closed && <Counters view={view} called={called} />}
      </main>
      <Waiting services={closed ? [] : view.services} notice={view.notice} />
      <Voice view={view} device={device} />
    </div>
  )
}

/** Up to six counters stand in a column, more in two, which take half of the large number's room. */
function layoutOf(counters: number): string {
  if (counters === 0) return 'alone'
  return counters > columnRows ? 'half' : ''
}

mount(<Paired kind="display">{(doubt, device) => <Display doubt={doubt} device={device} />}</Paired>)
