import 'messages:kiosk'
import '../ui/base.css'
import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import type { PriorityGroup } from '../../screens/desk-view.ts'
import type { KioskView } from '../../screens/kiosk-view.ts'
import { Paired } from '../ui/device.tsx'
import { useFreshPage } from '../ui/fresh-page.ts'
import { useLive } from '../ui/live.ts'
import { restoreLanguage, t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { within } from '../ui/within.ts'
import { Choose } from './choose.tsx'
import type { AsideName } from './dock.tsx'
import { Failed } from './failed.tsx'
import { asSetUp, type Fit, useFit } from './fit.tsx'
import { useTaking } from './taking.ts'
import { loadTicketCode } from './ticket-code.tsx'
import { TicketScreen } from './ticket-screen.tsx'
import './kiosk.css'

// The next visitor finds the kiosk as it was set up: language and layout are one visitor's choice.
const idleMs = 60_000
const asideMs = 8000

type AsideProps = {
  view: KioskView
  busy: boolean
  arrive: (code: string) => void
  collect: (code: string) => void
  take: (service: string) => void
  leave: () => void
}

/** What most visitors never open comes when the first one does. */
const asides = {
  code: () => import('./booking-code.tsx').then(({ BookingCode }) => BookingCode),
  letter: () => import('./pick-up.tsx').then(({ PickUp }) => PickUp),
  times: () => import('./quiet-hours.tsx').then(({ QuietHours, ready }) => ready.then(() => QuietHours)),
  rate: () => import('./rate.tsx').then(({ Rate, ready }) => ready.then(() => Rate)),
  search: () => import('./search.tsx').then(({ Search }) => Search),
} satisfies Record<AsideName, unknown>

function Kiosk({ doubt }: { doubt: () => void }) {
  const live = useLive<KioskView>('/live/kiosk', { refused: doubt })
  const fit = useSignal<Fit>(asSetUp)
  const group = useSignal<PriorityGroup | null>(null)
  const aside = useSignal<{ Aside: ComponentType<AsideProps> } | null>(null)
  const taking = useTaking(forget)
  useFit(fit)
  useIdle(idleMs, forget)
  useFreshPage(live.link)
  useNoMenu()
  useEffect(loadTicketCode, [])

  function forget() {
    fit.value = asSetUp
    group.value = null
    aside.value = null
    void restoreLanguage()
  }

  async function ask(what: AsideName) {
    try {
      aside.value = { Aside: await within<ComponentType<AsideProps>>(asideMs, asides[what]()) }
    } catch {
      // Cut off: the line says so, and the button is still there.
    }
  }

  const view = live.view.value
  if (!view) {
    return <main class="first">{live.link.value === 'cut' && <StateLine kind="cut">{t('ui.cut')}</StateLine>}</main>
  }
  const screen = taking.screen.value
  switch (screen.kind) {
    case 'ticket':
      return <TicketScreen ticket={screen.ticket} view={view} leave={taking.leave} />
    case 'failed':
      return <Failed sentence={screen.sentence} again={screen.again} leave={taking.leave} />
    case 'choose': {
      const busy = screen.taking !== null
      const take = (service: string) => taking.take(service, group.value)
      if (aside.value)
        return (
          <aside.value.Aside {...{ view, busy, take }} arrive={taking.arrive} collect={taking.collect} leave={forget} />
        )
      return (
        <Choose {...{ view, fit, group, ask }} cut={live.link.value === 'cut'} taking={screen.taking} take={take} />
      )
    }
  }
}

function useIdle(afterMs: number, forget: () => void) {
  useEffect(() => {
    let timer = setTimeout(forget, afterMs)
    const touched = () => {
      clearTimeout(timer)
      timer = setTimeout(forget, afterMs)
    }
    addEventListener('pointerdown', touched)
    addEventListener('keydown', touched)
    return () => {
      clearTimeout(timer)
      removeEventListener('pointerdown', touched)
      removeEventListener('keydown', touched)
    }
  }, [])
}

/** A long touch opens the browser's own menu, which leads out of the kiosk. */
function useNoMenu() {
  useEffect(() => {
    const refuse = (event: Event) => event.preventDefault()
    addEventListener('contextmenu', refuse)
    return () => removeEventListener('contextmenu', refuse)
  }, [])
}

mount(<Paired kind="kiosk">{(doubt) => <Kiosk doubt={doubt} />}</Paired>)
